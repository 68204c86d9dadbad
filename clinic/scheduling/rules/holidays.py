"""Public holidays and Ramadan as proposals: what the calendars of four countries say, for people to decide.

Feasts that follow the moon are estimated: they may fall a day earlier or later.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import holidays
from hijridate import Gregorian, Hijri

from clinic.scheduling.rules.availability import Days

_DAY = timedelta(days=1)
_RAMADAN = 9
_ESTIMATED = re.compile(r"\s*\((?:estimated|estimé|تقديري|مقدرة|تقديرى)\)")
# month and days of the Muslim feasts: new year, the Prophet's birth, night journey, Fitr, Adha
_FEASTS = {1: {1, 10}, 3: {12}, 7: {27}, 10: {1, 2, 3, 4}, 12: {9, 10, 11, 12, 13}}
YEARS = range(2020, 2075)  # which the tables of the Hijri calendar cover


class Country(StrEnum):
    """Whose public holidays are proposed."""

    PALESTINE = "PS"
    ISRAEL = "IL"
    MOROCCO = "MA"
    FRANCE = "FR"


_LANGUAGES: Mapping[Country, Mapping[str, str]] = {
    Country.PALESTINE: {"ar": "ar", "en": "en_US"},
    Country.ISRAEL: {"en": "en_US"},
    Country.MOROCCO: {"ar": "ar", "fr": "fr", "en": "en_US"},
    Country.FRANCE: {"fr": "fr", "en": "en_US"},
}
_HOME = {
    "Asia/Hebron": Country.PALESTINE,
    "Asia/Gaza": Country.PALESTINE,
    "Asia/Jerusalem": Country.ISRAEL,
    "Africa/Casablanca": Country.MOROCCO,
    "Europe/Paris": Country.FRANCE,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A holiday that a calendar names; `estimated` where the moon decides."""

    days: Days
    names: Mapping[str, str]
    estimated: bool


def country_of(tz: str) -> Country | None:
    """Return whose holidays are usual in the zone `tz`, where that is known."""
    return _HOME.get(tz)


def proposals(country: Country, year: int) -> list[Proposal]:
    """Return the public holidays of a year by day; days of one feast that follow each other are one."""
    names: defaultdict[date, dict[str, str]] = defaultdict(dict)
    for language, locale in _LANGUAGES[country].items():
        for day, name in holidays.country_holidays(country.value, years=year, language=locale).items():
            names[day][language] = name
    found: list[Proposal] = []
    for day in sorted(names):
        called = {language: _ESTIMATED.sub("", name) for language, name in names[day].items()}
        one = Proposal(Days(day, day), called, called != names[day] or _follows_the_moon(day))
        if found and found[-1].names == called and found[-1].days.last + _DAY == day:
            found[-1] = replace(found[-1], days=Days(found[-1].days.first, day))
        else:
            found.append(one)
    return found


def ramadans(year: int) -> list[Days]:
    """Return the fasting months that begin in a year of the common calendar (at times two)."""
    first = Gregorian(year, 1, 1).to_hijri().year
    starts = [Hijri(hijri, _RAMADAN, 1).to_gregorian() for hijri in range(first, first + 3)]
    ends = [Hijri(hijri, _RAMADAN + 1, 1).to_gregorian() - _DAY for hijri in range(first, first + 3)]
    return [
        Days(_plain(start), _plain(end))
        for start, end in zip(starts, ends, strict=True)
        if start.year == year
    ]


def _plain(day: date) -> date:
    return date(day.year, day.month, day.day)


def _follows_the_moon(day: date) -> bool:
    hijri = Gregorian.fromdate(day).to_hijri()
    return hijri.day in _FEASTS.get(hijri.month, ())
