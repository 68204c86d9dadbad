"""What is not there costs the asker as much as what is not theirs, and leaves a trace as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from clinic.audit.models import AuditEntry, Outcome
from clinic.db.transaction import snapshot
from clinic.ids import new_id
from clinic.vault import Vault
from clinic.web.runtime import Runtime
from tests.factories.story import Browser, Clinic, open_clinic
from tests.fakes.clock import FakeClock

PATHS = ["/notes/{note}", "/notes/{note}/versions", "/notes/{note}/versions/1", "/patients/{patient}/notes"]


@pytest.fixture
def clinic(app: Flask, vault: Vault, clock: FakeClock) -> Clinic:
    """A clinic in which the patient has come to `therapist` of their own accord."""
    return open_clinic(app, vault, clock)


@pytest.fixture
def note(clinic: Clinic) -> str:
    """A note about the patient."""
    words = [{"title": "Note", "text": "one"}]
    made = clinic.browser("therapist").ask("POST", clinic.notes, {"template": "free", "sections": words})
    return str(made.get_json()["id"])


@pytest.fixture
def statements(clinic: Clinic) -> Iterator[list[str]]:
    """Every statement that the data database gets."""
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        heard.append(statement)

    engine = _parts(clinic).database.engine
    event.listen(engine, "before_cursor_execute", hear)
    yield heard
    event.remove(engine, "before_cursor_execute", hear)


def _parts(clinic: Clinic) -> Runtime:
    parts = clinic.app.extensions["clinic"]
    assert isinstance(parts, Runtime)
    return parts


def _refused(clinic: Clinic) -> list[tuple[object, ...]]:
    row = AuditEntry
    chosen = select(row.action, row.object_id, row.reason, row.patient_pseudonym)
    with snapshot(_parts(clinic).database) as session:
        return [tuple(found) for found in session.execute(chosen.where(row.outcome == Outcome.REFUSED))]


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_cannot_tell_the_absent_from_the_closed(
    clinic: Clinic, note: str, statements: list[str], path: str
) -> None:
    stranger = clinic.browser("patient2")
    there = path.format(note=note, patient=clinic.cast.patient_id)
    absent = path.format(note=new_id(), patient=new_id())
    closed = _answer(stranger, there, statements.clear)
    work = list(statements)
    assert _answer(stranger, absent, statements.clear) == closed
    assert statements == work


def _answer(browser: Browser, path: str, before: Callable[[], None]) -> tuple[int, object]:
    browser.ask("GET", path)  # what is prepared once is prepared
    before()
    response = browser.ask("GET", path)
    return response.status_code, response.get_json()["code"]


@pytest.mark.parametrize("who", ["patient2", "therapist"])
def test_asking_for_what_is_not_there_is_on_record_as_nobodys(clinic: Clinic, who: str) -> None:
    sought = new_id()
    assert clinic.browser(who).ask("GET", f"/notes/{sought}").status_code == 404
    assert _refused(clinic) == [("note.read", sought, "absent", None)]
