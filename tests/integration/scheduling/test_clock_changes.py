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
from clinic.scheduling.events import AppointmentMoved, SeatMoved, SessionChanged
from clinic.scheduling.models import Appointment, AvailabilityRule, GroupSeat
from clinic.scheduling.models.catalogue import Site
from clinic.scheduling.queries.clock_changes import moved
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.clock_changes import Clash
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.zones import tzdb_version
from clinic.scheduling.services import booking, changes, clock_changes, holds
from clinic.scheduling.services.clock_changes import Approved, Outcome
from clinic.scheduling.services.groups import sessions
from clinic.scheduling.services.groups.seats import Asked, take
from clinic.scheduling.services.planning import Wanted
from clinic.scheduling.services.reading import Reader
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from clinic.vault import Vault
from tests.factories.groups import add_group_service
from tests.factories.scheduling import Diary, make_diary, make_room
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

    def book(
        self,
        wall: str,
        *,
        patient: int = 0,
        practitioner: int = 0,
        modality: Modality = Modality.VIDEO,
        override: str | None = None,
    ) -> AppointmentId:
        """Book a visit at a wall time of Rabat, which is UTC by the rules in force."""
        id = AppointmentId(new_id())
        whom = self.diary.practitioners[practitioner]
        wanted = Wanted(self.diary.service, whom, at(wall), modality)
        with transaction(self.database) as session:
            booking.book(
                session,
                actor=self.diary.desk,
                clock=self.clock,
                fields=self.vault.fields,
                appointment_id=id,
                booking=booking.Booking(wanted, self.diary.patients[patient], None, None, override),
            )
        return id

    def meet(self, wall: str, *, seats: list[int], practitioner: int = 0) -> AppointmentId:
        """Plan a group's session in which these patients sit."""
        id, actor, clock = AppointmentId(new_id()), self.diary.desk, self.clock
        service = add_group_service(self.database, self.vault, self.diary, seats=8)
        rounds = Rounds(self.diary.practitioners[practitioner], service, Modality.VIDEO, None)
        wish = SeriesWish(rounds, Rhythm.WEEKLY, at(wall), 1, None)
        with transaction(self.database) as session:
            sessions.plan(
                session, actor=actor, clock=clock, group_id=id, wish=wish, series_id=None, capacity=None
            )
        for seat in seats:
            asked = Asked(id, self.diary.patients[seat], wait=False)
            with transaction(self.database) as session:
                take(session, actor=actor, clock=clock, asked=asked)
        return id

    def keep(self, wall: str, *, practitioner: int) -> None:
        """Let the desk keep a time."""
        whom = self.diary.practitioners[practitioner]
        with transaction(self.database) as session:
            holds.hold(
                session,
                actor=self.diary.desk,
                clock=self.clock,
                hold_id=AppointmentId(new_id()),
                wanted=Wanted(self.diary.service, whom, at(wall), Modality.VIDEO),
                address=b"a" * 16,
            )

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


def at(wall: str) -> datetime:
    """Return the instant of a wall time of Rabat."""
    return datetime.fromisoformat(wall).replace(tzinfo=UTC)


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
    assert ids([first, second]) == [old, elsewhere]
    assert (first.conflict, first.minutes, second.conflict) == (Clash.PRACTITIONER, 60, Clash.PATIENT)
    assert first.visit is not None
    assert (first.visit.local, first.shows) == ("2026-12-01T12:00", "2026-12-01T11:00")
    assert clinic.approve(old, elsewhere) == [Outcome.CONFLICT, Outcome.CONFLICT]
    assert clinic.visit(old).starts_at.hour == 11
    for id in (other, twice):
        cancel(clinic, id)
    assert [one.conflict for one in listed(clinic)] == [None, None]
    assert clinic.approve(old, elsewhere) == [Outcome.MOVED, Outcome.MOVED]


def test_a_session_moves_with_who_sits_in_it_or_says_who_cannot(clinic: Clinic, bus: EventBus) -> None:
    heard: list[object] = []
    for news in (SeatMoved, SessionChanged):
        bus.before_commit(news, lambda _session, event: heard.append(event))
    group = clinic.meet("2026-12-01T12:00", seats=[0, 1])
    clinic.put_back(group)
    twice = clinic.book("2026-12-01T12:00", patient=1, practitioner=1)  # booked under the new rules
    (change,) = listed(clinic)
    assert change.visit is None
    assert change.group is not None
    assert (change.group.id, change.group.taken, change.conflict) == (group, 2, Clash.MEMBER)
    heard.clear()
    assert clinic.approve(group) == [Outcome.CONFLICT]
    assert heard == []
    cancel(clinic, twice)
    assert [one.conflict for one in listed(clinic)] == [None]
    assert clinic.approve(group) == [Outcome.MOVED]
    noon = datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert (clinic.visit(group).starts_at, clinic.visit(group).tzdb) == (noon, tzdb_version())
    with snapshot(clinic.database) as session:
        assert set(session.scalars(select(GroupSeat.starts_at))) == {noon}
    whom = clinic.diary.practitioners[0]
    told = [SeatMoved(group, patient, clocks=True) for patient in sorted(clinic.diary.patients)]
    assert heard == [SessionChanged(group, whom), *told]


def test_a_seat_elsewhere_and_a_room_are_in_the_way_too(clinic: Clinic) -> None:
    room = make_room(clinic.database, clinic.diary.site, "Room 1")
    old = clinic.book("2026-12-01T12:00", modality=Modality.IN_PERSON)
    clinic.put_back(old)
    other = clinic.book("2026-12-01T12:00", patient=1, practitioner=1, modality=Modality.IN_PERSON)
    assert clinic.visit(old).room_id == clinic.visit(other).room_id == room
    assert [one.conflict for one in listed(clinic)] == [Clash.ROOM]
    cancel(clinic, other)
    clinic.meet("2026-12-01T12:00", seats=[0], practitioner=1)
    assert [one.conflict for one in listed(clinic)] == [Clash.PATIENT]
    assert clinic.approve(old) == [Outcome.CONFLICT]


def test_visits_over_one_another_on_purpose_stay_so_and_a_lapsed_hold_is_no_obstacle(clinic: Clinic) -> None:
    plain = clinic.book("2026-12-01T12:00")
    over = clinic.book("2026-12-01T12:00", patient=1, override="Agreed with both")
    clinic.put_back(plain, over)
    clinic.keep("2026-12-01T12:00", practitioner=0)
    conflicts = dict(zip(ids(found := listed(clinic)), (one.conflict for one in found), strict=True))
    assert conflicts == {plain: Clash.PRACTITIONER, over: None}
    clinic.clock.advance(HOUR)
    assert [one.conflict for one in listed(clinic)] == [None, None]
    assert clinic.approve(plain, over) == [Outcome.MOVED, Outcome.MOVED]
    assert clinic.visit(over).overbook_of == plain
    assert clinic.visit(over).starts_at == clinic.visit(plain).starts_at


def listed(clinic: Clinic) -> list[clock_changes.ClockChange]:
    """Return what the desk sees."""
    with transaction(clinic.database) as session:
        reader = Reader(clinic.diary.desk, clinic.clock, clinic.vault, "en")
        rows = clock_changes.waiting(session, reader)
        return clock_changes.described(session, reader, rows, moving={row.id for row in rows})


def ids(changes: list[clock_changes.ClockChange]) -> list[AppointmentId]:
    """Return which visits and sessions they are."""
    return [one.id for change in changes for one in (change.visit, change.group) if one is not None]


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
    assert ids(listed(clinic)) == [old]


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
