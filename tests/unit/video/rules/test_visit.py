"""Whose side of a visit somebody is on, and whether that side's door is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from clinic.access.actor import Actor, Role
from clinic.errors import Conflict, NotFound
from clinic.ids import AccountId, AppointmentId, PatientId, PractitionerId, new_id
from clinic.video.rules.room import SeatRole
from clinic.video.rules.visit import Visit

START = datetime(2026, 11, 22, 14, tzinfo=UTC)
VISIT = Visit(
    id=AppointmentId(new_id()),
    patient_id=PatientId(new_id()),
    practitioner_id=PractitionerId(new_id()),
    starts_at=START,
    ends_at=START + timedelta(minutes=50),
    local="2026-11-22T16:00",
    tz="Asia/Hebron",
    offset="+02:00",
    modality="video",
    is_on=True,
)
PATIENT = Actor(AccountId(new_id()), frozenset({Role.PATIENT}), patient_id=VISIT.patient_id)
THERAPIST = Actor(AccountId(new_id()), frozenset({Role.PRACTITIONER}), practitioner_id=VISIT.practitioner_id)


def test_each_has_their_side() -> None:
    assert VISIT.role_of(PATIENT) is SeatRole.PATIENT
    assert VISIT.role_of(THERAPIST) is SeatRole.PRACTITIONER


@pytest.mark.parametrize(
    "stranger",
    [
        Actor(AccountId(new_id()), frozenset({Role.CLINIC_ADMIN})),
        replace(PATIENT, patient_id=PatientId(new_id())),
        replace(THERAPIST, practitioner_id=PractitionerId(new_id())),
        # The same number in the other register is somebody else.
        Actor(AccountId(new_id()), frozenset(), patient_id=PatientId(VISIT.practitioner_id)),
    ],
)
def test_strangers_have_none(stranger: Actor) -> None:
    with pytest.raises(NotFound):
        VISIT.role_of(stranger)


def test_an_open_door_says_nothing() -> None:
    for role in SeatRole:
        VISIT.check_door(role, START)


def test_an_early_patient_is_told_when() -> None:
    with pytest.raises(Conflict, match="room_not_open") as refused:
        VISIT.check_door(SeatRole.PATIENT, START - timedelta(minutes=20))
    assert refused.value.facts == {"opens_at": "2026-11-22T13:45:00+00:00"}


@pytest.mark.parametrize(
    ("visit", "now"),
    [
        (replace(VISIT, is_on=False), START),
        (replace(VISIT, modality="phone"), START),
        (VISIT, START + timedelta(minutes=110)),
        (replace(VISIT, is_on=False), START - timedelta(days=1)),
    ],
)
def test_a_closed_door_is_closed_whatever_the_reason(visit: Visit, now: datetime) -> None:
    with pytest.raises(Conflict, match="room_closed"):
        visit.check_door(SeatRole.PATIENT, now)
