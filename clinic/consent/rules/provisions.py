"""What one consent says about one request, in the shape of FHIR R4 `Consent.provision`.

A child inherits what it omits and replaces what it states; deeper beats shallower; of siblings a deny wins.
A permit must cover every sensitivity code of the content, a deny bites on any; confidentiality is a
high-water mark. These semantics give the expected answers for all IHE PCF 1.1 examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from clinic.consent.rules import codes


class Effect(StrEnum):
    """What a provision does where it matches."""

    PERMIT = "permit"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time, aware, open on either side where None; `end` itself is outside."""

    start: datetime | None = None
    end: datetime | None = None

    def contains(self, moment: datetime) -> bool:
        """Tell whether `moment` lies within."""
        return (self.start is None or self.start <= moment) and (self.end is None or moment < self.end)


@dataclass(frozen=True, slots=True)
class DataReference:
    """Which data a provision speaks of: FHIR `consent-data-meaning` and a reference."""

    meaning: str
    reference: str


@dataclass(frozen=True, slots=True)
class Provision:
    """One rule and its exceptions; an empty field states nothing."""

    effect: Effect
    purposes: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    data: frozenset[DataReference] = frozenset()
    data_period: Period | None = None
    period: Period | None = None
    children: tuple[Provision, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a consent; `labels` are those of the content, `dated` when it was made."""

    purpose: str
    action: str
    actors: frozenset[str]
    labels: frozenset[str]
    at: datetime
    data: frozenset[DataReference] = frozenset()
    dated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a consent says, by which provision, in which words, and until when at the latest."""

    effect: Effect
    path: tuple[int, ...]
    labels: frozenset[str]
    until: datetime | None


_INHERITED = ("purposes", "actions", "actors", "labels", "data", "data_period", "period")


def weigh(provision: Provision, question: Question, path: tuple[int, ...] = (0,)) -> Verdict | None:
    """Return what `provision` and its exceptions say of `question`, or None where they are silent."""
    verdicts = list(_exceptions(provision, question, path))
    denies = [verdict for verdict in verdicts if verdict.effect is Effect.DENY]
    if verdicts:
        return (denies or verdicts)[0]
    if not _matches(provision, question):
        return None
    until = provision.period.end if provision.period else None
    return Verdict(provision.effect, path, provision.labels, until)


def _exceptions(provision: Provision, question: Question, path: tuple[int, ...]) -> Iterator[Verdict]:
    for index, child in enumerate(provision.children):
        verdict = weigh(_inherit(provision, child), question, (*path, index))
        if verdict is not None:
            yield verdict


def _inherit(parent: Provision, child: Provision) -> Provision:
    """Fill in what `child` leaves unsaid from its parent."""
    return replace(child, **{name: getattr(child, name) or getattr(parent, name) for name in _INHERITED})


def _matches(provision: Provision, question: Question) -> bool:
    return (
        _states(provision.purposes, question.purpose)
        and _states(provision.actions, question.action)
        and (not provision.actors or not provision.actors.isdisjoint(question.actors))
        and (not provision.data or not provision.data.isdisjoint(question.data))
        and (provision.period is None or provision.period.contains(question.at))
        and _dated_within(provision, question.dated)
        and _labels_match(provision, question.labels)
    )


def _states(stated: frozenset[str], asked: str) -> bool:
    return not stated or asked in stated


def _dated_within(provision: Provision, dated: datetime | None) -> bool:
    """Content whose date is not known falls under every deny and under no permit."""
    if provision.data_period is None:
        return True
    if dated is None:
        return provision.effect is Effect.DENY
    return provision.data_period.contains(dated)


def _labels_match(provision: Provision, labels: frozenset[str]) -> bool:
    if not provision.labels:
        return True
    covers = _covers if provision.effect is Effect.PERMIT else _bites
    return covers(provision.labels, labels)


def _covers(stated: frozenset[str], labels: frozenset[str]) -> bool:
    """Tell whether a permit that names `stated` reaches all of content with `labels`."""
    ceilings, named = codes.levels(stated), codes.sensitivities(stated)
    asked = codes.sensitivities(labels)
    within = codes.level(labels) <= max(ceilings) if ceilings else bool(asked)
    return within and (not named or asked <= named)


def _bites(stated: frozenset[str], labels: frozenset[str]) -> bool:
    """Tell whether a deny that names `stated` touches any of content with `labels`."""
    floors, named = codes.levels(stated), codes.sensitivities(stated)
    above = bool(floors) and codes.level(labels) >= min(floors)
    return above or any(not codes.lineage(code).isdisjoint(named) for code in codes.sensitivities(labels))
