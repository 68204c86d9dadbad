"""Numbers to call."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from clinic.safety.queries import helplines
from clinic.safety.rules.helplines import Kind, Region, oldest_check, read, region_of

_ROW: dict[str, object] = {
    "region": "jerusalem",
    "kind": "danger",
    "number": "101",
    "name": {"ar": "الإسعاف", "fr": "Ambulance", "en": "Ambulance"},
    "hours": {"ar": "دائمًا", "fr": "Toujours", "en": "Always"},
    "languages": ["ar"],
    "last_checked": None,
}


def test_the_shipped_list_speaks_three_languages_and_reaches_every_region(tmp_path: Path) -> None:
    lines = helplines(tmp_path)
    assert {line.region for line in lines} == set(Region)
    assert {line.region for line in lines if line.kind is Kind.TALK} >= {Region.JERUSALEM, Region.PALESTINE}
    for line in lines:
        assert set(line.name) == set(line.hours) == {"ar", "fr", "en"}
        assert line.number.isdigit()


def test_a_closed_line_is_not_listed(tmp_path: Path) -> None:
    assert not any("Reda" in line.name["fr"] for line in helplines(tmp_path))


def test_the_clinics_own_file_replaces_the_list(tmp_path: Path) -> None:
    own = '{"items": [{"region": "morocco", "kind": "talk", "number": "0800", "name": {}, "hours": {},'
    (tmp_path / "helplines.json").write_text(own + ' "languages": [], "last_checked": "2026-11-15"}]}')
    (line,) = helplines(tmp_path)
    assert (line.number, line.last_checked) == ("0800", date(2026, 11, 15))


def test_what_it_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="moon"):
        read([{**_ROW, "region": "moon"}])


def test_the_page_may_say_checked_only_when_all_are() -> None:
    unchecked, early, late = read(
        [_ROW, {**_ROW, "last_checked": "2026-11-01"}, {**_ROW, "last_checked": "2026-11-15"}]
    )
    assert oldest_check([early, late]) == date(2026, 11, 1)
    assert oldest_check([unchecked, late]) is None
    assert oldest_check([]) is None


@pytest.mark.parametrize(
    ("tz", "region"),
    [
        ("Asia/Jerusalem", Region.JERUSALEM),
        ("Asia/Hebron", Region.PALESTINE),
        ("Africa/Casablanca", Region.MOROCCO),
        ("Europe/Paris", Region.ELSEWHERE),
    ],
)
def test_the_first_guess_of_the_place_follows_the_clinics_zone(tz: str, region: Region) -> None:
    assert region_of(tz) is region
