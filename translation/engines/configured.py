"""From one entry of the setting to an engine: "google", "libretranslate+http://127.0.0.1:5000"."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from translation.engines import Engine
from translation.engines.libretranslate import LibreTranslate

NAMES = ("libretranslate", "outside-libretranslate", "google", "mymemory", "deepl")


def engine_from(entry: str, keys: Mapping[str, str]) -> Engine:
    """Make the engine that an entry `NAME` or `NAME+ADDRESS` asks for.

    A LibreTranslate belongs to the house, whatever its address; one that somebody else runs is
    written `outside-libretranslate`. In: the entry; keys by engine name. Raises ValueError, in
    words for whoever configures, without quoting what might be a secret.
    """
    name, plus, address = entry.strip().partition("+")
    if name not in NAMES:
        known = ", ".join(NAMES)
        raise ValueError(f"{name.split(':')[0]!r} is no known translator; known are {known}")
    if plus:
        _check_address(name, address)
    if not name.endswith("libretranslate"):
        return _borrowed(name, address, keys.get(name))
    if not address:
        raise ValueError(f"{name} needs an address, such as {name}+http://127.0.0.1:5000")
    return LibreTranslate(address, keys.get(name), outside=name.startswith("outside-"), name=name)


def _borrowed(name: str, address: str, key: str | None) -> Engine:
    # Its libraries take as long to load as the web framework: only where such an engine is named.
    from translation.engines import borrowed  # noqa: PLC0415

    if name == "google":
        return borrowed.google(address or borrowed.GOOGLE_URL)
    if name == "mymemory":
        return borrowed.mymemory(address or borrowed.MYMEMORY_URL)
    if not key:
        raise ValueError("deepl needs the key of an account")
    return borrowed.deepl(key, address or None)


def _check_address(name: str, address: str) -> None:
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise ValueError(
            f"the address of {name} must look like https://host or http://127.0.0.1:5000"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(f"the address of {name} may hold no password, query or fragment")
    if parts.scheme == "http" and not _is_near(host):
        raise ValueError(f"the address of {name} must be https: letters would travel in the open")


def _is_near(host: str) -> bool:
    """Whether a host is this machine, in a private network, or a bare name as containers have."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host
