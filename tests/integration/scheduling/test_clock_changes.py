"""Visits in Rabat that were booked before Morocco gave up its summer time for good (tzdb 2026c)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from clinic.audit.models import AuditEntry
from clinic.bus import EventBus
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import Conflict
from clinic.ids import AppointmentId, new_id
from clinic.scheduling.events import AppointmentMoved
from clinic.scheduling.models import Appointment, AvailabilityRule
from clinic.scheduling.models.catalogue import Site
from clinic.scheduling.queries.clock_changes import moved
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.zones import tzdb_version
from clinic.scheduling.services import booking, changes, clock_changes
from clinic.scheduling.services.clock_changes import Approved, Clash, Outcome
from clinic.scheduling.services.planning import Wanted
from clinic.scheduling.services.reading import Reader
from clinic.vault import Vault
from tests.factories.scheduling import Diary, make_diary
from tests.fakes.clock import FakeClock

HOUR = timedelta(hours=1)
RABAT = "Africa/Casablanca"


@dataclass(frozen=True, slots=True)
class Clinic:
    """A diary in Rabat, and what is done in it."""

    database: Database
    vault: Vault
    clock: FakeClock
    diary: Diary

    def book(self, wall: str, *, patient: int = 0, practitioner: int = 0) -> AppointmentId:
        """Book a visit at a wall time of Rabat, which is UTC by the rules in force."""
        id = AppointmentId(new_id())
        starts_at = datetime.fromisoformat(wall).replace(tzinfo=UTC)
        whom = self.diary.practitioners[practitioner]
        with transaction(self.database) as session:
            booking.book(
                session,
                actor=self.diary.patient_actors[patient],
                clock=self.clock,
                fields=self.vault.fields,
                appointment_id=id,
                booking=booking.Booking(
                    Wanted(self.diary.service, whom, starts_at, Modality.VIDEO), None, None, None
                ),
            )
        return id

    def put_back(self, *ids: AppointmentId) -> None:
        """Let visits be as tzdb 2026a had them: an hour earlier, with the same wall time."""
        with transaction(self.database) as session:
            for row in session.scalars(
                select(Appointment).where(Appointment.id.in_(ids)).order_by(Appointment.starts_at)
            ).all():
                earlier = {
                    name: getattr(row, name) - HOUR
                    for name in ("starts_at", "ends_at", "busy_from", "busy_to")
                }
                session.execute(
                    update(Appointment)
                    .where(Appointment.id == row.id)
                    .values(**earlier, tzdb="2026a")
                    .execution_options(synchronize_session=False)
                )

    def approve(self, *ids: AppointmentId) -> list[Outcome]:
        """Approve visits as they are."""
        with transaction(self.database) as session:
            versions = {row.id: row.version for row in session.scalars(select(Appointment))}
            done = clock_changes.approve(
                session,
                actor=self.diary.desk,
                clock=self.clock,
                approved=[Approved(id, versions[id]) for id in ids],
            )
        return [one.outcome for one in done]

    def visit(self, id: AppointmentId) -> Appointment:
        """Return a visit as it is now."""
        with snapshot(self.database) as session:
            row = session.get_one(Appointment, id)
            session.refresh(row)
            session.expunge(row)
        return row


@pytest.fixture
def clinic(database: Database, vault: Vault, clock: FakeClock) -> Clinic:
    """Everybody works in Rabat."""
    diary = make_diary(database, vault)
    with transaction(database) as session:
        session.execute(update(Site).values(tz=RABAT))
        session.execute(update(AvailabilityRule).values(tz=RABAT))
    return Clinic(database, vault, clock, diary)


def test_a_visit_keeps_its_wall_time_and_gets_the_instant_of_the_new_rules(
    clinic: Clinic, bus: EventBus
) -> None:
    heard: list[AppointmentMoved] = []
    bus.before_commit(AppointmentMoved, lambda _session, event: heard.append(event))
    id = clinic.book("2026-12-01T12:00")
    clinic.put_back(id)
    before = clinic.visit(id)
    assert before.starts_at == datetime(2026, 12, 1, 11, tzinfo=UTC)
    assert clinic.approve(id) == [Outcome.MOVED]
    after = clinic.visit(id)
    assert after.starts_at == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert (after.wall_start, after.tz, after.tzdb) == ("2026-12-01T12:00", RABAT, tzdb_version())
    assert (after.ends_at - before.ends_at, after.busy_to - before.busy_to) == (HOUR, HOUR)
    assert after.version == before.version + 1
    assert [(event.appointment_id, event.version, event.clocks) for event in heard] == [
        (id, after.version, True)
    ]
    with snapshot(clinic.database) as session:
        assert moved(session, now=clinic.clock.now()) == []
        trail = session.scalars(select(AuditEntry).where(AuditEntry.action == "clock_change.approve")).all()
        assert [entry.object_id for entry in trail] == [id]


def test_visits_back_to_back_move_without_running_into_each_other(clinic: Clinic) -> None:
    ids = [
        clinic.book(f"2026-12-01T{hour}:00", patient=number % 2)
        for number, hour in enumerate((10, 11, 12, 13, 14))
    ]
    clinic.put_back(*ids)
    assert clinic.approve(*ids) == [Outcome.MOVED] * 5
    assert [clinic.visit(id).starts_at.hour for id in ids] == [10, 11, 12, 13, 14]


def test_what_stands_in_the_way_is_shown_before_and_keeps_the_visit_where_it_is(clinic: Clinic) -> None:
    old = clinic.book("2026-12-01T12:00")
    clinic.put_back(old)
    other = clinic.book("2026-12-01T12:00", patient=1)  # booked under the new rules, at the promised instant
    elsewhere = clinic.book("2026-12-02T12:00", patient=0, practitioner=0)
    clinic.put_back(elsewhere)
    twice = clinic.book("2026-12-02T12:00", patient=0, practitioner=1)
    (first, second) = listed(clinic)
    assert (first.visit.id, first.conflict, first.minutes) == (old, Clash.PRACTITIONER, 60)
    assert (second.visit.id, second.conflict) == (elsewhere, Clash.PATIENT)
    assert (first.visit.local, first.shows) == ("2026-12-01T12:00", "2026-12-01T11:00")
    assert clinic.approve(old, elsewhere) == [Outcome.CONFLICT, Outcome.CONFLICT]
    assert clinic.visit(old).starts_at.hour == 11
    for id in (other, twice):
        cancel(clinic, id)
    assert [one.conflict for one in listed(clinic)] == [None, None]
    assert clinic.approve(old, elsewhere) == [Outcome.MOVED, Outcome.MOVED]


def listed(clinic: Clinic) -> list[clock_changes.ClockChange]:
    """Return what the desk sees."""
    with transaction(clinic.database) as session:
        reader = Reader(clinic.diary.desk, clinic.clock, clinic.vault, "en")
        return clock_changes.listed(session, reader)


def cancel(clinic: Clinic, id: AppointmentId) -> None:
    """Let the desk call a visit off."""
    with transaction(clinic.database) as session:
        changes.cancel(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            appointment_id=id,
            reason=None,
        )


def test_a_visit_that_has_changed_meanwhile_is_left_alone(clinic: Clinic) -> None:
    id = clinic.book("2026-12-01T12:00")
    clinic.put_back(id)
    with transaction(clinic.database) as session:
        done = clock_changes.approve(
            session, actor=clinic.diary.desk, clock=clinic.clock, approved=[Approved(id, 7)]
        )
    assert [one.outcome for one in done] == [Outcome.CHANGED]
    assert clinic.visit(id).starts_at.hour == 11
    assert clinic.approve(id) == [Outcome.MOVED]
    assert clinic.approve(id) == [Outcome.CHANGED]  # a second time changes nothing


def test_only_what_moves_is_listed_and_the_rest_is_stamped(clinic: Clinic) -> None:
    still, old = clinic.book("2026-12-01T10:00"), clinic.book("2026-12-01T12:00")
    clinic.put_back(old)
    past = clinic.book("2026-11-23T12:00", patient=1)
    clinic.put_back(past)
    with transaction(clinic.database) as session:
        session.execute(update(Appointment).where(Appointment.id == still).values(tzdb="2026a"))
    clinic.clock.advance(timedelta(days=2))
    version = clinic.visit(still).version
    with transaction(clinic.database) as session:
        assert clock_changes.follow(session, clock=clinic.clock) == 1
    assert (clinic.visit(still).tzdb, clinic.visit(still).version) == (tzdb_version(), version)
    assert clinic.visit(old).tzdb == "2026a"
    assert [one.visit.id for one in listed(clinic)] == [old]


def test_the_move_goes_through_the_guard_and_no_other_way(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guarded change nothing moves: there is no second way to write a visit's times."""

    def refuse(_session: Session, _row: Appointment, **_values: object) -> None:
        raise Conflict("appointment_changed")

    id = clinic.book("2026-12-01T12:00")
    clinic.put_back(id)
    monkeypatch.setattr("clinic.scheduling.services.guarded.change", refuse)
    assert clinic.approve(id) == [Outcome.CHANGED]
    assert clinic.visit(id).starts_at.hour == 11
