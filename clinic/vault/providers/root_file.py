"""The root key in a file of its own: for one user's eyes, outside the data, copied to paper once.

The file holds one line, `sakina-root-1:<64 hex digits>:<8 hex digits of their SHA-256>`, so that a copy
typed in from paper is checked before it is used.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from collections.abc import Sequence
from pathlib import Path

from clinic.crypto import aead
from clinic.crypto.wrap import unwrap, wrap
from clinic.errors import ConfigurationError

_FORMAT = "sakina-root-1"


class RootFile:
    """Fulfils `KeyProvider` with a root key read from a file."""

    name = "file"

    def __init__(self, path: Path) -> None:
        """Read the root key; raises ConfigurationError if others may read it or it is damaged."""
        self._root = _parse(_read_private(path), path)

    def wrap(self, key: bytes, context: Sequence[bytes]) -> bytes:
        """Return `key` sealed under the root key for `context`."""
        return wrap(self._root, key, [b"kek", *context])

    def unwrap(self, wrapped: bytes, context: Sequence[bytes]) -> bytes:
        """Return the key inside `wrapped`; raises Unopenable under another root key or context."""
        return unwrap(self._root, wrapped, [b"kek", *context])


def create_root_file(path: Path) -> None:
    """Write a fresh root key for its owner's eyes only; raises FileExistsError rather than replace one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(aead.KEY_BYTES).hex()
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{_FORMAT}:{key}:{_checksum(key)}\n")
        file.flush()
        os.fsync(file.fileno())


def _read_private(path: Path) -> str:
    """Return the file's text; raises ConfigurationError if it is missing or open to others."""
    try:
        with path.open(encoding="ascii") as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_IMODE(mode) & 0o077:
                raise ConfigurationError(f"the root key {path} is readable by others: chmod 400 it")
            return file.read(256)
    except FileNotFoundError:
        raise ConfigurationError(f"there is no root key at {path}: run `clinic keys init`") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the root key {path} cannot be read: {type(error).__name__}") from None


def _parse(text: str, path: Path) -> bytes:
    """Return the key in `text`; the message never repeats any of it."""
    parts = text.strip().split(":")
    if len(parts) != 3 or parts[0] != _FORMAT or _checksum(parts[1]) != parts[2]:
        raise ConfigurationError(f"the root key {path} is damaged: its checksum does not match")
    key = bytes.fromhex(parts[1])
    if len(key) != aead.KEY_BYTES:
        raise ConfigurationError(f"the root key {path} is damaged: it has {len(key)} bytes instead of 32")
    return key


def _checksum(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:8]
