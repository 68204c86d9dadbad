"""A visit is outside new hours where they close what was open, and not where nothing opened before."""

from __future__ import annotations

from datetime import date, time

import pytest

from clinic.ids import SiteId, new_id
from clinic.scheduling.rules.availability import Days, HoursSet, Modality, SetKind, WeeklyRule
from clinic.scheduling.rules.shorter_hours import closes, week_at
from clinic.scheduling.rules.spans import Span

SUNDAY = 1_795_305_600  # 2026-11-22, midnight
VIDEO, ELSEWHERE = frozenset({Modality.VIDEO}), SiteId(new_id())


def rule(
    start: int, end: int, modality: frozenset[Modality] = VIDEO, site: SiteId | None = None
) -> WeeklyRule:
    return WeeklyRule(
        6, time(start), time(end), "UTC", date(2026, 1, 1), None, modality, overnight=False, site=site
    )


def at(start: int, end: int) -> Span:
    return SUNDAY + start * 3_600, SUNDAY + end * 3_600


@pytest.mark.parametrize(
    ("after", "visit", "expected"),
    [
        ([rule(9, 14)], at(13, 14), False),
        ([rule(9, 14)], at(13, 15), True),
        ([rule(9, 12), rule(12, 17)], at(11, 13), False),
        ([rule(9, 14)], at(18, 19), False),
        ([rule(9, 17, frozenset({Modality.PHONE}))], at(13, 14), True),
        ([rule(9, 17, site=ELSEWHERE)], at(13, 14), True),
        ([], at(16, 18), True),
    ],
)
def test_what_was_open_and_is_not_any_more_is_closed(
    after: list[WeeklyRule], visit: Span, expected: bool
) -> None:
    before, then = (
        week_at(rules, [], site=None, modality=Modality.VIDEO) for rules in ([rule(9, 17)], after)
    )
    assert closes(before, then, visit) is expected


def test_other_hours_for_a_while_close_and_a_single_opening_keeps_open() -> None:
    travel = HoursSet(SetKind.TRAVEL, Days(date(2026, 11, 20), date(2026, 11, 30)), (rule(9, 12),))
    before, after = (
        week_at([rule(9, 17)], sets, site=None, modality=Modality.VIDEO) for sets in ([], [travel])
    )
    assert closes(before, after, at(13, 14))
    assert not closes(before, after, at(13, 14), once=[at(12, 15)])
