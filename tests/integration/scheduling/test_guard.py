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
from clinic.scheduling.models import Appointment, guard
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from tests.factories.scheduling import Diary
from tests.fakes.clock import START

NOON = START + timedelta(hours=3)


def put(
    database: Database,
    diary: Diary,
    start: datetime = NOON,
    *,
    minutes: int = 60,
    after: int = 0,
    practitioner: UUID | None = None,
    patient: UUID | None = None,
    status: Status = Status.BOOKED,
) -> UUID:
    """Insert an appointment past every service; raises IntegrityError where the database refuses."""
    end = start + timedelta(minutes=minutes)
    row = {
        "id": uuid4(),
        "practitioner_id": practitioner or diary.practitioners[0],
        "patient_id": patient or diary.patients[0],
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
        session.execute(insert(Appointment).values(**row))
    return row["id"]  # type: ignore[return-value]


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


def test_the_migrated_guard_is_the_one_of_the_models() -> None:
    from clinic.db import migrations  # the numbered file is not importable by name

    path = migrations.FOLDER / "versions" / "0003_create_the_diary.py"
    frozen: dict[str, object] = {"__name__": "frozen"}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), frozen)
    assert (frozen["SQLITE"], frozen["POSTGRESQL"]) == (guard.SQLITE, guard.POSTGRESQL)


def test_tables_made_from_the_models_have_the_guard(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new.db")
    with engine.begin() as connection:
        Appointment.metadata.create_all(connection)
        found = connection.execute(
            text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'appointment'")
        )
        assert found.scalar_one() == 2
    engine.dispose()
