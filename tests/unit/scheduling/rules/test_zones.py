"""Wall times become instants by the pinned zone rules, also where clocks jump."""

from __future__ import annotations

import sys
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clinic.errors import ConfigurationError, Invalid
from clinic.scheduling.rules.zones import (
    assert_tzdata,
    instant_at,
    offset_of,
    to_utc,
    to_wall,
    tzdb_version,
    use_packaged_zones,
    wall_text,
    zone,
)

wall = datetime.fromisoformat


@pytest.fixture(autouse=True)
def _packaged_zones() -> Iterator[None]:
    use_packaged_zones()
    yield
    use_packaged_zones()


def test_morocco_is_on_utc_in_december_2026() -> None:
    assert_tzdata()
    assert to_utc(wall("2026-12-01T12:00"), "Africa/Casablanca") == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert tzdb_version() >= "2026c"


def test_refuses_stale_zone_rules(tmp_path: Path) -> None:
    # A copy as Debian 12 had it: Morocco still an hour ahead. Lagos has been on +01:00 for a century.
    package = Path(sys.modules["tzdata"].__path__[0]) / "zoneinfo"
    (tmp_path / "Africa").mkdir()
    (tmp_path / "Africa" / "Casablanca").write_bytes((package / "Africa" / "Lagos").read_bytes())
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    zoneinfo.ZoneInfo.clear_cache()
    with pytest.raises(ConfigurationError, match="Africa/Casablanca"):
        assert_tzdata()


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Asia", "/etc/localtime"])
def test_refuses_an_unknown_zone_by_field(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        zone(name)
    assert caught.value.code == "unknown_zone"
    assert set(caught.value.errors) == {"tz"}


@pytest.mark.parametrize(
    ("tz", "shown", "utc"),
    [
        # the clocks skip 02:00-03:00: a time in the gap moves forward
        ("Asia/Hebron", wall("2027-03-27T02:30"), datetime(2027, 3, 27, 0, 30, tzinfo=UTC)),
        ("Asia/Jerusalem", wall("2027-03-26T02:30"), datetime(2027, 3, 26, 0, 30, tzinfo=UTC)),
        # 01:30 comes twice: the first counts
        ("Asia/Jerusalem", wall("2026-10-25T01:30"), datetime(2026, 10, 24, 22, 30, tzinfo=UTC)),
        ("Africa/Casablanca", wall("2026-09-20T01:30"), datetime(2026, 9, 20, 0, 30, tzinfo=UTC)),
        # Jerusalem and Hebron switch on different days: the same wall hour is an hour apart for one day
        ("Asia/Jerusalem", wall("2026-10-24T12:00"), datetime(2026, 10, 24, 9, tzinfo=UTC)),
        ("Asia/Hebron", wall("2026-10-24T12:00"), datetime(2026, 10, 24, 10, tzinfo=UTC)),
    ],
)
def test_places_wall_times_around_clock_changes(tz: str, shown: datetime, utc: datetime) -> None:
    assert to_utc(shown, tz) == utc


def test_shows_the_clock_time_of_an_instant() -> None:
    clock = to_wall(datetime(2026, 11, 22, 14, tzinfo=UTC), "Asia/Jerusalem")
    assert (wall_text(clock), offset_of(clock)) == ("2026-11-22T16:00", "+02:00")
    assert (clock.hour, clock.utcoffset()) == (16, timedelta(hours=2))


def test_a_chosen_time_is_refused_where_the_clocks_skip_it() -> None:
    # Jerusalem goes from 02:00 to 03:00 on 2027-03-26, Hebron a day later.
    with pytest.raises(Invalid) as caught:
        instant_at(wall("2027-03-26T02:30"), "Asia/Jerusalem")
    assert (caught.value.code, set(caught.value.errors)) == ("time_skipped", {"local"})
    assert instant_at(wall("2027-03-26T02:30"), "Asia/Hebron") == datetime(2027, 3, 26, 0, 30, tzinfo=UTC)
    twice = instant_at(wall("2026-10-25T01:30"), "Asia/Jerusalem")
    assert twice == datetime(2026, 10, 24, 22, 30, tzinfo=UTC)
