"""A server that is killed at any moment loses nothing that it has acknowledged."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.factories.person import Person
from tests.servers.clinic import ClinicServer
from tests.servers.postgresql import PostgreSQL

BOOKINGS = 200
KILL_AFTER = 40  # acknowledged bookings


@pytest.fixture(scope="module")
def demo_on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql: PostgreSQL) -> ClinicServer:
    """The demo clinic, its data in the database `demo`, to copy."""
    extra = {"CLINIC_DEMO": "1", "DATABASE_URL": postgresql.create("demo")}
    server = ClinicServer(tmp_path_factory.mktemp("demo"), extra=extra)
    server.run("init")
    return server


@pytest.fixture(params=["sqlite", "postgresql"])
def clinic(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClinicServer]:
    """The demo clinic on a database of each kind, not yet started."""
    if request.param == "postgresql":
        kept: ClinicServer = request.getfixturevalue("demo_on_postgresql")
        postgresql: PostgreSQL = request.getfixturevalue("postgresql")
        url = postgresql.copy("demo", to=f"power_cut_{uuid4().hex}")
        server = ClinicServer(tmp_path, extra={"CLINIC_DEMO": "1", "DATABASE_URL": url}, of=kept)
    else:
        server = ClinicServer(tmp_path, extra={"CLINIC_DEMO": "1"}, of=request.getfixturevalue("demo"))
    yield server
    server.stop()


def bookings_to_make(reception: Person) -> list[dict[str, Any]]:
    """Return more bookings than will be made: every patient, every free time of the first weeks."""
    patients = [person["id"] for person in reception.all("/patients")]
    service = next(one for one in reception.get("/services").json()["items"] if one["code"] == "follow-up")
    slots = reception.get("/slots", service=service["id"], limit=200).json()["items"]
    return [
        {
            "service": slot["service"],
            "practitioner": slot["practitioner"],
            "starts_at": slot["starts_at"],
            "modality": "phone",
            "patient": patients[number % len(patients)],
        }
        for number, slot in enumerate(slots[:BOOKINGS])
    ]


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(clinic: ClinicServer) -> None:
    clinic.start("web")
    reception, therapist = Person(clinic.base_url, "reception"), Person(clinic.base_url, "therapist")
    patient = next(one["patient"] for one in therapist.all("/appointments") if one["patient"])
    wanted, enough = bookings_to_make(reception), threading.Event()
    booked: list[str] = []
    written: dict[str, str] = {}

    def book(body: dict[str, Any]) -> None:
        answer = reception.post("/appointments", body, key=str(uuid4()))
        if answer.status_code == 201:
            booked.append(answer.json()["id"])
        if len(booked) >= KILL_AFTER:
            enough.set()

    def write(number: int) -> None:
        text = f"kept {number} {uuid4()}"
        body = {"template": "free", "sections": [{"title": "Note", "text": text}]}
        answer = therapist.post(f"/patients/{patient}/notes", body, key=str(uuid4()))
        if answer.status_code == 201:
            written[answer.json()["id"]] = text

    with ThreadPoolExecutor(12) as threads:
        for number, body in enumerate(wanted):
            threads.submit(_despite_the_cut, partial(book, body))
            threads.submit(_despite_the_cut, partial(write, number))
        assert enough.wait(60)
        clinic.kill("web")
    assert len(booked) >= KILL_AFTER
    assert written
    clinic.start("web")
    _find_everything(clinic, booked, written)


def _despite_the_cut(act: Callable[[], None]) -> None:
    try:
        act()
    except requests.RequestException:
        return  # the cut: this act was never acknowledged


def _find_everything(clinic: ClinicServer, booked: list[str], written: dict[str, str]) -> None:
    reception, therapist = Person(clinic.base_url, "reception"), Person(clinic.base_url, "therapist")
    for appointment in booked:
        assert reception.get(f"/appointments/{appointment}").json()["status"] == "booked"
    for note, text in written.items():
        assert therapist.get(f"/notes/{note}").json()["sections"][0]["text"] == text


@pytest.mark.parametrize("fatal", [1, 3])
def test_a_cut_between_the_key_and_the_data_leaves_neither_half(clinic: ClinicServer, fatal: int) -> None:
    clinic.start_dying_web(fatal)
    therapist = Person(clinic.base_url, "therapist")
    patient = next(one["patient"] for one in therapist.all("/appointments") if one["patient"])
    body = {"template": "free", "sections": [{"title": "Note", "text": "first"}]}
    written: dict[str, str] = {}
    with pytest.raises(requests.RequestException):
        for _ in range(fatal + 1):
            answer = therapist.post(f"/patients/{patient}/notes", body, key=str(uuid4()))
            written[answer.json()["id"]] = "first"
    assert clinic.wait_until_dead("web") == -signal.SIGKILL
    clinic.start("web")
    assert len(written) == fatal - 1
    _find_everything(clinic, [], written)
    again = Person(clinic.base_url, "therapist").post(f"/patients/{patient}/notes", body, key=str(uuid4()))
    assert again.status_code == 201
    assert clinic.run("keys", "verify")
