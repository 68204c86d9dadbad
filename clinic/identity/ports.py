"""What the slice needs from elsewhere, as types."""

from __future__ import annotations

from typing import Protocol


class Limits(Protocol):
    """Counts acts against rates; fulfilled by `clinic.web.limits.RateLimits`."""

    def hit(self, act: str, rate: str, *keys: str) -> None:
        """Count one `act` by `keys`; raises TooMany."""
        ...

    def check(self, act: str, rate: str, *keys: str) -> None:
        """Raise TooMany where `rate` is used up, counting nothing."""
        ...
