"""Who is on call when: weekly rules in steps, colleagues who step in, and leave, which leaves a gap.

People say it in wall times; here it becomes whole seconds of UTC, so that a night is as long as the clocks
make it. The people of step 1 are asked first, those of the next step when nobody has answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from clinic.ids import PractitionerId
from clinic.scheduling.rules.availability import WallStretch, WeeklyRule
from clinic.scheduling.rules.hours import of_rule
from clinic.scheduling.rules.spans import Span, instant_of, merged, minus, second_of

MOST_STEPS = 5
MOST_RULES = 200
LONGEST_COVER = timedelta(days=62)
FIRST = 1
_EPOCH, _DAY = date(1970, 1, 1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DutyRule:
    """Every week somebody is on call at a step; `week` says when, on which clocks, from when to when."""

    practitioner: PractitionerId
    step: int
    week: WeeklyRule


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody steps in for a stretch: for a colleague when they would be on call, or beside the rules."""

    id: UUID
    practitioner: PractitionerId
    step: int
    stretch: WallStretch
    instead_of: PractitionerId | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody is on call at a step; `cover` names the cover that it comes from."""

    span: Span
    step: int
    practitioner: PractitionerId
    cover: UUID | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A step has nobody; `away` are those whose leave made the gap, with `nobody` no step has anyone."""

    span: Span
    step: int
    away: tuple[PractitionerId, ...]
    nobody: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Those who are asked next, and the step that they stand at."""

    step: int
    practitioners: tuple[PractitionerId, ...]


@dataclass(frozen=True, slots=True)
class Rota:
    """The rules of one service, with what differs from them.

    `leave` holds sorted stretches; covers count in their order. With `around_the_clock` each hour without
    anybody at step 1 is a gap, otherwise those only that the rules give to somebody.
    """

    rules: Sequence[DutyRule]
    covers: Sequence[Cover] = ()
    leave: Mapping[PractitionerId, Sequence[Span]] = field(default_factory=dict)
    around_the_clock: bool = False


def duties(rota: Rota, window: Span) -> list[Duty]:
    """Return who is really on call in `window`, leave taken off, by time and step; whole duties."""
    found = [one for one in _present(rota, _planned(rota, window)) if _touch(one.span, window)]
    return sorted(found, key=lambda one: (one.span, one.step, one.practitioner.int))


def gaps(rota: Rota, window: Span) -> list[Gap]:
    """Return what of `window` a step lacks, by time and step."""
    planned = _planned(rota, window)
    present = _present(rota, planned)
    anybody = merged(duty.span for duty in present)
    found = [
        Gap(_within(span, window), step, _away(planned, step, span), nobody)
        for step in sorted({FIRST, *(duty.step for duty in planned)})
        for whole in minus(
            _wanted(rota, planned, step, window), merged(one.span for one in present if one.step == step)
        )
        for span, nobody in _split(whole, anybody)
        if _touch(span, window)
    ]
    return sorted(found, key=lambda gap: (gap.span, gap.step))


def on_call(rota: Rota, instant: datetime) -> list[Duty]:
    """Return who is on call at `instant`, the first step first."""
    second = second_of(instant)
    found = [one for one in duties(rota, (second, second + 1)) if one.span[0] <= second < one.span[1]]
    return sorted(found, key=lambda one: (one.step, one.practitioner.int))


def asked_next(rota: Rota, instant: datetime, *, after: int, besides: Collection[UUID] = ()) -> Asked | None:
    """Return whom to ask at `instant` once step `after` has been asked, or None when nobody is left.

    A step without anybody is passed over, and so are those who were asked already (`besides`).
    """
    left = [one for one in on_call(rota, instant) if one.step > after and one.practitioner not in besides]
    if not left:
        return None
    step = left[0].step
    return Asked(step, tuple(dict.fromkeys(one.practitioner for one in left if one.step == step)))


def changes_after(rota: Rota, instant: datetime, until: datetime) -> datetime | None:
    """Return when others are on call than at `instant`, or None where nothing changes before `until`."""
    start, end = second_of(instant), second_of(until)
    known = duties(rota, (start, end))
    edges = sorted({edge for one in known for edge in one.span if start < edge < end})
    first = _posts(known, start)
    changed = next((edge for edge in edges if _posts(known, edge) != first), None)
    return None if changed is None else instant_of(changed)


def complaints(rules: Sequence[DutyRule], *, offering: Collection[UUID]) -> dict[str, list[str]]:
    """Return what cannot be meant, by field; `offering` are those who hold visits of the service."""
    return {
        f"rules.{number}.{name}": [reason]
        for number, rule in enumerate(rules)
        for name, reason in _of_duty(rule, offering)
    }


def cover_complaint(stretch: WallStretch) -> str | None:
    """Return what is wrong with the stretch of a cover, if anything."""
    if stretch.end <= stretch.start or stretch.span[1] <= stretch.span[0]:
        return "The end comes after the start."
    if stretch.end - stretch.start > LONGEST_COVER:
        return "This is at most two months."
    return None


def _of_duty(rule: DutyRule, offering: Collection[UUID]) -> Iterator[tuple[str, str]]:
    if rule.practitioner not in offering:
        yield "practitioner", "This person does not hold visits of this service."
    if not FIRST <= rule.step <= MOST_STEPS:
        yield "step", "Steps go from 1 to 5."
    yield from of_rule(rule.week)


def _planned(rota: Rota, window: Span) -> list[Duty]:
    """Return the duties that touch `window` as rules and covers have them, whoever is on leave."""
    found = [duty for rule in rota.rules for duty in _expanded(rule, window)]
    for cover in rota.covers:
        found = list(_covered(found, cover))
    return [duty for duty in found if _touch(duty.span, window)]


def _expanded(rule: DutyRule, window: Span) -> Iterator[Duty]:
    # two days earlier: one for zones in the east, one for the night
    first = window[0] // 86_400 - 2
    first += (rule.week.weekday - (_EPOCH + first * _DAY).weekday()) % 7
    for number in range(first, window[1] // 86_400 + 2, 7):
        day = _EPOCH + number * _DAY
        if rule.week.holds(day):
            start, end = rule.week.on(day)
            if start < end:
                yield Duty((start, end), rule.step, rule.practitioner)


def _covered(found: Iterable[Duty], cover: Cover) -> Iterator[Duty]:
    """Yield the duties with one cover among them: for a colleague it takes no more than the colleague had."""
    span = cover.stretch.span
    if cover.instead_of is None:
        yield from found
        yield Duty(span, cover.step, cover.practitioner, cover.id)
        return
    for duty in found:
        if duty.practitioner != cover.instead_of or duty.step != cover.step:
            yield duty
            continue
        kept = minus([duty.span], [span])
        yield from (replace(duty, span=part) for part in kept)
        for part in minus([duty.span], kept):
            yield Duty(part, duty.step, cover.practitioner, cover.id)


def _present(rota: Rota, planned: Iterable[Duty]) -> list[Duty]:
    return [
        replace(duty, span=part)
        for duty in planned
        for part in minus([duty.span], rota.leave.get(duty.practitioner, ()))
    ]


def _wanted(rota: Rota, planned: Iterable[Duty], step: int, window: Span) -> list[Span]:
    whole = [window] if rota.around_the_clock and step == FIRST else []
    return merged([*whole, *(duty.span for duty in planned if duty.step == step)])


def _split(span: Span, anybody: Sequence[Span]) -> Iterator[tuple[Span, bool]]:
    """Yield the parts of `span` in which nobody is on call at all, then those in which others are."""
    nobody = minus([span], anybody)
    yield from ((part, True) for part in nobody)
    yield from ((part, False) for part in minus([span], nobody))


def _away(planned: Iterable[Duty], step: int, gap: Span) -> tuple[PractitionerId, ...]:
    """Return who would be on call at `step` in `gap`: whoever is planned there and not present is away."""
    there = {duty.practitioner for duty in planned if duty.step == step and _touch(duty.span, gap)}
    return tuple(sorted(there))


def _posts(known: Iterable[Duty], second: int) -> set[tuple[int, PractitionerId]]:
    return {(one.step, one.practitioner) for one in known if one.span[0] <= second < one.span[1]}


def _within(span: Span, window: Span) -> Span:
    return max(span[0], window[0]), min(span[1], window[1])


def _touch(span: Span, other: Span) -> bool:
    return span[0] < other[1] and other[0] < span[1]
