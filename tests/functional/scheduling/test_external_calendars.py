"""A practitioner's calendar elsewhere: read by the worker, kept as busy times, shown when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from clinic.app import create_app
from clinic.config import Settings
from clinic.db.transaction import snapshot, transaction
from clinic.identity.models import Account, AccountStatus
from clinic.scheduling.models import ExternalBusy, ExternalCalendar
from clinic.scheduling.outside.fetching import Fetcher
from clinic.scheduling.outside.tasks import read_calendars
from clinic.supervision import doctor
from tests.factories.identity import CHEAP_PASSWORDS
from tests.fakes.clock import FakeClock
from tests.functional.scheduling.conftest import Browser, World
from tests.servers.calendars import CalendarServer, calendar_of

DENTIST = "SUMMARY:Dentist\r\nDTSTART:20261124T080000Z\r\nDTEND:20261124T100000Z"


@pytest.fixture
def elsewhere() -> Iterator[CalendarServer]:
    """Where practitioners have their calendars."""
    server = CalendarServer()
    yield server
    server.stop()


@pytest.fixture
def app(settings: Settings, clock: FakeClock, elsewhere: CalendarServer) -> Flask:
    """The application, which may read calendars from that server."""
    known = frozenset({f"127.0.0.1:{elsewhere.port}"})
    return create_app(replace(settings, calendar_test_hosts=known), clock=clock, passwords=CHEAP_PASSWORDS)


@pytest.fixture
def therapist(world: World) -> Browser:
    """The first therapist."""
    return world.browser(world.diary.therapist_actors[0])


def path(world: World) -> str:
    """Return the path of the first therapist's calendars."""
    return f"/practitioners/{world.diary.practitioners[0]}/calendars"


def work(world: World) -> int:
    """Let the worker read what is due."""
    parts = world.parts
    fetcher = Fetcher(trusted=parts.settings.calendar_test_hosts)
    return read_calendars(parts.database, parts.vault, parts.clock, fetcher)


def the_one(world: World, therapist: Browser) -> dict[str, object]:
    """Return what is said of the only calendar."""
    (found,) = therapist.get(path(world)).get_json()["items"]
    assert isinstance(found, dict)
    return found


def test_a_calendar_is_read_and_kept_as_busy_times_without_titles(
    world: World, therapist: Browser, elsewhere: CalendarServer
) -> None:
    address = elsewhere.put("/private-abc123.ics", calendar_of(f"UID:a\r\n{DENTIST}"))
    response = therapist.post(path(world), {"address": address})
    assert response.status_code == 201, response.get_json()
    assert "abc123" not in response.get_data(as_text=True)
    assert (response.get_json()["host"], response.get_json()["state"]) == ("127.0.0.1", "waiting")
    assert (work(world), work(world)) == (1, 0)
    known = the_one(world, therapist)
    assert (known["state"], known["failure"], known["busy"]) == ("read", None, 1)
    with snapshot(world.parts.database) as session:
        (busy,) = session.execute(select(ExternalBusy.starts_at, ExternalBusy.ends_at)).all()
        (sealed,) = session.scalars(select(ExternalCalendar.address_sealed)).all()
    assert busy[1] - busy[0] == timedelta(hours=2)
    assert b"abc123" not in sealed


def test_a_failing_calendar_says_so_and_keeps_what_was_last_known(
    world: World, therapist: Browser, elsewhere: CalendarServer
) -> None:
    address = elsewhere.put("/a.ics", calendar_of(f"UID:a\r\n{DENTIST}"))
    therapist.post(path(world), {"address": address})
    work(world)
    good = the_one(world, therapist)["read_at"]
    elsewhere.put("/a.ics", b"", status="404 Not Found")
    world.parts.clock.advance(timedelta(minutes=16))  # type: ignore[attr-defined]
    with capture_logs() as lines:
        assert work(world) == 1
    assert [line["reason"] for line in lines if line["event"] == "calendar_not_read"] == ["not_found"]
    assert "127.0.0.1" not in str(lines)
    therapist = world.browser(world.diary.therapist_actors[0])  # the session has been idle meanwhile
    known = the_one(world, therapist)
    assert (known["state"], known["failure"], known["read_at"]) == ("failing", "not_found", good)
    assert known["busy"] == 1
    elsewhere.put("/a.ics", calendar_of())
    assert work(world) == 0  # not before its time
    assert therapist.post(f"{path(world)}/{known['id']}/read").status_code == 202
    assert work(world) == 1
    known = the_one(world, therapist)
    assert (known["state"], known["failure"], known["busy"]) == ("read", None, 0)


