"""Fifty people ask for eight seats at the same moment, on either database; nobody is in two places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from clinic.app import create_app
from clinic.config import Settings
from clinic.db.transaction import snapshot
from clinic.scheduling.models import GroupSeat, GroupSession
from clinic.scheduling.rules.groups import SeatStatus
from clinic.web.runtime import Runtime
from tests.factories.groups import TUESDAY, add_group_service, group_body
from tests.factories.scheduling import Diary, make_diary
from tests.fakes.clock import FakeClock
from tests.functional.scheduling.races import CROWD, Person, at_once, crowd, serving

SEATS = 8


@dataclass(frozen=True, slots=True)
class Circle:
    """A session of eight seats, and everybody who would sit in it."""

    parts: Runtime
    diary: Diary
    people: list[Person]
    group: str


@pytest.fixture
def circle(settings: Settings, clock: FakeClock, database_url: str) -> Iterator[Circle]:
    """Fifty patients before one session."""
    app = create_app(replace(settings, database_url=database_url), clock=clock)
    parts = app.extensions["clinic"]
    assert isinstance(parts, Runtime)
    diary = make_diary(parts.database, parts.vault, patients=CROWD, practitioners=2)
    service = add_group_service(parts.database, parts.vault, diary, seats=SEATS)
    with serving(app) as port:
        desk, *people = crowd(parts, [diary.desk, *diary.patient_actors], port)
        status, made = desk.post("/groups", group_body(diary, service))
        assert status == 201, made
        yield Circle(parts, diary, people, str(made["id"]))
    parts.database.dispose()


def seated(circle: Circle) -> tuple[int, int]:
    """Return the seats that are booked, and those that the session counts as taken."""
    with snapshot(circle.parts.database) as session:
        booked = select(func.count()).where(GroupSeat.status == SeatStatus.BOOKED)
        taken = select(GroupSession.taken)
        return session.execute(booked).scalar_one(), session.execute(taken).scalar_one()


def test_fifty_ask_for_eight_seats_and_eight_get_one(circle: Circle) -> None:
    path = f"/groups/{circle.group}/seats"
    answers = at_once([lambda person=person: person.post(path, {}) for person in circle.people])  # type: ignore[misc]
    assert Counter(status for status, _ in answers) == {201: SEATS, 409: CROWD - SEATS}
    assert {answer["code"] for status, answer in answers if status == 409} == {"group_full"}
    assert seated(circle) == (SEATS, SEATS)


def test_as_many_move_up_as_give_up_at_once(circle: Circle, clock: FakeClock) -> None:
    path = f"/groups/{circle.group}/seats"
    asked = []
    for person in circle.people[: 3 * SEATS]:
        asked.append(person.post(path, {"wait": True}))
        clock.advance(timedelta(seconds=1))
    assert Counter(answer["seat"] for _, answer in asked) == {"booked": SEATS, "waiting": 2 * SEATS}
    leaving = [
        lambda person=person, who=who: person.delete(f"{path}/{who}")
        for person, who in zip(circle.people[:SEATS], circle.diary.patients, strict=False)
    ]
    assert {status for status, _ in at_once(leaving)} == {204}
    assert seated(circle) == (SEATS, SEATS)
    with snapshot(circle.parts.database) as session:
        seats = session.execute(select(GroupSeat.patient_id, GroupSeat.status)).all()
    moved_up = {who for who, status in seats if status is SeatStatus.BOOKED}
    assert moved_up == set(circle.diary.patients[SEATS : 2 * SEATS])  # who asked first


def test_a_seat_and_a_visit_at_one_time_exclude_each_other(circle: Circle) -> None:
    """Each person asks for both at once and gets one: the two lie in different tables."""
    visit = {
        "service": str(circle.diary.service),
        "practitioner": str(circle.diary.practitioners[1]),
        "starts_at": TUESDAY,
        "modality": "video",
    }
    for person in circle.people[:SEATS]:
        answers = at_once(
            [
                lambda person=person: person.post(f"/groups/{circle.group}/seats", {}),  # type: ignore[misc]
                lambda person=person: person.book(visit),  # type: ignore[misc]
            ]
        )
        statuses = sorted(status for status, _ in answers)
        assert statuses == [201, 409], answers
        ((_, refused),) = [each for each in answers if each[0] == 409]
        assert refused["code"] in {"visit_overlap", "slot_taken"}
        free(person, answers, circle)


def free(person: Person, answers: list[tuple[int, dict[str, object]]], circle: Circle) -> None:
    """Give back what was got, so that the next one finds the same."""
    ((_, got),) = [each for each in answers if each[0] == 201]
    if "seat" in got:
        who = circle.diary.patients[circle.people.index(person)]
        assert person.delete(f"/groups/{circle.group}/seats/{who}")[0] == 204
    else:
        assert person.post(f"/appointments/{got['id']}/cancel", {})[0] == 200
