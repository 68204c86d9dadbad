"""What is wrong with a document of hours: every field that cannot be meant, by its place in the document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from clinic.errors import Invalid
from clinic.scheduling.rules.availability import HoursSet, WeeklyRule
from clinic.scheduling.rules.zones import zone

MOST_RULES = 100
MOST_SETS = 20

Complaint = tuple[str, str]


def complaints(
    rules: Sequence[WeeklyRule], sets: Sequence[HoursSet], *, sites: Collection[UUID]
) -> dict[str, list[str]]:
    """Return the reasons by field; `sites` are those that there are."""
    found = {
        f"rules.{number}.{field}": [reason]
        for number, rule in enumerate(rules)
        for field, reason in of_rule(rule, sites)
    }
    for number, one in enumerate(sets):
        found |= {f"sets.{number}.{field}": [reason] for field, reason in _of_set(one, sets[:number], sites)}
    return found


def of_rule(rule: WeeklyRule, sites: Collection[UUID] = ()) -> Iterator[Complaint]:
    """Yield what is wrong with one weekly rule, by field; `sites` are those that there are."""
    if rule.overnight and rule.end > rule.start:
        yield "overnight", "Hours overnight end on the next day, at or before the time they start."
    elif rule.end <= rule.start and not rule.overnight:
        yield "end", "The end comes after the start."
    if rule.valid_to is not None and rule.valid_to < rule.valid_from:
        yield "valid_to", "The last day is not before the first."
    if not rule.modalities:
        yield "modality", "At least one is needed."
    if rule.site is not None and rule.site not in sites:
        yield "site", "There is no such site."
    try:
        zone(rule.tz)
    except Invalid:
        yield "tz", "This is not the name of a time zone."


def _of_set(one: HoursSet, before: Sequence[HoursSet], sites: Collection[UUID]) -> Iterator[Complaint]:
    if one.days.last < one.days.first:
        yield "to", "The last day is not before the first."
    if any(one.days.meet(other.days) for other in before):
        yield "from", "Other hours hold on some of these days already."
    for number, rule in enumerate(one.rules):
        for field, reason in of_rule(rule, sites):
            yield f"rules.{number}.{field}", reason
