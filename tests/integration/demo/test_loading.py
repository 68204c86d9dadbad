"""The demo clinic: the same content every time, refused outside demo mode, and a visit to join now."""

from __future__ import annotations

import dataclasses
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic.app import build_parts, create_app
from clinic.config import Settings, settings_from
from clinic.db.transaction import snapshot
from clinic.demo import loading
from clinic.errors import ConfigurationError
from clinic.identity.models import Account, CareRelationship, Patient, Practitioner
from clinic.scheduling.models import Appointment, GroupSeat, GroupSession, Series
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.vault import initialise
from clinic.web.runtime import Runtime
from tests.factories.http import sign_in
from tests.fakes.clock import FakeClock


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """The data folder of a demo clinic that has just been loaded, to copy."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    (folder / "data").mkdir(parents=True)
    shutil.copy(migrated_sqlite, folder / "data" / "clinic.db")
    settings, clock = demo_settings(folder), FakeClock()
    initialise(settings, clock)
    parts = build_parts(settings, clock)
    loading.load(parts)
    parts.database.dispose()
    parts.vault.close()
    return folder


def demo_settings(folder: Path) -> Settings:
    return settings_from({"DATA_DIR": str(folder), "CLINIC_SECRET_KEY": "0" * 64, "CLINIC_DEMO": "1"})


@pytest.fixture
def parts(loaded: Path, tmp_path: Path, clock: FakeClock) -> Runtime:
    """A demo clinic of one's own, loaded at the fake clock's start."""
    shutil.copytree(loaded, tmp_path / "demo")
    return build_parts(demo_settings(tmp_path / "demo"), clock)


def live_visits(parts: Runtime) -> list[Appointment]:
    now = parts.clock.now()
    with snapshot(parts.database) as session:
        index = parts.vault.fields.index("email", "patient@demo.invalid")
        patient = select(Patient.id).join(Account, Patient.account_id == Account.id)
        rows = session.scalars(
            select(Appointment).where(
                Appointment.patient_id.in_(patient.where(Account.email_index == index)),
                Appointment.modality == Modality.VIDEO,
                Appointment.status == Status.BOOKED,
                Appointment.starts_at <= now,
                Appointment.ends_at > now,
            )
        )
        return list(rows)


def test_refuses_outside_demo_mode(settings: Settings, clock: FakeClock) -> None:
    with pytest.raises(ConfigurationError, match="CLINIC_DEMO"):
        loading.load(build_parts(settings, clock))


def test_makes_what_the_contract_says(parts: Runtime) -> None:
    extent = loading.load(parts)
    assert (extent.practitioners, extent.patients) == (12, 80)
    assert extent.appointments > 900
    assert extent.notes > 200


def test_there_is_one_group_with_members_and_one_weekly_series(parts: Runtime, clock: FakeClock) -> None:
    with snapshot(parts.database) as session:
        of_group, of_one = sorted(session.scalars(select(Series)), key=lambda one: one.patient_id is not None)
        sessions = session.scalars(select(Appointment).where(Appointment.series_id == of_group.id)).all()
        visits = session.scalars(select(Appointment).where(Appointment.series_id == of_one.id)).all()
        seats = session.scalars(select(GroupSeat)).all()
        taken = set(session.scalars(select(GroupSession.taken)))
        assert all(one.is_group for one in sessions)
        assert (len(sessions), len(visits), len(seats), taken) == (16, 12, 16 * 7, {7})
        assert {visit.wall_start[10:] for visit in visits} == {visits[0].wall_start[10:]}
        assert all(visit.starts_at > clock.now() for visit in visits)


def test_every_visit_in_person_has_a_room(parts: Runtime) -> None:
    with snapshot(parts.database) as session:
        rows = session.scalars(select(Appointment).where(Appointment.modality == Modality.IN_PERSON)).all()
        placed = [row.room_id for row in rows if row.status in {Status.BOOKED, Status.FULFILLED}]
    assert len(placed) > 100
    assert None not in placed


def test_loading_again_makes_nothing_twice(parts: Runtime) -> None:
    assert loading.load(parts) == loading.load(parts)


def test_there_is_a_visit_to_join_now_and_after_the_next_start_too(parts: Runtime, clock: FakeClock) -> None:
    assert len(live_visits(parts)) == 1
    clock.advance(timedelta(hours=7))
    assert live_visits(parts) == []
    loading.load(parts)
    assert len(live_visits(parts)) == 1


def test_the_second_therapist_has_no_relation_with_the_first_patient(parts: Runtime) -> None:
    with snapshot(parts.database) as session:
        pairs = session.execute(
            select(Patient.account_id, Practitioner.name)
            .join(CareRelationship, CareRelationship.patient_id == Patient.id)
            .join(Practitioner, Practitioner.id == CareRelationship.practitioner_id)
        )
        index = parts.vault.fields.index("email", "patient@demo.invalid")
        account = session.scalars(select(Account.id).where(Account.email_index == index)).one()
        assert Counter(name for owner, name in pairs if owner == account) == {"سلمى الإدريسي": 1}


def test_the_documented_people_can_sign_in(parts: Runtime) -> None:
    client = create_app(parts.settings, clock=parts.clock).test_client()
    for login in (
        "patient",
        "patient2",
        "guardian",
        "minor",
        "therapist",
        "therapist2",
        "supervisor",
        "reception",
        "manager",
    ):
        assert sign_in(client, f"{login}@demo.invalid", loading.PASSWORD)


def test_production_refuses_to_start_beside_demo_people(parts: Runtime) -> None:
    production = dataclasses.replace(parts.settings, production=True, demo=False)
    with pytest.raises(ConfigurationError, match="demo accounts"):
        create_app(production, clock=parts.clock)
