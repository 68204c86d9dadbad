"""What a preview says is what booking does: nothing is in the way where, and only where, it goes through."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import update

from clinic.access.actor import SYSTEM, Actor
from clinic.errors import Conflict, Invalid
from clinic.ids import AppointmentId, SiteId, new_id
from clinic.scheduling.models import AvailabilityRule, Holiday
from clinic.scheduling.outside.reading import Found
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.conflicts import Kind
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import to_utc
from clinic.scheduling.services import booking, external_calendars
from clinic.scheduling.services.catalogue import create_site
from clinic.scheduling.services.groups import seats
from clinic.scheduling.services.planning import Wanted
from clinic.scheduling.services.preview import Preview, Question, preview
from tests.factories.groups import add_group_service
from tests.factories.scheduling import PLACE, make_room
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.mutations import planned_session

MONDAY, HALF = datetime(2026, 11, 23), timedelta(minutes=30)  # noqa: DTZ001


class Undone(Exception):
    """The booking went through, and is rolled back for the next try."""


def at(hour: int, minute: int = 0) -> datetime:
    """Return a time of Monday in Jerusalem."""
    return to_utc(datetime.combine(MONDAY, time(hour, minute)), "Asia/Jerusalem")


def looked(clinic: Clinic, actor: Actor, wanted: Wanted) -> Preview:
    patient = clinic.diary.patients[0]
    with clinic.act() as session:
        return preview(session, clinic.reader(actor), Question(wanted, patient))


def goes_through(clinic: Clinic, actor: Actor, wanted: Wanted) -> bool:
    try:
        with clinic.act() as session:
            booking.book(
                session,
                actor=actor,
                clock=clinic.clock,
                fields=clinic.vault.fields,
                appointment_id=AppointmentId(new_id()),
                booking=booking.Booking(wanted, clinic.diary.patients[0]),
            )
            raise Undone
    except Undone:
        return True
    except (Invalid, Conflict):
        return False


@pytest.fixture
def busy_monday(clinic: Clinic) -> SiteId:
    """On Monday the practitioner is at home until noon and then elsewhere, and much is in the way."""
    with clinic.act() as session:
        away = create_site(session, actor=SYSTEM, clock=clinic.clock, names=PLACE, tz="Asia/Hebron")
        monday = (
            AvailabilityRule.practitioner_id == clinic.diary.practitioners[0],
            AvailabilityRule.weekday == 0,
        )
        session.execute(update(AvailabilityRule).where(*monday).values(ends=time(12, 30)))
        session.add(_afternoon(clinic, away))
        session.add(_closed(away, "15:00", "16:00"))
        session.add(_closed(clinic.diary.site, "16:00", "18:00"))
    make_room(clinic.database, away, "A")
    _elsewhere(clinic, Interval(at(9, 10), at(9, 20)))
    _in_a_group(clinic)
    return away


def _afternoon(clinic: Clinic, site: SiteId) -> AvailabilityRule:
    return AvailabilityRule(
        id=new_id(),
        practitioner_id=clinic.diary.practitioners[0],
        site_id=site,
        weekday=0,
        starts=time(12, 30),
        ends=time(18),
        tz="Asia/Jerusalem",
        valid_from=MONDAY.date(),
        modalities=frozenset(Modality),
    )


def _closed(site: SiteId, start: str, end: str) -> Holiday:
    day = f"{MONDAY:%Y-%m-%d}"
    return Holiday(
        id=new_id(),
        site_id=site,
        wall_start=f"{day}T{start}",
        wall_end=f"{day}T{end}",
        names={"en": "Eid"},
        closes=True,
        version=1,
    )


def _elsewhere(clinic: Clinic, busy: Interval) -> None:
    number, actor = new_id(), clinic.diary.therapist_actors[0]
    with clinic.act() as session:
        external_calendars.add(
            session,
            actor=actor,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            calendar_id=number,
            practitioner=clinic.diary.practitioners[0],
            address="https://calendar.example/x",
            trusted=frozenset(),
        )
        external_calendars.keep(session, clock=clinic.clock, calendar_id=number, found=[Found(busy, None)])


def _in_a_group(clinic: Clinic) -> None:
    """Let the patient sit in a colleague's group at 11:00."""
    group = add_group_service(clinic.database, clinic.vault, clinic.diary)
    free = clinic.slots(Wish(clinic.diary.practitioners[1]), limit=20)
    there = planned_session(clinic, group, next(one for one in free if one.starts_at == at(11)))
    with clinic.act() as session:
        asked = seats.Asked(there, None, wait=False)
        seats.take(session, actor=clinic.diary.patient_actors[0], clock=clinic.clock, asked=asked)


@pytest.mark.parametrize("modality", [Modality.VIDEO, Modality.IN_PERSON])
def test_it_is_offered_where_it_can_be_booked(
    clinic: Clinic, busy_monday: SiteId, modality: Modality
) -> None:
    found: dict[str, set[Kind]] = {}
    for step in range(20):
        starts_at = at(8, 30) + step * HALF
        wanted = Wanted(clinic.diary.service, clinic.diary.practitioners[0], starts_at, modality)
        for actor in (clinic.diary.patient_actors[0], clinic.diary.desk):
            seen = looked(clinic, actor, wanted)
            assert seen.offered is goes_through(clinic, actor, wanted), (seen.local, seen.conflicts)
        found[seen.local[11:]] = {one.kind for one in seen.conflicts}
    assert [local for local, kinds in found.items() if not kinds] == [
        "10:00",
        "13:00",
        "14:00",
        "16:00",
        "17:00",
    ]
    assert found["09:00"] == {Kind.TAKEN}
    assert found["11:00"] == {Kind.PATIENT_BUSY}
    assert found["12:00"] == {Kind.OUTSIDE_HOURS}
    assert found["13:30"] == {Kind.OFF_GRID}
    assert found["15:00"] == {Kind.AWAY}


def test_the_room_is_one_of_the_site_where_it_would_be(clinic: Clinic, busy_monday: SiteId) -> None:
    wanted = Wanted(clinic.diary.service, clinic.diary.practitioners[0], at(14), Modality.IN_PERSON)
    seen = looked(clinic, clinic.diary.desk, wanted)
    assert (seen.location_name, seen.tz) == ("A", "Asia/Hebron")
