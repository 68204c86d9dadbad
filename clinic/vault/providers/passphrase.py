"""The root key from a passphrase: Argon2id over what stands in a file such as a systemd credential.

Each wrapped key carries its own salt and cost, so nothing else has to be kept and the cost can grow.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from pathlib import Path

from clinic.crypto.errors import Unopenable
from clinic.crypto.kdf import Cost, argon2id
from clinic.crypto.wrap import WRAPPED_BYTES, unwrap, wrap
from clinic.errors import ConfigurationError

SHORTEST = 20
_SALT = 16
_COST = 4 + 4 + 1
# Refuse a row that asks for more memory than any of ours ever did.
_MOST_MEMORY_KIB = 4 * 1024 * 1024


class Passphrase:
    """Fulfils `KeyProvider` with a root key derived from a passphrase."""

    name = "passphrase"

    def __init__(self, passphrase: bytes, *, cost: Cost | None = None) -> None:
        """Keep `passphrase`; raises ConfigurationError for one that could be guessed."""
        if len(passphrase) < SHORTEST:
            raise ConfigurationError(f"the root passphrase has fewer than {SHORTEST} bytes")
        self._passphrase = passphrase
        self._cost = cost or Cost()
        self._derived: dict[bytes, bytes] = {}
        self._lock = threading.Lock()  # two threads at once would take twice the memory

    @classmethod
    def from_file(cls, path: Path) -> Passphrase:
        """Read the passphrase; raises ConfigurationError if the file cannot be read."""
        try:
            return cls(path.read_bytes().strip())
        except OSError as error:
            raise ConfigurationError(
                f"the passphrase {path} cannot be read: {type(error).__name__}"
            ) from None

    def wrap(self, key: bytes, context: Sequence[bytes]) -> bytes:
        """Return cost, salt, and `key` sealed under what the passphrase yields with them."""
        head = _encode(self._cost) + secrets.token_bytes(_SALT)
        return head + wrap(self._root(head), key, [b"kek", head, *context])

    def unwrap(self, wrapped: bytes, context: Sequence[bytes]) -> bytes:
        """Return the key inside `wrapped`; raises Unopenable under another passphrase or context."""
        if len(wrapped) != _COST + _SALT + WRAPPED_BYTES:
            raise Unopenable
        head = wrapped[: _COST + _SALT]
        return unwrap(self._root(head), wrapped[_COST + _SALT :], [b"kek", head, *context])

    def _root(self, head: bytes) -> bytes:
        """Derive the root key for this cost and salt, once a process."""
        with self._lock:
            if head not in self._derived:
                cost = _decode(head[:_COST])
                self._derived[head] = argon2id(self._passphrase, salt=head[_COST:], cost=cost)
            return self._derived[head]


def _encode(cost: Cost) -> bytes:
    return cost.memory_kib.to_bytes(4, "big") + cost.passes.to_bytes(4, "big") + bytes([cost.lanes])


def _decode(encoded: bytes) -> Cost:
    """Return the cost; raises Unopenable for one that we never wrote."""
    memory_kib = int.from_bytes(encoded[:4], "big")
    passes, lanes = int.from_bytes(encoded[4:8], "big"), encoded[8]
    if not (lanes and passes and 8 * lanes <= memory_kib <= _MOST_MEMORY_KIB and passes <= 64):
        raise Unopenable
    return Cost(memory_kib=memory_kib, passes=passes, lanes=lanes)
