"""Every act that can place a visit, for the proof that all of them run through the guarded service.

Add yours to `MUTATIONS`: a name, and a function that puts a visit of `person` with `practitioner` at `slot`
by your act, raising what the act raises. Visits that are there before are booked by `Clinic.book`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, event, update

from clinic.ids import AppointmentId, PractitionerId, SeriesId, ServiceId, new_id
from clinic.scheduling.models import Appointment, WaitlistEntry, WaitlistOffer, guard
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.slots import FoundSlot
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.waitlist import Wishes
from clinic.scheduling.services import clock_changes, offers, rooms, waitlist
from clinic.scheduling.services.groups import sessions
from clinic.scheduling.services.series import booking, moving
from clinic.scheduling.services.series.parts import Part, Scope
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from clinic.scheduling.services.urgent import requests, visits
from clinic.scheduling.services.urgent.requests import NewRequest
from clinic.scheduling.services.urgent.visits import SoonVisit
from clinic.scheduling.services.waitlist import Joining
from tests.factories.groups import add_group_service
from tests.factories.on_call import write_rota
from tests.factories.scheduling import make_room
from tests.integration.scheduling.conftest import Clinic


@dataclass(frozen=True, slots=True)
class Target:
    """Where the act puts the visit of the patient `person`; `spare` is a free time elsewhere in the week."""

    person: int
    slot: FoundSlot
    spare: FoundSlot


Act = Callable[[Clinic, Target], object]


@dataclass(frozen=True, slots=True)
class Mutation:
    """An act; `rules` are those of the guard that bind it."""

    name: str
    act: Act
    rules: tuple[str, ...] = (guard.EX_PRACTITIONER, guard.EX_PATIENT)


def book(clinic: Clinic, target: Target) -> None:
    """A patient books."""
    clinic.book(clinic.diary.patient_actors[target.person], clinic.wanted(target.slot))


def book_by_desk(clinic: Clinic, target: Target) -> None:
    """The desk books for a patient."""
    patient = clinic.diary.patients[target.person]
    clinic.book(clinic.diary.desk, clinic.wanted(target.slot), patient=patient)


def hold(clinic: Clinic, target: Target) -> None:
    """A patient holds."""
    clinic.hold(clinic.diary.patient_actors[target.person], clinic.wanted(target.slot))


def confirm(clinic: Clinic, target: Target) -> None:
    """The desk holds a time for nobody yet and confirms it for a patient, whose day is guarded then."""
    desk, wanted = clinic.diary.desk, clinic.wanted(target.slot)
    held = clinic.hold(desk, wanted)
    clinic.book(desk, wanted, patient=clinic.diary.patients[target.person], hold=held.id)


def move(clinic: Clinic, target: Target) -> None:
    """A patient moves a visit."""
    patient = clinic.diary.patient_actors[target.person]
    visit = clinic.book(patient, clinic.wanted(target.spare))
    slot = target.slot
    clinic.move(clinic.diary.desk, visit.id, slot.starts_at, practitioner=PractitionerId(slot.practitioner))


def book_over(clinic: Clinic, target: Target) -> None:
    """The desk books over what is in the way: the practitioner's visits, and never the patient's own."""
    clinic.book(
        clinic.diary.desk,
        clinic.wanted(target.slot),
        patient=clinic.diary.patients[target.person],
        override="on purpose",
    )


def move_over(clinic: Clinic, target: Target) -> None:
    """The desk moves over what is in the way."""
    visit = clinic.book(clinic.diary.patient_actors[target.person], clinic.wanted(target.spare))
    slot, over = target.slot, "on purpose"
    whom = PractitionerId(slot.practitioner)
    clinic.move(clinic.diary.desk, visit.id, slot.starts_at, practitioner=whom, override=over)


def put_in_room(clinic: Clinic, target: Target) -> None:
    """The desk puts a visit in person in the room that another one has then."""
    whose = {row.patient_id: row for row in clinic.visits_at(target.slot.starts_at)}
    first, other = (whose[clinic.diary.patients[number]] for number in (0, target.person))
    with clinic.act() as session:
        rooms.assign(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            appointment_id=other.id,
            room=first.room_id,
        )


def offer(clinic: Clinic, target: Target) -> None:
    """The desk offers the time to somebody who waits, and so keeps it."""
    _offered(clinic, target)


def accept(clinic: Clinic, target: Target) -> None:
    """Somebody who waits takes the time that was kept for them: their own day is guarded then."""
    made = _offered(clinic, target)
    patient = clinic.diary.patient_actors[target.person]
    with clinic.act() as session:
        offers.accept(session, actor=patient, clock=clinic.clock, offer_id=made.id)


def accept_instead(clinic: Clinic, target: Target) -> None:
    """Somebody who has a visit and waits for an earlier one takes it: their visit moves."""
    patient = clinic.diary.patient_actors[target.person]
    made = _offered(clinic, target, clinic.book(patient, clinic.wanted(target.spare)).id)
    with clinic.act() as session:
        offers.accept(session, actor=patient, clock=clinic.clock, offer_id=made.id)


def _offered(clinic: Clinic, target: Target, instead_of: AppointmentId | None = None) -> WaitlistOffer:
    patient, slot = clinic.diary.patient_actors[target.person], target.slot
    joining = Joining(slot.service, Modality.VIDEO, Wishes(), appointment=instead_of)
    with clinic.act() as session:
        entry = waitlist.join(session, actor=patient, clock=clinic.clock, entry_id=new_id(), joining=joining)
    with clinic.act() as session:
        return offers.offer(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            offer_id=new_id(),
            entry=session.get_one(WaitlistEntry, entry.id),
            practitioner=slot.practitioner,
            starts_at=slot.starts_at,
        )


def see_soon(clinic: Clinic, target: Target) -> None:
    """Whoever is on call takes an urgent request on and sees the patient."""
    write_rota(clinic.database, clinic.vault, clinic.clock, clinic.diary)
    desk, slot, number, clock = clinic.diary.desk, target.slot, new_id(), clinic.clock
    new = NewRequest(slot.service, clinic.diary.patients[target.person])
    with clinic.act() as session:
        requests.raise_request(
            session, actor=desk, clock=clock, fields=clinic.vault.fields, request_id=number, new=new
        )
        requests.claim(session, actor=desk, clock=clock, request_id=number)
    with clinic.act() as session:
        visits.place(
            session,
            actor=desk,
            clock=clock,
            appointment_id=AppointmentId(new_id()),
            request_id=number,
            visit=SoonVisit(slot.starts_at, Modality.VIDEO, slot.practitioner),
        )


def book_series(clinic: Clinic, target: Target) -> None:
    """The desk books a series, and somebody else's visit comes in when its dates have been judged free."""
    with rival_comes_in(clinic, target):
        _series(clinic, target, target.slot)


