"""The door: 15 minutes before to 60 after for the patient, the whole clinic day for the therapist."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.video.rules.opening import for_patient, for_practitioner

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
END = START + timedelta(minutes=50)


@pytest.mark.parametrize(
    ("minutes_from_start", "early", "over"),
    [(-16, True, False), (-15, False, False), (0, False, False), (109, False, False), (110, False, True)],
)
def test_the_patients_door(minutes_from_start: int, early: bool, over: bool) -> None:
    opening, now = for_patient(START, END), START + timedelta(minutes=minutes_from_start)
    assert (opening.is_early(now), opening.is_over(now)) == (early, over)


def test_the_therapist_may_enter_from_the_start_of_the_clinics_day_to_its_end() -> None:
    opening = for_practitioner(START, END, "Asia/Hebron")
    assert opening.opens_at == datetime(2026, 11, 21, 22, tzinfo=UTC)
    assert opening.closes_at == datetime(2026, 11, 22, 22, tzinfo=UTC)


def test_a_visit_late_in_the_day_keeps_the_therapists_door_open_past_midnight() -> None:
    late = datetime(2026, 11, 22, 21, tzinfo=UTC)
    assert for_practitioner(late, late + timedelta(minutes=50), "Asia/Hebron").closes_at == late + timedelta(
        minutes=110
    )


@given(
    hours=st.integers(0, 24 * 365 * 4),
    minutes=st.integers(10, 240),
    tz=st.sampled_from(["Asia/Jerusalem", "Asia/Hebron", "Africa/Casablanca", "UTC"]),
)
def test_the_therapists_door_is_never_closed_while_the_patients_is_open(
    hours: int, minutes: int, tz: str
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    end = start + timedelta(minutes=minutes)
    patient, practitioner = for_patient(start, end), for_practitioner(start, end, tz)
    assert practitioner.opens_at <= patient.opens_at < patient.closes_at <= practitioner.closes_at
