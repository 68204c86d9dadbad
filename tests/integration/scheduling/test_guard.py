"""The database itself refuses to put anybody in two visits at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from clinic.db.engine import Database, make_engine
from clinic.db.transaction import transaction
from clinic.scheduling.models import Appointment, guard, seat_guard
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.vault import Vault
from tests.factories.scheduling import Diary, make_diary, make_room
from tests.fakes.clock import START
from tests.servers.postgresql import PostgreSQL

NOON = START + timedelta(hours=3)
_EXCLUSIONS = "SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x'"
_TRIGGERS = """SELECT pg_get_triggerdef(oid) FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid IN ('appointment'::regclass, 'group_seat'::regclass)"""
_FUNCTIONS = "SELECT prosrc FROM pg_proc WHERE proname IN ('visit_beside_seats', 'seat_beside_visits')"


def put(
    database: Database,
    diary: Diary,
    start: datetime = NOON,
    *,
    minutes: int = 60,
    after: int = 0,
    practitioner: UUID | None = None,
    patient: UUID | str | None = "first",
    status: Status = Status.BOOKED,
    is_group: bool = False,
    room: UUID | None = None,
    over: UUID | None = None,
) -> UUID:
    """Insert an appointment past every service; raises IntegrityError where the database refuses."""
    end, number = start + timedelta(minutes=minutes), uuid4()
    row = {
        "id": number,
        "practitioner_id": practitioner or diary.practitioners[0],
        "patient_id": diary.patients[0] if patient == "first" else patient,
        "is_group": is_group,
        "service_id": diary.service,
        "modality": Modality.VIDEO,
        "status": status,
        "starts_at": start,
        "ends_at": end,
        "busy_from": start,
        "busy_to": end + timedelta(minutes=after),
        "wall_start": "2026-11-22T14:00",
        "tz": "Asia/Jerusalem",
        "tzdb": "2026f",
        "hold_expires_at": start if status in {Status.HELD, Status.EXPIRED} else None,
        "version": 1,
        "created_by": uuid4(),
        "created_at": START,
    }
    with transaction(database) as session:
        session.execute(insert(Appointment).values(**row, room_id=room, overbook_of=over))
    return number


@pytest.fixture
def diary(database: Database, vault: Vault) -> Diary:
    """One patient more than there are practitioners."""
    return make_diary(database, vault, patients=3)


def hour(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def test_refuses_a_second_visit_of_the_same_practitioner(database: Database, diary: Diary) -> None:
    put(database, diary)
    with pytest.raises(IntegrityError, match=guard.EX_PRACTITIONER):
        put(database, diary, NOON + timedelta(minutes=30), patient=diary.patients[1])


def test_refuses_a_second_visit_of_the_same_patient(database: Database, diary: Diary) -> None:
    put(database, diary)
    with pytest.raises(IntegrityError, match=guard.EX_PATIENT):
        put(database, diary, NOON + timedelta(minutes=30), practitioner=diary.practitioners[1])


@pytest.mark.parametrize("status", [Status.HELD, Status.BOOKED, Status.ARRIVED])
def test_every_live_status_takes_the_time(database: Database, diary: Diary, status: Status) -> None:
    put(database, diary, status=status)
    with pytest.raises(IntegrityError):
        put(database, diary, patient=diary.patients[1])


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.CANCELLED, Status.NOSHOW, Status.FULFILLED])
def test_a_settled_visit_takes_no_time(database: Database, diary: Diary, status: Status) -> None:
    put(database, diary, status=status)
    put(database, diary, patient=diary.patients[1])


def test_buffers_count_for_the_practitioner_and_not_for_the_patient(database: Database, diary: Diary) -> None:
    put(database, diary, after=10)
    with pytest.raises(IntegrityError, match=guard.EX_PRACTITIONER):
        put(database, diary, hour(1), patient=diary.patients[1])
    put(database, diary, hour(1), practitioner=diary.practitioners[1])


def test_a_visit_booked_over_another_is_outside_the_practitioners_rule(
    database: Database, diary: Diary
) -> None:
    there = put(database, diary)
    for patient in diary.patients[1:]:
        put(database, diary, patient=patient, over=there)
    with transaction(database) as session:
        arrived = update(Appointment).where(Appointment.id == there).values(status=Status.ARRIVED)
        session.execute(arrived)


def test_a_visit_booked_over_another_is_within_the_patients_rule(database: Database, diary: Diary) -> None:
    there = put(database, diary)
    with pytest.raises(IntegrityError, match=guard.EX_PATIENT):
        put(database, diary, practitioner=diary.practitioners[1], over=there)


def test_refuses_two_visits_in_one_room_breaks_included(database: Database, diary: Diary) -> None:
    room, other = (make_room(database, diary.site, name) for name in ("1", "2"))
    patient, practitioner = diary.patients[1], diary.practitioners[1]
    put(database, diary, after=10, room=room)
    for over in (None, uuid4()):
        with pytest.raises(IntegrityError, match=guard.EX_ROOM):
            put(database, diary, hour(1), room=room, over=over, patient=patient, practitioner=practitioner)
    moving = put(database, diary, hour(1), room=other, patient=patient, practitioner=practitioner)
    with pytest.raises(IntegrityError, match=guard.EX_ROOM), transaction(database) as session:
        session.execute(update(Appointment).where(Appointment.id == moving).values(room_id=room))


def test_visits_back_to_back_are_accepted(database: Database, diary: Diary) -> None:
    for number in range(3):
        put(database, diary, hour(number))


def test_a_visit_that_encloses_another_is_refused(database: Database, diary: Diary) -> None:
    put(database, diary)
    with pytest.raises(IntegrityError, match=guard.EX_PRACTITIONER):
        put(database, diary, hour(-10), minutes=23 * 60, patient=diary.patients[1])


def test_no_visit_is_longer_than_a_day(database: Database, diary: Diary) -> None:
    with pytest.raises(IntegrityError, match="ck_appointment_length"):
        put(database, diary, minutes=24 * 60 + 1)


def test_moving_onto_another_visit_is_refused(database: Database, diary: Diary) -> None:
    put(database, diary)
    moving = put(database, diary, hour(2), patient=diary.patients[1])
    with pytest.raises(IntegrityError, match=guard.EX_PRACTITIONER), transaction(database) as session:
        times = {"starts_at": NOON, "busy_from": NOON, "ends_at": hour(1), "busy_to": hour(1)}
        session.execute(update(Appointment).where(Appointment.id == moving).values(**times))


def test_a_cancelled_visit_does_not_come_back_onto_a_taken_time(database: Database, diary: Diary) -> None:
    gone = put(database, diary, status=Status.CANCELLED)
    put(database, diary, patient=diary.patients[1])
    with pytest.raises(IntegrityError, match=guard.EX_PRACTITIONER), transaction(database) as session:
        session.execute(update(Appointment).where(Appointment.id == gone).values(status=Status.BOOKED))


def triggers(path: Path) -> set[tuple[str, str]]:
    """Return the triggers of a SQLite file with their texts."""
    engine = make_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    engine.dispose()
    return {(row.name, row.sql) for row in found if "appointment" in row.sql or "group_seat" in row.sql}


def test_the_migrated_guard_is_the_one_of_the_models(migrated_sqlite: Path, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new.db")
    with engine.begin() as connection:
        Appointment.metadata.create_all(connection)
    engine.dispose()
    assert triggers(tmp_path / "new.db") == triggers(migrated_sqlite)
    assert {sql for _, sql in triggers(migrated_sqlite)} == {*guard.SQLITE, *seat_guard.SQLITE}


def test_the_migrated_guard_of_postgresql_is_the_one_of_the_models(postgresql: PostgreSQL) -> None:
    postgresql.execute("CREATE DATABASE from_models")
    guards = []
    for name in ("from_models", "migrated"):
        engine = make_engine(postgresql.url(name))
        with engine.begin() as connection:
            if name == "from_models":
                Appointment.metadata.create_all(connection)
            guards.append(
                {
                    *connection.scalars(text(_EXCLUSIONS)),
                    *connection.scalars(text(_TRIGGERS)),
                    *connection.scalars(text(_FUNCTIONS)),
                }
            )
        engine.dispose()
    assert guards[0] == guards[1]
    assert len(guards[0]) == 8


@pytest.mark.parametrize("status", [Status.BOOKED, Status.ARRIVED, Status.CANCELLED, Status.FULFILLED])
def test_a_visit_without_a_patient_is_a_groups(database: Database, diary: Diary, status: Status) -> None:
    put(database, diary, status=status, patient=None, is_group=True)
    with pytest.raises(IntegrityError, match="ck_appointment_patient"):
        put(database, diary, hour(2), status=status, patient=None)


def test_a_group_is_neither_held_nor_one_patients(database: Database, diary: Diary) -> None:
    for wrong in ({"patient": diary.patients[0]}, {"patient": None, "status": Status.HELD}):
        with pytest.raises(IntegrityError, match="ck_appointment_patient"):
            put(database, diary, is_group=True, **wrong)
