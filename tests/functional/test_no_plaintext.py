"""A clinic's files after a day's work: none holds in clear what is classified as sealed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.servers.clinic import ClinicServer

MARKER = "marker-5e0c7a"
NAME = "Zohra Marker-Name-91d2"
MAIL = "zohra-91d2@example.org"
PHONE = "+212600911234"
PASSWORD = "demo-Sakina-2026"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, demo: ClinicServer) -> Iterator[ClinicServer]:
    """The demo clinic, its temporary files below its own folder."""
    folder = tmp_path_factory.mktemp("clinic")
    temporary = folder / "tmp"
    temporary.mkdir()
    server = ClinicServer(folder, extra={"CLINIC_DEMO": "1", "TMPDIR": str(temporary)}, of=demo)
    server.start("web", "worker")
    yield server
    server.stop()


class Person:
    """Somebody of the demo clinic, signed in over HTTP."""

    def __init__(self, server: ClinicServer, name: str) -> None:
        """Sign in."""
        self._http, self._base = requests.Session(), f"{server.base_url}/api/v1"
        self._http.headers.update({"Origin": server.base_url, "X-Purpose-Of-Use": "TREAT"})
        answer = self.post("/session", {"email": f"{name}@demo.invalid", "password": PASSWORD}, status=200)
        self._http.headers["X-CSRF-Token"] = answer["csrf_token"]
        self.user: dict[str, Any] = answer["user"]

    def post(self, path: str, body: dict[str, Any], *, status: int = 201) -> dict[str, Any]:
        """Post and return the answer; fails the test on another status."""
        answer = self._http.post(self._base + path, json=body, timeout=30)
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str) -> dict[str, Any]:
        """Get and return the answer."""
        answer = self._http.get(self._base + path, timeout=30)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def _work(server: ClinicServer) -> None:
    """Write a note, read it, register a patient, search for her, and send something that is refused."""
    patient = Person(server, "patient").user["patient_id"]
    therapist = Person(server, "therapist")
    sections = [{"title": "Subjective", "text": f"{MARKER} لا ينام. " * 40}]
    note = therapist.post(f"/patients/{patient}/notes", {"template": "free", "sections": sections})
    assert MARKER in str(therapist.get(f"/notes/{note['id']}"))
    therapist.post(f"/patients/{patient}/notes", {"template": MARKER, "sections": sections}, status=422)
    reception = Person(server, "reception")
    her = {"name": NAME, "email": MAIL, "phone": PHONE, "language": "fr"}
    assert reception.post("/patients", her)["name"] == NAME
    assert NAME in str(reception.post("/patients/search", {"q": NAME}, status=200))


def _holding(folder: Path, text: str) -> list[str]:
    forms = {text.encode(), text.encode("utf-16-le"), text.encode().hex().encode()}
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return [path.name for path in files if any(form in path.read_bytes() for form in forms)]


def test_no_file_of_the_clinic_holds_a_name_a_contact_or_a_text(server: ClinicServer) -> None:
    _work(server)
    names = {path.name for path in server.folder.rglob("*")}
    assert {"clinic.db", "clinic.db-wal", "keys.db", "web.log", "worker.log"} <= names
    for text in (MARKER, NAME, MAIL, PHONE, PHONE.removeprefix("+"), "لا ينام"):
        assert _holding(server.folder, text) == []


def test_the_search_would_find_what_is_there(server: ClinicServer) -> None:
    """What is public is found: the search reads the right files."""
    assert "clinic.db" in _holding(server.folder, "Asia/Jerusalem")
