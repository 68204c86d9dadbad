"""How a visit stands for the desk, from what was really seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clinic.scheduling.rules.arrivals import Presence, Situation, Standing, late_by, minutes, standing
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
VISIT = Interval(START, START + timedelta(minutes=50))


def at(offset: int) -> datetime:
    return START + timedelta(minutes=offset)


def a_visit(
    status: Status = Status.BOOKED,
    modality: Modality = Modality.VIDEO,
    *,
    checked_in: int | None = None,
    seen: int | None = None,
    both: bool = False,
) -> Situation:
    presence = Presence(None if seen is None else at(seen), at(0) if both else None)
    return Situation(status, modality, VISIT, None if checked_in is None else at(checked_in), presence)


@pytest.mark.parametrize(
    ("offset", "expected", "count"),
    [
        (-90, Standing.LATER, 90),
        (-31, Standing.LATER, 31),
        (-30, Standing.DUE, 30),
        (-1, Standing.DUE, 1),
        (0, Standing.LATE, 0),
        (14, Standing.LATE, 14),
        (15, Standing.ABSENT, 15),
        (600, Standing.ABSENT, 600),
    ],
)
def test_whoever_was_not_seen_is_due_then_late_then_perhaps_absent(
    offset: int, expected: Standing, count: int
) -> None:
    assert (standing(a_visit(), at(offset)), minutes(a_visit(), at(offset))) == (expected, count)


def test_a_call_is_not_proposed_as_missed_before_its_end() -> None:
    call = a_visit(modality=Modality.PHONE)
    assert standing(call, at(49)) is Standing.LATE
    assert standing(call, at(50)) is Standing.ABSENT


def test_a_visit_shorter_than_the_patience_of_the_desk_is_judged_at_its_end() -> None:
    short = Situation(Status.BOOKED, Modality.VIDEO, Interval(START, at(10)), None, Presence())
    assert [standing(short, at(minute)) for minute in (9, 10)] == [Standing.LATE, Standing.ABSENT]


def test_who_has_arrived_waits_and_is_no_absence() -> None:
    here = a_visit(Status.ARRIVED, Modality.IN_PERSON, checked_in=-5)
    assert (standing(here, at(20)), minutes(here, at(20))) == (Standing.HERE, 25)
    assert standing(here, at(600)) is Standing.HERE
    assert minutes(a_visit(Status.ARRIVED), at(20)) == 0


def test_a_session_in_which_both_were_seen_is_one() -> None:
    met = a_visit(Status.ARRIVED, seen=2, both=True)
    assert (standing(met, at(20)), minutes(met, at(20))) == (Standing.MET, 0)


def test_a_patient_whom_nobody_met_is_not_said_to_be_absent() -> None:
    alone = a_visit(Status.ARRIVED, checked_in=0, seen=0)
    assert standing(alone, at(109)) is Standing.HERE
    assert standing(alone, at(110)) is Standing.UNMET


@pytest.mark.parametrize(
    ("status", "expected"), [(Status.NOSHOW, Standing.MISSED), (Status.FULFILLED, Standing.DONE)]
)
def test_what_is_settled_stays_settled(status: Status, expected: Standing) -> None:
    assert standing(a_visit(status, seen=0, both=True), at(600)) is expected


@pytest.mark.parametrize(
    ("checked_in", "seen", "expected"),
    [(None, None, 0), (-3, None, 0), (7, None, 7), (None, 9, 9), (12, 9, 9), (-5, 20, 0)],
)
def test_lateness_counts_from_the_first_sight_of_somebody(
    checked_in: int | None, seen: int | None, expected: int
) -> None:
    assert late_by(a_visit(Status.ARRIVED, checked_in=checked_in, seen=seen)) == expected
