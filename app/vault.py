"""Sealed files: scans, rendered letters, batch PDFs. Too large for rows, never readable on disk.

A file is written, synced and in place before the row that names it is committed; a crash in
between leaves an orphan file, which `orphans` reports, never a row without its file.
"""

import contextlib
import os
import secrets
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from app.errors import NotFound, Unavailable
from app.sealing import keyring, sync_folder


@dataclass(frozen=True)
class Vault:
    """A folder of sealed files named by random ids."""

    folder: Path
    _made: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def put(self, content: bytes) -> str:
        """Keep `content`; returns its id (32 hex digits). Raises `Unavailable` on a full disk."""
        file_id = secrets.token_hex(16)
        path = self._path(file_id)
        try:
            self._make(path.parent)
            self._write(path, keyring().seal(content, f"vault.{file_id}"))
        except OSError as error:
            path.with_suffix(".part").unlink(missing_ok=True)
            raise Unavailable("The disk cannot take this file right now.") from error
        return file_id

    def get(self, file_id: str) -> bytes:
        """The content. Raises `NotFound`, or `Broken` if it was changed or moved."""
        try:
            return keyring().open(self._path(file_id).read_bytes(), f"vault.{file_id}")
        except FileNotFoundError:
            raise NotFound("This file is gone.") from None

    def remove(self, file_id: str) -> None:
        """Erase; nothing happens when it is gone already."""
        self._path(file_id).unlink(missing_ok=True)

    def reseal(self, file_id: str) -> bool:
        """Encrypt again under the active key, unless it is already; returns whether it had to be.

        Raises `NotFound` when it was erased meanwhile.
        """
        content = self.get(file_id)
        path = self._path(file_id)
        if keyring().is_current(path.read_bytes()):
            return False
        self._write(path, keyring().seal(content, f"vault.{file_id}"))
        return True

    def ids(self) -> Iterator[str]:
        """Every file that is here."""
        return (path.name for path in self.folder.glob("??/*") if path.suffix == "")

    def has(self, file_id: str) -> bool:
        return self._path(file_id).exists()

    def ids_older_than(self, age: timedelta) -> Iterator[str]:
        """Files that were written so long ago that their rows must have been committed."""
        before = time.time() - age.total_seconds()
        return (file_id for file_id in self.ids() if self._written_at(file_id) < before)

    def remove_drafts(self, age: timedelta) -> None:
        """Remove what a crash left half written, so long ago that nobody is at it still."""
        before = time.time() - age.total_seconds()
        for path in self.folder.glob("??/*.part"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def orphans(self, named: Iterable[str]) -> tuple[set[str], set[str]]:
        """(files no row names, named ids without a file)."""
        here, wanted = set(self.ids()), set(named)
        return here - wanted, wanted - here

    def _written_at(self, file_id: str) -> float:
        try:
            return self._path(file_id).stat().st_mtime
        except FileNotFoundError:  # erased since the folder was read
            return time.time()

    def _path(self, file_id: str) -> Path:
        if len(file_id) != 32 or not file_id.isalnum():
            raise NotFound("There is no such file.")
        return self.folder / file_id[:2] / file_id

    def _make(self, shard: Path) -> None:
        """The folder of a file, durably: each once in a process, whoever made it."""
        if shard.name not in self._made:
            shard.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder)
            sync_folder(self.folder.parent)
            self._made.add(shard.name)

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        draft = path.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
