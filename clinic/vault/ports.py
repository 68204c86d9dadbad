"""What the vault needs of whatever keeps the root key: a file, a passphrase, later a KMS or a smart card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class KeyProvider(Protocol):
    """Wraps the clinic's key-encrypting keys under a root key that never leaves it."""

    @property
    def name(self) -> str:
        """Return the kind of provider, as it stands in `kek.provider`."""
        ...

    def wrap(self, key: bytes, context: Sequence[bytes]) -> bytes:
        """Return `key` sealed under the root key for `context`."""
        ...

    def unwrap(self, wrapped: bytes, context: Sequence[bytes]) -> bytes:
        """Return the key inside `wrapped`; raises Unopenable under another root key or context."""
        ...
