"""Urgent requests on both databases: step by step to the desk, one claim, and real processes at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic.access.actor import Actor
from clinic.audit.models import AuditEntry
from clinic.bus import EventBus
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.identity.models import Account, AccountStatus
from clinic.ids import AppointmentId, PractitionerId, new_id
from clinic.notifications import services as messages
from clinic.notifications.models import OutboxMessage, OutboxState
from clinic.scheduling import tasks
from clinic.scheduling.events import UrgentRequestAsked
from clinic.scheduling.models import Appointment, UrgentRequest
from clinic.scheduling.queries.subjects import About
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.exceptions import ExceptionKind
from clinic.scheduling.rules.urgent_requests import DESK, Outcome, RequestState
from clinic.scheduling.services import deliveries
from clinic.scheduling.services.exceptions import NewStretch, add
from clinic.scheduling.services.urgent import requests, visits
from clinic.scheduling.services.urgent.requests import NewRequest
from clinic.scheduling.services.urgent.visits import SoonVisit
from clinic.vault import Vault
from tests.factories.on_call import ANSWER_MINUTES, write_rota
from tests.factories.scheduling import Diary, make_diary
from tests.fakes.clock import FakeClock
from tests.integration.scheduling.conftest import Clinic
from tests.servers.answerer import serve, tell_by
from tests.servers.forks import Fork

PATIENCE = timedelta(minutes=ANSWER_MINUTES)


@pytest.fixture
def bus(clock: FakeClock) -> EventBus:
    """A bus that queues messages about requests."""
    bus = EventBus()
    tell_by(bus, clock)
    return bus


@pytest.fixture
def diary(database: Database, vault: Vault, clock: FakeClock) -> Diary:
    """Three practitioners, of whom the first two are on call, and four patients."""
    diary = make_diary(database, vault, patients=4, practitioners=3)
    write_rota(database, vault, clock, diary)
    return diary


def raised(clinic: Clinic, patient: int = 0, actor: Actor | None = None) -> UUID:
    number = new_id()
    with clinic.act() as session:
        requests.raise_request(
            session,
            actor=actor or clinic.diary.desk,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            request_id=number,
            new=NewRequest(clinic.diary.service, clinic.diary.patients[patient], "+970 59 123 4567"),
        )
    return number


def claim(clinic: Clinic, request: UUID, actor: Actor) -> None:
    with clinic.act() as session:
        requests.claim(session, actor=actor, clock=clinic.clock, request_id=request)


def hand_on(clinic: Clinic, request: UUID, actor: Actor, to: int | None = None) -> None:
    whom = None if to is None else clinic.diary.practitioners[to]
    with clinic.act() as session:
        requests.hand_on(session, actor=actor, clock=clinic.clock, request_id=request, to=whom)


def ask_next(clinic: Clinic, after: timedelta = PATIENCE) -> int:
    clinic.clock.advance(after)
    return tasks.ask_the_next(clinic.database, clinic.clock)


def way(clinic: Clinic, request: UUID) -> list[tuple[str, int]]:
    with snapshot(clinic.database) as session:
        return [(one.kind.value, one.step) for one in session.get_one(UrgentRequest, request).events]


def state(clinic: Clinic, request: UUID) -> tuple[RequestState, int]:
    with snapshot(clinic.database) as session:
        row = session.get_one(UrgentRequest, request)
        return row.state, row.step


def told(clinic: Clinic) -> list[tuple[str, UUID]]:
    with snapshot(clinic.database) as session:
        rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.due_at, OutboxMessage.dedupe))
        return [(row.kind, row.recipient_id) for row in rows]


def test_goes_on_step_by_step_and_ends_at_the_desk(clinic: Clinic) -> None:
    request = raised(clinic)
    first, second, _ = clinic.diary.therapist_actors
    assert told(clinic) == [("on_call.asked", first.account_id)]
    assert ask_next(clinic, PATIENCE - timedelta(seconds=1)) == 0
    assert ask_next(clinic, timedelta(seconds=1)) == 1
    assert told(clinic)[1:] == [("on_call.asked", second.account_id)]
    assert ask_next(clinic) == 1
    assert told(clinic)[2:] == [("on_call.desk", clinic.diary.desk.account_id)]
    assert way(clinic, request) == [("raised", 0), ("asked", 1), ("asked", 2), ("desk", DESK)]
    with snapshot(clinic.database) as session:
        actions = select(AuditEntry.action).where(AuditEntry.object_id == request).order_by(AuditEntry.at)
        assert sorted(session.scalars(actions)) == [
            "urgent_request.escalate",
            "urgent_request.escalate",
            "urgent_request.raise",
        ]


def test_the_desk_is_told_again_until_somebody_claims(clinic: Clinic) -> None:
    write_rota(clinic.database, clinic.vault, clinic.clock, clinic.diary, [])
    request, desk, moment = raised(clinic), clinic.diary.desk, timedelta(seconds=1)
    for minutes in (15, 30, 60, 120, 240, 240):
        assert ask_next(clinic, timedelta(minutes=minutes) - moment) == 0
        assert ask_next(clinic, moment) == 1
    assert told(clinic) == [("on_call.desk", desk.account_id)] * 7
    hand_on(clinic, request, desk, to=2)
    assert ask_next(clinic) == 1
    assert ask_next(clinic, timedelta(minutes=15)) == 1, "it has come back to the desk: as at the first time"
    claim(clinic, request, desk)
    assert ask_next(clinic, timedelta(days=1)) == 0


def test_the_desk_sees_whom_a_message_did_not_reach(clinic: Clinic) -> None:
    raised(clinic)
    with clinic.act() as session:
        (taken,) = messages.take(session, clock=clinic.clock)
        messages.postpone(session, clock=clinic.clock, taken=taken, reason="sms_422", final=True)
    reader = clinic.reader(clinic.diary.desk)
    with clinic.act() as session:
        (seen,) = deliveries.undelivered(session, reader, "Asia/Jerusalem", limit=5, before=None)
        assert (seen.about, seen.kind, seen.to) == (About.REQUEST, "asked", "practitioner")
        assert (seen.to_name, seen.patient) == ("Therapist 0", clinic.diary.patients[0])
        assert (seen.appointment, seen.visit_local, seen.tz) == (None, None, "Asia/Jerusalem")
        again = deliveries.send_again(session, reader, seen.id, "Asia/Jerusalem")
    assert again.state is OutboxState.WAITING


def test_a_request_that_cannot_go_on_stops_no_other(clinic: Clinic, bus: EventBus) -> None:
    stuck, other = raised(clinic), raised(clinic, patient=1)

    def fail(_session: object, event: UrgentRequestAsked) -> None:
        if event.request_id == stuck:
            raise ZeroDivisionError

    bus.before_commit(UrgentRequestAsked, fail)
    assert ask_next(clinic) == 1
    assert (state(clinic, stuck), state(clinic, other)) == ((RequestState.OPEN, 1), (RequestState.OPEN, 2))


def test_a_step_that_is_away_is_passed_over_and_an_empty_rota_asks_the_desk(clinic: Clinic) -> None:
    wall = clinic.clock.now().replace(tzinfo=None)
    away = NewStretch(ExceptionKind.LEAVE, wall, wall + timedelta(days=2), tz="UTC")
    with clinic.act() as session:
        add(session, clinic.reader(clinic.diary.desk), clinic.diary.practitioners[0], away, new_id())
    request = raised(clinic)
    assert way(clinic, request) == [("raised", 0), ("nobody", 1), ("asked", 2)]
    write_rota(clinic.database, clinic.vault, clinic.clock, clinic.diary, [])
    other = raised(clinic, patient=1)
    assert way(clinic, other) == [("raised", 0), ("desk", DESK)]


def test_a_claim_stops_the_asking_and_is_one(clinic: Clinic) -> None:
    request = raised(clinic)
    first, second, third = clinic.diary.therapist_actors
    with pytest.raises(NotFound):
        claim(clinic, request, second)  # not asked yet
    assert ask_next(clinic) == 1
    claim(clinic, request, first)  # late, and still in time
    with pytest.raises(Conflict, match="claimed_already"):
        claim(clinic, request, second)
    with pytest.raises(NotFound):
        claim(clinic, request, third)
    assert ask_next(clinic, timedelta(days=1)) == 0
    assert state(clinic, request) == (RequestState.CLAIMED, 2)


def test_is_handed_on_to_the_next_or_to_somebody_by_name(clinic: Clinic) -> None:
    request = raised(clinic)
    first, second, third = clinic.diary.therapist_actors
    claim(clinic, request, first)
    hand_on(clinic, request, first)
    claim(clinic, request, second)
    with pytest.raises(Conflict, match="claimed_already"):
        hand_on(clinic, request, first)
    hand_on(clinic, request, second)
    assert state(clinic, request) == (RequestState.OPEN, DESK)
    with pytest.raises(Conflict, match="nobody_next"):
        hand_on(clinic, request, clinic.diary.desk)
    with clinic.act() as session:
        session.get_one(Account, second.account_id).status = AccountStatus.DISABLED
    for nobody in (PractitionerId(new_id()), clinic.diary.practitioners[1]):
        with pytest.raises(Invalid) as refused, clinic.act() as session:
            requests.hand_on(
                session, actor=clinic.diary.desk, clock=clinic.clock, request_id=request, to=nobody
            )
        assert set(refused.value.errors) == {"to"}
    hand_on(clinic, request, clinic.diary.desk, to=2)
    assert ask_next(clinic) == 1  # nobody answered: with the desk again, who are told again
    assert [kind for kind, _ in told(clinic)].count("on_call.desk") == 2
    claim(clinic, request, third)
    hand_on(clinic, request, third)  # cannot do it after all: back to the desk
    assert state(clinic, request) == (RequestState.OPEN, DESK)
    assert [kind for kind, _ in told(clinic)].count("on_call.desk") == 3
    claim(clinic, request, third)
    with clinic.act() as session:
        requests.close(session, actor=third, clock=clinic.clock, request_id=request, outcome=Outcome.SPOKEN)
    assert way(clinic, request)[-1] == ("closed", DESK)
    with pytest.raises(Conflict, match="request_closed"):
        claim(clinic, request, third)


def test_one_request_stands_for_a_patient_and_practitioners_raise_it_for_their_own(clinic: Clinic) -> None:
    raised(clinic)
    with pytest.raises(Conflict, match="requested_already"):
        raised(clinic)
    therapist = clinic.diary.therapist_actors[2]
    with pytest.raises(Denied, match="consent_denied"):
        raised(clinic, patient=1, actor=therapist)
    clinic.book(clinic.diary.patient_actors[1], clinic.wanted(clinic.first(2)))
    request = raised(clinic, patient=1, actor=therapist)
    assert state(clinic, request) == (RequestState.OPEN, 1)


def place(clinic: Clinic, request: UUID, actor: Actor, starts_at: object) -> Appointment:
    with clinic.act() as session:
        return visits.place(
            session,
            actor=actor,
            clock=clinic.clock,
            appointment_id=AppointmentId(new_id()),
            request_id=request,
            visit=SoonVisit(starts_at, Modality.PHONE),  # type: ignore[arg-type]
        )


def test_a_visit_may_be_at_night_while_on_call_and_over_no_other(clinic: Clinic) -> None:
    request, first = raised(clinic), clinic.diary.therapist_actors[0]
    tonight = clinic.clock.now().replace(hour=21, minute=15)
    with pytest.raises(Conflict, match="not_claimed"):
        place(clinic, request, first, tonight)
    claim(clinic, request, first)
    with snapshot(clinic.database) as session:
        times = visits.times(
            session,
            actor=first,
            clock=clinic.clock,
            request_id=request,
            modality=Modality.PHONE,
            practitioner=None,
        )
    assert times[0].starts_at - clinic.clock.now() < timedelta(minutes=15)
    assert any(one.on_call for one in times)
    booked = place(clinic, request, first, tonight)
    assert (booked.starts_at, booked.overbook_of) == (tonight, None)
    with snapshot(clinic.database) as session:
        row = session.get_one(UrgentRequest, request)
        assert (row.state, row.outcome, row.appointment_id) == (
            RequestState.CLOSED,
            Outcome.VISIT,
            booked.id,
        )
    other = raised(clinic, patient=1)
    claim(clinic, other, first)
    with pytest.raises(Conflict, match="slot_taken"):
        place(clinic, other, first, tonight + timedelta(minutes=30))


def test_off_call_only_offered_times_count(clinic: Clinic) -> None:
    request, third = raised(clinic), clinic.diary.therapist_actors[2]
    hand_on(clinic, request, clinic.diary.desk, to=2)
    claim(clinic, request, third)
    with pytest.raises(Invalid, match="slot_not_offered"):
        place(clinic, request, third, clinic.clock.now().replace(hour=21))
    offered = clinic.first(2).starts_at
    assert place(clinic, request, third, offered).starts_at == offered


def tell(process: Fork, clinic: Clinic, *act: object) -> None:
    """Let a process act now."""
    process.line.send([clinic.clock.now().isoformat(), *map(str, act)])


@pytest.fixture
def processes(database_url: str) -> Iterator[list[Fork]]:
    """Two processes on the database, ready."""
    both = [Fork(serve, database_url) for _ in range(2)]
    assert [one.line.recv() for one in both] == ["ready"] * 2
    yield both
    for one in both:
        one.end()


def test_of_two_processes_one_claims_each_step_is_asked_once_and_the_dead_asked_nobody(
    clinic: Clinic, processes: list[Fork]
) -> None:
    first, second, _ = clinic.diary.therapist_actors
    request, *waiting = [raised(clinic, patient) for patient in range(4)]
    hand_on(clinic, request, clinic.diary.desk, to=1)
    for process, who in zip(processes, (first, second), strict=True):
        tell(process, clinic, "claim", request, who.account_id, who.practitioner_id)
    assert sorted(process.line.recv() for process in processes) == ["claimed_already", "done"]
    assert [kind for kind, _ in way(clinic, request)].count("claimed") == 1

    clinic.clock.advance(PATIENCE)
    before = told(clinic)
    for process in processes:
        tell(process, clinic, "ask")
    assert sum(int(process.line.recv()) for process in processes) == 3
    assert {tuple(way(clinic, one)) for one in waiting} == {(("raised", 0), ("asked", 1), ("asked", 2))}
    assert told(clinic)[len(before) :] == [("on_call.asked", second.account_id)] * 3

    clinic.clock.advance(PATIENCE)
    before = told(clinic)
    tell(processes[0], clinic, "ask-and-die")
    assert processes[0].end() == -signal.SIGKILL
    assert told(clinic) == before
    tell(processes[1], clinic, "ask")
    assert processes[1].line.recv() == "3"
    assert {way(clinic, one)[-1] for one in waiting} == {("desk", DESK)}