def move_one_of_series(clinic: Clinic, target: Target) -> None:
    """The desk moves one visit of a series, and somebody else's comes in meanwhile."""
    _move_series(clinic, target, Scope.THIS)


def move_rest_of_series(clinic: Clinic, target: Target) -> None:
    """The desk moves a visit of a series and those that follow, and somebody else's comes in meanwhile."""
    _move_series(clinic, target, Scope.FOLLOWING)


def _series(clinic: Clinic, target: Target, slot: FoundSlot) -> AppointmentId:
    patient = clinic.diary.patients[target.person]
    rounds = Rounds(slot.practitioner, slot.service, Modality.VIDEO, patient)
    wish = SeriesWish(rounds, Rhythm.WEEKLY, slot.starts_at, 2, None)
    with clinic.act() as session:
        visits = booking.book(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            series_id=SeriesId(new_id()),
            wish=wish,
        )
    return visits[0].id


def _move_series(clinic: Clinic, target: Target, scope: Scope) -> None:
    named = clinic.row(_series(clinic, target, target.spare))
    assert named.series_id is not None
    goal = moving.Move(Part(scope, named.id), target.slot.starts_at, target.slot.practitioner)
    with rival_comes_in(clinic, target), clinic.act() as session:
        moving.reschedule(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            series_id=SeriesId(named.series_id),
            move=goal,
        )


def plan_group(clinic: Clinic, target: Target) -> None:
    """The desk plans a group's session, and somebody's visit comes in when its time has been judged free."""
    group = add_group_service(clinic.database, clinic.vault, clinic.diary)
    with rival_comes_in(clinic, target):
        planned_session(clinic, group, target.slot)


def move_group(clinic: Clinic, target: Target) -> None:
    """The desk moves a group's session, and somebody's visit comes in meanwhile."""
    group = add_group_service(clinic.database, clinic.vault, clinic.diary)
    planned = planned_session(clinic, group, _later(clinic, target.slot))
    with rival_comes_in(clinic, target), clinic.act() as session:
        sessions.reschedule(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            group_id=planned,
            starts_at=target.slot.starts_at,
        )