def test_one_broken_calendar_does_not_hold_up_the_others(
    world: World, therapist: Browser, elsewhere: CalendarServer
) -> None:
    therapist.post(path(world), {"address": elsewhere.put("/bad.ics", b"<html>")})
    therapist.post(path(world), {"address": elsewhere.put("/good.ics", calendar_of(f"UID:a\r\n{DENTIST}"))})
    assert work(world) == 2
    states = {(one["state"], one["failure"]) for one in therapist.get(path(world)).get_json()["items"]}
    assert states == {("failing", "not_a_calendar"), ("read", None)}


def test_a_removed_calendar_takes_its_busy_times_with_it(
    world: World, therapist: Browser, elsewhere: CalendarServer
) -> None:
    address = elsewhere.put("/a.ics", calendar_of(f"UID:a\r\n{DENTIST}"))
    made = therapist.post(path(world), {"address": address}).get_json()
    work(world)
    assert therapist.delete(f"{path(world)}/{made['id']}").status_code == 204
    assert therapist.get(path(world)).get_json()["items"] == []
    with snapshot(world.parts.database) as session:
        assert session.scalars(select(ExternalBusy)).all() == []
    assert therapist.delete(f"{path(world)}/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.example/x",
        "https://calendar.example:8443/x",
        "ftp://calendar.example/x",
        "calendar",
        "",
    ],
)
def test_addresses_that_would_never_be_asked_are_refused_at_once(
    world: World, therapist: Browser, address: str
) -> None:
    response = therapist.post(path(world), {"address": address})
    assert (response.status_code, list(response.get_json()["errors"])) == (422, ["address"])


def test_an_address_within_our_networks_is_refused_when_it_is_asked(world: World, therapist: Browser) -> None:
    assert therapist.post(path(world), {"address": "https://localhost/x"}).status_code == 201
    work(world)
    assert the_one(world, therapist)["failure"] == "address_refused"


def test_three_calendars_are_enough_and_a_retry_adds_none(
    world: World, therapist: Browser, elsewhere: CalendarServer
) -> None:
    address = elsewhere.put("/a.ics", calendar_of())
    for _ in range(2):
        therapist.post(path(world), {"address": address}, **{"Idempotency-Key": "one"})
    assert len(therapist.get(path(world)).get_json()["items"]) == 1
    for _ in range(2):
        assert therapist.post(path(world), {"address": address}).status_code == 201
    response = therapist.post(path(world), {"address": address})
    assert (response.status_code, response.get_json()["code"]) == (409, "too_many_calendars")


def test_nobody_sees_or_sets_the_calendars_of_others(world: World, elsewhere: CalendarServer) -> None:
    address = elsewhere.put("/a.ics", calendar_of())
    for actor, status in (
        (world.diary.therapist_actors[1], 403),
        (world.diary.desk, 403),
        (world.diary.patient_actors[0], 404),
        (None, 401),
    ):
        browser = world.browser(actor)
        assert browser.get(path(world)).status_code == status
        if actor is not None:
            assert browser.post(path(world), {"address": address}).status_code == status


def test_nothing_is_read_for_somebody_who_has_left(
    world: World, therapist: Browser, elsewhere: CalendarServer
) -> None:
    therapist.post(path(world), {"address": elsewhere.put("/a.ics", calendar_of())})
    with transaction(world.parts.database) as session:
        whose = world.diary.therapist_actors[0].account_id
        session.get_one(Account, whose).status = AccountStatus.DISABLED
    assert work(world) == 0
    assert elsewhere.shelf.asked == []


def test_the_doctor_names_the_hosts_that_are_read(
    world: World, therapist: Browser, elsewhere: CalendarServer
) -> None:
    def said() -> list[str]:
        return [finding.sentence for finding in doctor.examine(world.parts.settings)]

    assert "No calendar is read from elsewhere." in said()
    therapist.post(path(world), {"address": elsewhere.put("/a.ics", calendar_of())})
    therapist.post(path(world), {"address": "https://calendar.example/secret"})
    assert "Hosts from which practitioners' calendars are read: 127.0.0.1, calendar.example." in said()


def test_our_own_visits_that_come_back_do_not_make_anybody_busy(
    world: World, therapist: Browser, elsewhere: CalendarServer
) -> None:
    patient = world.browser(world.diary.patient_actors[0])
    slot = next(one for one in world.slots() if one["practitioner"] == str(world.diary.practitioners[0]))
    body = {name: slot[name] for name in ("service", "practitioner", "starts_at")}
    visit = patient.post("/appointments", {**body, "modality": "video"}).get_json()
    own = therapist.get(f"/appointments/{visit['id']}/calendar.ics").get_data()
    therapist.post(path(world), {"address": elsewhere.put("/a.ics", own)})
    work(world)
    assert (the_one(world, therapist)["state"], the_one(world, therapist)["busy"]) == ("read", 0)
