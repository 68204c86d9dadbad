"""The demo clinic as real processes: two WebRTC peers find each other over real WebSockets and talk."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import socketio

from clinic.video.media.loopback import allow_loopback
from clinic.video.rules import sas
from clinic.video.rules.sas import Side
from tests.fakes.caller import Caller
from tests.servers.clinic import ClinicServer
from tests.servers.person import Person

OK = {"ok": True, "code": "ok"}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory, demo: ClinicServer) -> Iterator[ClinicServer]:
    """The demo clinic's web process."""
    server = ClinicServer(tmp_path_factory.mktemp("clinic"), extra={"CLINIC_DEMO": "1"}, of=demo)
    server.start("web")
    yield server
    server.stop()


@pytest.fixture
def people(clinic: ClinicServer) -> Iterator[tuple[Person, Person]]:
    """The patient and the therapist of the visit that can be joined now."""
    patient, therapist = Person(clinic.base_url, "patient"), Person(clinic.base_url, "therapist")
    yield patient, therapist
    for person in (patient, therapist):
        person.hang_up()


def bring_together(patient: Person, therapist: Person) -> tuple[str, int]:
    """Join and admit; return the visit and the epoch."""
    visit = patient.visit()
    patient.connect()
    therapist.connect()
    seated = patient.join(visit)
    welcome = therapist.join(visit)
    if seated["state"] == "admitted":
        return visit, int(welcome["epoch"])
    assert therapist.say("admit", {"epoch": welcome["epoch"], "seat": seated["seat"]}) == OK
    return visit, int(patient.hear("admitted")["epoch"])


def own_side(sdp: str) -> Side:
    found = re.search(r"a=fingerprint:(sha-256 [0-9A-F:]+)", sdp)
    assert found is not None
    return Side(sas.fingerprint(found.group(1)), secrets.token_bytes(sas.NONCE_BYTES))


async def negotiate(patient: Person, therapist: Person, epoch: int, ears: tuple[Caller, Caller]) -> str:
    """Carry offer and answer over the signalling; return the digits that both show."""
    offer = await ears[0].offer()
    message = {"epoch": epoch, "description": {"type": "offer", "sdp": offer}}
    assert patient.say("description", message) == OK
    heard = therapist.hear("description")["description"]
    answer = await ears[1].answer(heard["sdp"])
    message = {"epoch": epoch, "description": {"type": "answer", "sdp": answer}}
    assert therapist.say("description", message) == OK
    await ears[0].take(patient.hear("description")["description"]["sdp"])
    sides = own_side(offer), own_side(answer)
    for (speaker, side), listener in zip(
        ((patient, sides[0]), (therapist, sides[1])), (therapist, patient), strict=True
    ):
        assert speaker.say("commit", {"epoch": epoch, "commit": sas.commitment(side)}) == OK
        assert sas.keeps(str(listener.hear("commit")["commit"]), side)
        assert speaker.say("reveal", {"epoch": epoch, "nonce": side.nonce.hex()}) == OK
        assert listener.hear("reveal")["nonce"] == side.nonce.hex()
    return sas.digits(*sides)


def test_two_people_hear_each_other(people: tuple[Person, Person]) -> None:
    patient, therapist = people

    async def story() -> None:
        _, epoch = bring_together(patient, therapist)
        async with Caller() as one, Caller() as other:
            digits = await negotiate(patient, therapist, epoch, (one, other))
            assert len(digits) == 6
            async with asyncio.timeout(20):
                while one.loudest < 6000 or other.loudest < 6000:
                    await asyncio.sleep(0.1)

    undo = allow_loopback()
    try:
        asyncio.run(story())
    finally:
        undo()


def test_a_reload_is_back_in_the_seat_and_the_other_side_sees_it(people: tuple[Person, Person]) -> None:
    patient, therapist = people
    visit, epoch = bring_together(patient, therapist)
    patient.hang_up()
    while therapist.hear("presence")["peers"][0]["here"]:
        pass
    patient.page = str(uuid4())
    patient.connect()
    welcome = patient.join(visit)
    assert (welcome["state"], welcome["epoch"]) == ("admitted", epoch + 1)
    assert therapist.hear("presence")["epoch"] == epoch + 1


def test_a_killed_server_costs_nobody_their_seat(clinic: ClinicServer, people: tuple[Person, Person]) -> None:
    patient, therapist = people
    visit, epoch = bring_together(patient, therapist)
    clinic.kill("web")
    patient.wait_until_cut()
    clinic.start("web")
    therapist.connect()
    patient.connect()
    assert therapist.join(visit)["epoch"] == epoch
    assert patient.join(visit)["state"] == "admitted"
    assert patient.say("restart", {"epoch": epoch}) == OK
    assert therapist.hear("restart")["epoch"] == epoch


def test_another_sites_page_gets_no_socket(people: tuple[Person, Person]) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        people[0].connect(origin="https://elsewhere.example")


def test_logs_name_nobody(clinic: ClinicServer, people: tuple[Person, Person]) -> None:
    patient, therapist = people
    _, epoch = bring_together(patient, therapist)
    place = {"place": "Sheikh Jarrah 17", "phone": "+972541234567"}
    assert patient.say("location", {"epoch": epoch, **place}) == OK
    assert therapist.hear("location")["place"] == place["place"]
    log = clinic.log("web")
    for secret in (*place.values(), "patient@demo.invalid", "v=0"):
        assert secret not in log
    data = b"".join(path.read_bytes() for path in Path(clinic.folder).rglob("*.db*"))
    assert place["place"].encode() not in data
