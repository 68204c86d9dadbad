"""What a change of hours closes: a part of a visit that was open and would not be any more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from clinic.ids import SiteId
from clinic.scheduling.rules.availability import HoursSet, Modality, Week, WeeklyRule, week_of
from clinic.scheduling.rules.spans import Span, merged, minus


def week_at(
    rules: Iterable[WeeklyRule], sets: Iterable[HoursSet], *, site: SiteId | None, modality: Modality
) -> Week:
    """Return the week of a document at `site` (None: the practitioner's own) for visits held in one way."""

    def fits(rule: WeeklyRule) -> bool:
        return rule.site == site and modality in rule.modalities

    return week_of(filter(fits, rules), [replace(one, rules=tuple(filter(fits, one.rules))) for one in sets])


def closes(before: Week, after: Week, visit: Span, once: Iterable[Span] = ()) -> bool:
    """Tell whether going over to `after` closes a part of `visit`; what opens `once` stays open."""
    still = merged([*after.openings(visit), *once])
    return any(start < visit[1] and visit[0] < end for start, end in minus(before.openings(visit), still))