def planned_session(clinic: Clinic, service: ServiceId, slot: FoundSlot) -> AppointmentId:
    """Plan a group's session; return its id."""
    rounds = Rounds(slot.practitioner, service, Modality.VIDEO, None)
    with clinic.act() as session:
        (planned,) = sessions.plan(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            group_id=AppointmentId(new_id()),
            wish=SeriesWish(rounds, Rhythm.WEEKLY, slot.starts_at, 1, None),
            series_id=None,
            capacity=None,
        )
    return AppointmentId(planned.id)


def _later(clinic: Clinic, slot: FoundSlot) -> FoundSlot:
    """Return a free time of the same practitioner."""
    free = clinic.slots(Wish(slot.practitioner), limit=40)
    return next(one for one in free if one.starts_at > slot.starts_at)


@contextmanager
def rival_comes_in(clinic: Clinic, target: Target) -> Iterator[None]:
    """Let the visit that is at the target be booked when the act has looked and begins to write."""
    at = Appointment.starts_at == target.slot.starts_at
    leave, come = (
        update(Appointment).where(at).values(status=one) for one in (Status.CANCELLED, Status.BOOKED)
    )
    waits = [come]

    def comes(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if waits and statement.startswith(("INSERT INTO appointment ", "UPDATE appointment ")):
            connection.execute(waits.pop())

    with clinic.act() as session:
        session.execute(leave)
    event.listen(clinic.database.engine, "before_cursor_execute", comes)
    try:
        yield
    finally:
        event.remove(clinic.database.engine, "before_cursor_execute", comes)
        with clinic.act() as session:
            session.execute(come)


def follow_the_clocks(clinic: Clinic, target: Target) -> None:
    """The desk approves that a visit keeps its wall time, which new zone rules have put at the target."""
    slot, patient = target.slot, clinic.diary.patient_actors[target.person]
    visit = clinic.book(patient, clinic.wanted(_later(clinic, slot)))
    promised = {"wall_start": slot.local, "tz": slot.tz, "tzdb": "2026a"}
    with clinic.act() as session:
        session.execute(update(Appointment).where(Appointment.id == visit.id).values(**promised))
    with clinic.act() as session:
        clock_changes.approve(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            approved=[clock_changes.Approved(visit.id, visit.version)],
        )


MUTATIONS = [
    Mutation("book", book),
    Mutation("book by the desk", book_by_desk),
    Mutation("hold", hold),
    Mutation("confirm a hold", confirm),
    Mutation("move", move),
    Mutation("see soon", see_soon),
    Mutation("book a series", book_series),
    Mutation("move one of a series", move_one_of_series, (guard.EX_PATIENT,)),
    Mutation("move the rest of a series", move_rest_of_series, (guard.EX_PRACTITIONER,)),
    Mutation("plan a group", plan_group, (guard.EX_PRACTITIONER,)),
    Mutation("move a group", move_group, (guard.EX_PRACTITIONER,)),
    Mutation("follow the clocks", follow_the_clocks),
    Mutation("offer", offer, (guard.EX_PRACTITIONER,)),
    Mutation("accept an offer", accept, (guard.EX_PATIENT,)),
    Mutation("accept an offer instead of a visit", accept_instead, (guard.EX_PATIENT,)),
    Mutation("book over", book_over, (guard.EX_PATIENT,)),
    Mutation("move over", move_over, (guard.EX_PATIENT,)),
    Mutation("put in another room", put_in_room, (guard.EX_ROOM,)),
]


def target_of(clinic: Clinic, rule: str) -> Target:
    """Book a visit, and return where another one would break `rule`."""
    first, other = (clinic.slots(Wish(who), limit=40) for who in clinic.diary.practitioners[:2])
    slot = first[0]
    how = Modality.IN_PERSON if rule == guard.EX_ROOM else Modality.VIDEO
    for number in range(2 if rule == guard.EX_ROOM else 0):
        make_room(clinic.database, clinic.diary.site, str(number))
    clinic.book(clinic.diary.patient_actors[0], clinic.wanted(slot, modality=how))
    spare = next(one for one in other if one.starts_at > slot.starts_at + timedelta(days=1))
    if rule == guard.EX_PRACTITIONER:
        return Target(1, slot, spare)
    beside = next(one for one in other if one.starts_at == slot.starts_at)
    if rule == guard.EX_ROOM:
        clinic.book(clinic.diary.patient_actors[1], clinic.wanted(beside, modality=how))
        return Target(1, beside, spare)
    return Target(0, beside, spare)
