"""The HL7 codes that label consents and content; a code that is not here never permits anything."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files

from clinic.access.clearance import Compartment

_CODES = json.loads(files(__package__).joinpath("codes.json").read_text(encoding="utf-8"))

PURPOSES: frozenset[str] = frozenset(_CODES["purposes"])
_LEVELS: dict[str, int] = {code: rank for rank, code in enumerate(_CODES["confidentiality"])}
_PARENTS: dict[str, list[str]] = _CODES["sensitivity"]
_COMPARTMENTS: dict[str, list[str]] = _CODES["compartments"]

HIGHEST = max(_LEVELS.values())


def labels_of(compartment: Compartment) -> frozenset[str]:
    """Return the confidentiality and sensitivity codes that all content of `compartment` carries."""
    return frozenset(_COMPARTMENTS[compartment])


def levels(labels: Iterable[str]) -> frozenset[int]:
    """Return the ranks of the confidentiality codes among `labels`, from U = 0 to V = 5."""
    return frozenset(_LEVELS[label] for label in labels if label in _LEVELS)


def level(labels: Iterable[str]) -> int:
    """Return the high-water mark of content so labelled; content that states none is taken as the highest."""
    return max(levels(labels), default=HIGHEST)


def sensitivities(labels: Iterable[str]) -> frozenset[str]:
    """Return the labels that are not confidentiality codes, unknown ones included."""
    return frozenset(label for label in labels if label not in _LEVELS)


def lineage(code: str) -> frozenset[str]:
    """Return `code` and every code that it is part of: PSYTHPN is part of PSY, PSY of BH."""
    found = {code}
    for parent in _PARENTS.get(code, []):
        found |= lineage(parent)
    return frozenset(found)
