"""What is in the way of a visit, and what of it whom is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.conflicts import Clash, Kind, Other, for_patients, with_visits
from clinic.scheduling.rules.intervals import Interval

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
ONE = UUID(int=1)


def minutes(first: int, last: int) -> Interval:
    return Interval(START + timedelta(minutes=first), START + timedelta(minutes=last))


@pytest.mark.parametrize(
    ("start", "status", "kind"),
    [
        (0, Status.BOOKED, Kind.TAKEN),
        (30, Status.HELD, Kind.KEPT),
        (50, Status.BOOKED, Kind.BUFFER),
        (-55, Status.HELD, Kind.BUFFER),
        (60, Status.BOOKED, None),
        (-60, Status.BOOKED, None),
    ],
)
def test_tells_a_visit_from_a_hold_and_both_from_a_break(
    start: int, status: Status, kind: Kind | None
) -> None:
    other = Other(ONE, status, minutes(start, start + 50), minutes(start, start + 60))
    found = list(with_visits(minutes(0, 50), minutes(0, 60), [other]))
    assert [clash.kind for clash in found] == ([] if kind is None else [kind])
    assert all(clash.appointment == ONE and clash.when == other.visit for clash in found)


def test_nobody_books_over_the_past_or_the_patients_own_visit() -> None:
    assert {kind for kind in Kind if Clash(kind).firm} == {Kind.PAST, Kind.PATIENT_BUSY}


def test_patients_learn_that_a_time_is_not_free_and_not_why() -> None:
    own = Clash(Kind.PATIENT_BUSY, minutes(0, 50), ONE)
    found = [
        Clash(Kind.TAKEN, minutes(0, 50), ONE),
        Clash(Kind.KEPT, minutes(0, 50), ONE),
        Clash(Kind.BUFFER, minutes(0, 50), ONE),
        Clash(Kind.NO_ROOM),
        Clash(Kind.OUTSIDE_HOURS),
        own,
    ]
    assert for_patients(found) == [Clash(Kind.TAKEN), Clash(Kind.OUTSIDE_HOURS), own]
