"""What the slice needs from elsewhere, as types."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class FieldCipher(Protocol):
    """Seals names and contacts and finds them again by blind index; fulfilled by `vault.fields`."""

    def seal(self, owner: UUID, field: str, text: str) -> bytes:
        """Return `text` sealed for this owner and field only."""
        ...

    def open(self, owner: UUID, field: str, blob: bytes) -> str:
        """Return what was sealed; raises when the blob is another owner's or field's."""
        ...

    def index(self, field: str, normalized: str) -> bytes:
        """Return the bytes by which an equal value is found."""
        ...


class Limits(Protocol):
    """Counts acts against rates; fulfilled by `clinic.web.limits.RateLimits`."""

    def hit(self, act: str, rate: str, *keys: str) -> None:
        """Count one `act` by `keys`; raises TooMany."""
        ...

    def check(self, act: str, rate: str, *keys: str) -> None:
        """Raise TooMany where `rate` is used up, counting nothing."""
        ...
