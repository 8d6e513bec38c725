"""Field encryption and keyed hashes.

AES-256-GCM, one random nonce a value; the place (table, column, row) is authenticated with it,
so a ciphertext moved elsewhere opens as an alarm, never as text (row 20). Keyed hashes have
secrets of their own, which rotation leaves alone. The key file is JSON, mode 0600:
`{"data": {"<8 hex>": "<base64>"}, "active": "<8 hex>", "lookup": "…", "receipt": "…"}`.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import LifelineError, Refusal

_ID, _NONCE = 4, 12
UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that cannot be taken for one another when copied by hand."""
RECEIPT_LENGTH = 25  # 30^25 > 2^122


class Broken(LifelineError):
    """A ciphertext does not open at its place: wrong key, changed, or moved from elsewhere."""


@dataclass(frozen=True)
class Keyring:
    data: dict[str, bytes]
    active: str
    lookup: bytes
    receipt: bytes

    def seal(self, text: str | bytes, place: str) -> bytes:
        """Encrypt for `place` ("table.column.row")."""
        plain = text.encode() if isinstance(text, str) else text
        nonce = secrets.token_bytes(_NONCE)
        box = AESGCM(self.data[self.active])
        return bytes.fromhex(self.active) + nonce + box.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Decrypt what was sealed for `place`. Raises `Broken`."""
        key = self.data.get(sealed[:_ID].hex())
        if key is None:
            raise Broken(f"No key for {place}")
        try:
            nonce, box = sealed[_ID : _ID + _NONCE], sealed[_ID + _NONCE :]
            return AESGCM(key).decrypt(nonce, box, place.encode())
        except InvalidTag:
            raise Broken(f"What is stored at {place} does not belong there") from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the active key sealed it."""
        return sealed[:_ID].hex() == self.active

    def hashed(self, purpose: str, value: str) -> str:
        """Keyed hash for exact look-ups (64 hex digits); equal values in two purposes differ."""
        return hmac.new(self.lookup, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()

    def receipt_code(self, submission_key: str) -> str:
        """The writer's secret of a submission: the same key gives the same code (25 signs)."""
        number = int.from_bytes(hmac.digest(self.receipt, submission_key.encode(), "sha256"), "big")
        signs = []
        for _ in range(RECEIPT_LENGTH):
            number, sign = divmod(number, len(UNAMBIGUOUS))
            signs.append(UNAMBIGUOUS[sign])
        return "".join(signs)

    def rotated(self) -> "Keyring":
        """The same ring with a new active data key; the old ones still open."""
        key = secrets.token_bytes(32)
        return replace(self, data={**self.data, _name(key): key}, active=_name(key))

    def without_old_keys(self) -> "Keyring":
        return replace(self, data={self.active: self.data[self.active]})


def grouped_code(code: str) -> str:
    """A receipt code as people copy it: five groups of five."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def typed_code(text: str) -> str:
    """What somebody typed or pasted as a receipt code, as the code (may still be wrong)."""
    return "".join(sign for sign in text.upper() if sign in UNAMBIGUOUS)


def new_keyring() -> Keyring:
    key = secrets.token_bytes(32)
    return Keyring({_name(key): key}, _name(key), secrets.token_bytes(32), secrets.token_bytes(32))


def _name(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[: 2 * _ID]


def read_keyring(path: Path) -> Keyring:
    """Read the key file. Raises `Refusal` when it is missing, unreadable or open to others."""
    try:
        if path.stat().st_mode & 0o077:
            raise Refusal(f"Others can read the key file {path}. Run: chmod 600 {path}")
        document = json.loads(path.read_text())
        ring = Keyring(
            {name: base64.b64decode(key) for name, key in document["data"].items()},
            document["active"],
            base64.b64decode(document["lookup"]),
            base64.b64decode(document["receipt"]),
        )
    except FileNotFoundError:
        raise Refusal(f"There is no key file {path}. Make one with: lifeline keys new") from None
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise Refusal(f"The key file {path} cannot be read ({type(error).__name__}).") from None
    if ring.active not in ring.data or any(name != _name(key) for name, key in ring.data.items()):
        raise Refusal(f"The key file {path} is damaged.")
    return ring


def write_keyring(path: Path, ring: Keyring) -> None:
    """Write the key file durably with mode 0600; an interrupted write leaves the old one whole."""
    document = {
        "data": {name: base64.b64encode(key).decode() for name, key in ring.data.items()},
        "active": ring.active,
        "lookup": base64.b64encode(ring.lookup).decode(),
        "receipt": base64.b64encode(ring.receipt).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(document, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Which files are in a folder, and under which names, is on disk when this returns."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


_current: list[Keyring] = []
_followed: list[tuple[Path, tuple[int, int]]] = []


def use(ring: Keyring) -> None:
    """Make `ring` the keyring of this process."""
    _current[:] = [ring]
    _followed.clear()


def follow(path: Path) -> None:
    """Make the key file the keyring of this process, and read it anew whenever it was rotated.

    Raises `Refusal` as `read_keyring` does.
    """
    stamp = _stamp(path)
    use(read_keyring(path))
    _followed[:] = [(path, stamp)]


def keyring() -> Keyring:
    """The keyring of this process. Raises `Refusal` before `use` or `follow` was called."""
    if not _current:
        raise Refusal("No key file was read.")
    for path, stamp in tuple(_followed):
        # A file that is gone or damaged now is no reason to forget keys that were right.
        with contextlib.suppress(Refusal):
            if _stamp(path) != stamp:
                follow(path)
    return _current[0]


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns


def sealed(column: str) -> property:
    """A text attribute of a table that is kept encrypted in `column` (bytes or NULL).

    The row needs its `id` before the attribute is set: the ciphertext is bound to it.
    """

    def opened(row: object) -> str | None:
        value = getattr(row, column)
        return None if value is None else keyring().open(value, _place(row, column)).decode()

    def close(row: object, text: str | None) -> None:
        setattr(row, column, None if text is None else keyring().seal(text, _place(row, column)))

    return property(opened, close)


def _place(row: object, column: str) -> str:
    return place(str(type(row).__tablename__), column, str(row.id))  # type: ignore[attr-defined]


def place(table: str, column: str, row_id: str) -> str:
    """Where a ciphertext belongs."""
    return f"{table}.{column}.{row_id}"
