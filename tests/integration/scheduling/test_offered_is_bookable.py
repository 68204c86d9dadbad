"""Over every clock change: each time that is offered can be booked, and no other time of the grid can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pytest

from clinic.access.actor import SYSTEM, Actor, Role
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import Conflict, Invalid
from clinic.ids import AccountId, AppointmentId, PatientId, PractitionerId, ServiceId, new_id
from clinic.scheduling.models import AvailabilityRule, ScheduleException
from clinic.scheduling.queries.slots import SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.exceptions import ExceptionKind
from clinic.scheduling.rules.zones import to_wall
from clinic.scheduling.services import booking
from clinic.scheduling.services.catalogue import create_service, create_site, open_schedule
from clinic.scheduling.services.planning import Wanted
from clinic.vault import Vault
from tests.factories.identity import make_patient, make_practitioner
from tests.factories.scheduling import PLACE, TALK
from tests.fakes.clock import FakeClock
from tests.unit.scheduling.rules.test_slots import CHANGES

GRID = timedelta(minutes=30)
BEFORE, AFTER = timedelta(hours=16), timedelta(hours=20)
NIGHTLY = replace(TALK, grid_minutes=30, lead_minutes=0, horizon_days=2)


class Undone(Exception):
    """The booking went through, and is rolled back for the next try."""


@dataclass(frozen=True)
class Nights:
    """A practitioner who is open by day and by night, a patient, and a clock shortly before a change."""

    database: Database
    vault: Vault
    clock: FakeClock
    service: ServiceId
    practitioner: PractitionerId
    patient: Actor

    def offered(self, until: datetime) -> set[datetime]:
        with snapshot(self.database) as session:
            search = SlotSearch(self.service, end=until, limit=10_000)
            return {slot.starts_at for slot in find_slots(session, search, now=self.clock.now())}

    def can_be_booked(self, starts_at: datetime) -> bool:
        try:
            with transaction(self.database) as session:
                booking.book(
                    session,
                    actor=self.patient,
                    clock=self.clock,
                    fields=self.vault.fields,
                    appointment_id=AppointmentId(new_id()),
                    booking=booking.Booking(
                        Wanted(self.service, self.practitioner, starts_at, Modality.VIDEO)
                    ),
                )
                raise Undone
        except Undone:
            return True
        except (Invalid, Conflict):
            return False

    def book(self, starts_at: datetime) -> None:
        with transaction(self.database) as session:
            wanted = Wanted(self.service, self.practitioner, starts_at, Modality.VIDEO)
            booking.book(
                session,
                actor=self.patient,
                clock=self.clock,
                fields=self.vault.fields,
                appointment_id=AppointmentId(new_id()),
                booking=booking.Booking(wanted),
            )


def _nights(database: Database, vault: Vault, tz: str, change: datetime) -> Nights:
    clock = FakeClock(change - BEFORE)
    with transaction(database) as session:
        site = create_site(session, actor=SYSTEM, clock=clock, names=PLACE, tz=tz)
        service = create_service(session, actor=SYSTEM, clock=clock, fields=vault.fields, new=NIGHTLY)
        who = PractitionerId(make_practitioner(session, vault, name="Nour").id)
        open_schedule(session, actor=SYSTEM, clock=clock, practitioner=who, site=site, services=[service])
        session.add_all(_rules(who, tz))
        away = to_wall(change + timedelta(hours=9), tz)
        session.add(_closed(who, tz, away.replace(tzinfo=None)))
        row = make_patient(session, vault)
    assert row.account_id is not None
    patient = Actor(AccountId(row.account_id), frozenset({Role.PATIENT}), patient_id=PatientId(row.id))
    return Nights(database, vault, clock, service, who, patient)


def _rules(who: PractitionerId, tz: str) -> Iterator[AvailabilityRule]:
    for weekday in range(7):
        for starts, ends, overnight in ((time(8), time(14), False), (time(20), time(4, 30), True)):
            yield AvailabilityRule(
                id=new_id(),
                practitioner_id=who,
                weekday=weekday,
                starts=starts,
                ends=ends,
                overnight=overnight,
                tz=tz,
                valid_from=date(2026, 1, 1),
                valid_to=None,
                modalities=frozenset(Modality),
            )


def _closed(who: PractitionerId, tz: str, start: datetime) -> ScheduleException:
    return ScheduleException(
        id=new_id(),
        practitioner_id=who,
        kind=ExceptionKind.CLOSED,
        wall_start=f"{start:%Y-%m-%dT%H:%M}",
        wall_end=f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}",
        tz=tz,
        modalities=frozenset(),
        created_by=SYSTEM.account_id,
        created_at=datetime.now().astimezone(),
    )


@pytest.mark.parametrize(("tz", "change"), CHANGES, ids=[f"{tz}-{change:%Y-%m-%d}" for tz, change in CHANGES])
def test_what_is_offered_can_be_booked_and_nothing_else(
    database: Database, vault: Vault, tz: str, change: datetime
) -> None:
    clinic = _nights(database, vault, tz, change)
    first, until = clinic.clock.now(), change + AFTER
    taken = min(slot for slot in clinic.offered(until) if slot >= change - timedelta(hours=3))
    clinic.book(taken)
    offered = clinic.offered(until)
    tries = [first + number * GRID for number in range((until - first) // GRID)]
    assert offered <= set(tries)
    assert {starts_at for starts_at in tries if clinic.can_be_booked(starts_at)} == offered
    assert 10 < len(offered) < len(tries)
