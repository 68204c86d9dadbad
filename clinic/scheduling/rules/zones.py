"""Wall clock to UTC by the pinned tzdata package, never by the system's copy (which is stale for Morocco)."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import import_module
from zoneinfo import ZoneInfo

from clinic.errors import ConfigurationError, Invalid

# Morocco has kept UTC+0 all year since 2026-09-20 (tzdb 2026c); an older copy says +01:00 here.
_WITNESS = ("Africa/Casablanca", datetime.fromisoformat("2026-12-01T12:00"), timedelta(0))


def tzdb_version() -> str:
    """Return the version of the zone rules in force, such as "2026c"; stored with each appointment."""
    return str(import_module("tzdata").IANA_VERSION)


def use_packaged_zones() -> None:
    """Make `zoneinfo` read the tzdata package only; call before the first zone is loaded."""
    zoneinfo.reset_tzpath(to=())
    ZoneInfo.clear_cache()
    to_utc.cache_clear()


def assert_tzdata() -> None:
    """Refuse to go on with zone rules that put Moroccan visits an hour off; raises ConfigurationError."""
    name, wall, expected = _WITNESS
    if wall.replace(tzinfo=ZoneInfo(name)).utcoffset() != expected:
        raise ConfigurationError(
            f"time zone data is out of date: {name} on {wall:%Y-%m-%d} must be UTC+0; "
            "install tzdata>=2026.3 and start with PYTHONTZPATH empty"
        )


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone called `name`; raises Invalid("unknown_zone")."""
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("unknown_zone", errors={"tz": ["This is not the name of a time zone."]}) from error


@lru_cache(maxsize=65_536)
def to_utc(wall: datetime, tz: str) -> datetime:
    """Return the instant at which clocks in `tz` show the naive time `wall`.

    A time that the clocks skip moves forward by the length of the gap; of a time that comes twice,
    the first counts (PEP 495 with fold=0).
    """
    return wall.replace(tzinfo=zone(tz), fold=0).astimezone(UTC)


def instant_at(wall: datetime, tz: str) -> datetime:
    """Return the instant at which clocks in `tz` show `wall`; raises Invalid("time_skipped") if never.

    Where somebody chose the time, moving it on by an hour would surprise everybody; of a time that comes
    twice, the first counts.
    """
    instant = to_utc(wall, tz)
    if to_wall(instant, tz).replace(tzinfo=None) != wall:
        raise Invalid("time_skipped", errors={"local": ["The clocks skip this time on that day."]})
    return instant


def to_wall(instant: datetime, tz: str) -> datetime:
    """Return `instant` as an aware time on the clocks of `tz`."""
    return instant.astimezone(zone(tz))


def wall_text(wall: datetime) -> str:
    """Return what a clock and a calendar show, such as "2026-11-22T16:00"."""
    return f"{wall:%Y-%m-%dT%H:%M}"


def offset_of(wall: datetime) -> str:
    """Return the distance to UTC at the aware time `wall`, such as "+02:00"."""
    return wall.isoformat()[-6:]
