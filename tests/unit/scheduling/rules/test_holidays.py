"""Calendars of four countries propose holidays in the languages they have; the moon is an estimate."""

from __future__ import annotations

from datetime import date

import pytest

from clinic.scheduling.rules.availability import Days
from clinic.scheduling.rules.holidays import Country, country_of, proposals, ramadans


def test_ramadan_is_proposed_by_its_days() -> None:
    assert ramadans(2027) == [Days(date(2027, 2, 8), date(2027, 3, 8))]
    assert [days.first for days in ramadans(2030)] == [date(2030, 1, 5), date(2030, 12, 26)]
    assert ramadans(2026) == [Days(date(2026, 2, 18), date(2026, 3, 19))]


@pytest.mark.parametrize(
    ("tz", "country"),
    [
        ("Asia/Hebron", Country.PALESTINE),
        ("Asia/Jerusalem", Country.ISRAEL),
        ("Africa/Casablanca", Country.MOROCCO),
        ("Europe/Paris", Country.FRANCE),
        ("Asia/Tokyo", None),
    ],
)
def test_a_zone_says_whose_calendar_is_usual(tz: str, country: Country | None) -> None:
    assert country_of(tz) is country


@pytest.mark.parametrize(
    ("country", "day", "last", "estimated", "names"),
    [
        (Country.MOROCCO, (3, 9), (3, 10), True, {"fr": "Fête de la rupture du jeûne", "en": "Eid al-Fitr"}),
        (Country.PALESTINE, (5, 16), (5, 19), True, {"ar": "عيد الأضحى المبارك"}),
        (Country.FRANCE, (5, 1), (5, 1), False, {"fr": "Fête du Travail", "en": "Labor Day"}),
        (Country.ISRAEL, (10, 11), (10, 11), False, {"en": "Yom Kippur"}),
    ],
)
def test_names_a_feast_once_however_long_it_lasts(
    country: Country, day: tuple[int, int], last: tuple[int, int], estimated: bool, names: dict[str, str]
) -> None:
    [found] = [one for one in proposals(country, 2027) if one.days.first == date(2027, *day)]
    assert (found.days.last, found.estimated) == (date(2027, *last), estimated)
    assert names.items() <= found.names.items()


@pytest.mark.parametrize("country", list(Country))
def test_every_calendar_has_days_in_every_year(country: Country) -> None:
    for year in (2026, 2030, 2070):
        assert len(proposals(country, year)) >= 6
