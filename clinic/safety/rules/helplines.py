"""Numbers to call: which belong to a place, and how sure the clinic is of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import cast


class Region(StrEnum):
    """Where somebody is; numbers differ from one to the next."""

    JERUSALEM = "jerusalem"
    PALESTINE = "palestine"
    MOROCCO = "morocco"
    ELSEWHERE = "elsewhere"


class Kind(StrEnum):
    """What a number is for: danger to life now, or someone to talk to."""

    DANGER = "danger"
    TALK = "talk"


_REGION_OF_ZONE: Mapping[str, Region] = {
    "Asia/Jerusalem": Region.JERUSALEM,
    "Asia/Hebron": Region.PALESTINE,
    "Asia/Gaza": Region.PALESTINE,
    "Africa/Casablanca": Region.MOROCCO,
}


@dataclass(frozen=True, slots=True)
class Helpline:
    """One number; `name` and `hours` by language, `last_checked` None until the clinic has called it."""

    region: Region
    kind: Kind
    number: str
    name: Mapping[str, str]
    hours: Mapping[str, str]
    languages: tuple[str, ...]
    last_checked: date | None


def read(rows: Iterable[Mapping[str, object]]) -> tuple[Helpline, ...]:
    """Read the rows of a data file; raises KeyError or ValueError on what it does not know."""
    return tuple(_helpline(row) for row in rows)


def _helpline(row: Mapping[str, object]) -> Helpline:
    checked = row["last_checked"]
    return Helpline(
        region=Region(str(row["region"])),
        kind=Kind(str(row["kind"])),
        number=str(row["number"]),
        name=cast(Mapping[str, str], row["name"]),
        hours=cast(Mapping[str, str], row["hours"]),
        languages=tuple(cast(list[str], row["languages"])),
        last_checked=date.fromisoformat(str(checked)) if checked else None,
    )


def region_of(tz: str) -> Region:
    """Return the region of an IANA zone, for the first guess that anyone can change."""
    return _REGION_OF_ZONE.get(tz, Region.ELSEWHERE)


def oldest_check(lines: Iterable[Helpline]) -> date | None:
    """Return the day up to which every one of `lines` has been checked; None when one never was."""
    days = [line.last_checked for line in lines]
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None
