"""What the demo is told of its people and places: the data files as frozen values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """A site of the demo clinic, and the names on the doors of its rooms; weekdays count from Monday = 0."""

    code: str
    tz: str
    name: Mapping[str, str]
    weekdays: Sequence[int]
    rooms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Therapist:
    """A practitioner of the demo clinic; `login` is the part before `@demo.invalid`."""

    login: str
    name: str
    profession: str
    gender: str
    languages: Sequence[str]
    specialties: Sequence[str]
    site: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A service of the demo clinic, with its texts by language."""

    code: str
    kind: str
    minutes: int
    modalities: Sequence[str]
    name: Mapping[str, str]
    description: Mapping[str, str]
    seats: int = 1
    joinable: bool = False
    reserved_percent: int = 0
    booking_rule: str = "self"


@dataclass(frozen=True, slots=True)
class Names:
    """Given and family names of one language."""

    given: Sequence[str]
    family: Sequence[str]


def _read(name: str) -> Any:
    return json.loads((resources.files("clinic.demo") / "data" / f"{name}.json").read_text(encoding="utf-8"))


def places() -> Sequence[Place]:
    """Return the sites."""
    return [Place(**entry) for entry in _read("sites")]


def therapists() -> Sequence[Therapist]:
    """Return the practitioners."""
    return [Therapist(**entry) for entry in _read("practitioners")]


def offers() -> Sequence[Offer]:
    """Return the services."""
    return [Offer(**entry) for entry in _read("services")]


def names() -> Mapping[str, Names]:
    """Return the names that patients are given, by language."""
    return {language: Names(**entry) for language, entry in _read("names").items()}


def note_texts() -> Mapping[str, Sequence[Sequence[str]]]:
    """Return what session notes say, by language: three sections each."""
    found: Mapping[str, Sequence[Sequence[str]]] = _read("notes")
    return found
