"""Rate limits: per account, per address and per pair, counted in Redis when there are several processes.

IPv6 callers are counted by their /64, since one home or phone has that many addresses.
"""

from __future__ import annotations

import ipaddress
import time
from typing import cast

from flask import current_app, request
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from clinic.config import Settings
from clinic.errors import TooMany

_KEY = "clinic.limits"


class RateLimits:
    """Moving windows over named acts; raises TooMany with the seconds to wait."""

    def __init__(self, storage_url: str) -> None:
        """Count in `storage_url` (`memory://` or `redis://...`)."""
        self._windows = MovingWindowRateLimiter(storage_from_string(storage_url))

    def hit(self, act: str, rate: str, *keys: str) -> None:
        """Count one `act` by `keys` against `rate`, as in "5/minute"; raises TooMany."""
        limit = parse(rate)
        if self._windows.hit(limit, act, *keys):
            return
        self._refuse(act, rate, keys)

    def check(self, act: str, rate: str, *keys: str) -> None:
        """Raise TooMany where `rate` is used up, counting nothing."""
        if not self._windows.test(parse(rate), act, *keys):
            self._refuse(act, rate, keys)

    def _refuse(self, act: str, rate: str, keys: tuple[str, ...]) -> None:
        reset_at, _left = self._windows.get_window_stats(parse(rate), act, *keys)
        raise TooMany("too_many", retry_after=max(1, round(reset_at - time.time())))


def install(extensions: dict[str, object], settings: Settings) -> None:
    """Give the application that owns `extensions` its counters."""
    extensions[_KEY] = RateLimits(settings.redis_url or "memory://")


def limits() -> RateLimits:
    """Return the counters of the current application."""
    return cast(RateLimits, current_app.extensions[_KEY])


def caller() -> str:
    """Return the caller's address as limits count it."""
    return network_of(request.remote_addr or "unknown")


def network_of(address: str) -> str:
    """Return what stands for `address` in a count: an IPv6 address's /64, any other as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address
