"""Signed notes on a real database: nothing signed changes, and every signature can be checked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from clinic.access.clearance import Action, Compartment
from clinic.db.transaction import transaction
from clinic.errors import (
    Conflict,
    Denied,
    PreconditionFailed,
)
from clinic.records import queries
from clinic.records.models import Note, NoteSignature, NoteVersion
from clinic.records.rules.notes import NoteStatus, VersionStatus
from clinic.vault import Unreadable
from tests.integration.records.desk import Desk, words_of


def test_a_signed_note_is_locked_and_its_signature_holds(desk: Desk) -> None:
    note_id = desk.begin("one")
    desk.save(note_id, "two", base=1)
    desk.save(note_id, "aside", base=1)
    desk.sign(note_id, seen=2)
    view = desk.read(note_id)
    assert (view.status, view.version, words_of(view)) == (NoteStatus.SIGNED, 2, "two")
    assert view.signature is not None
    assert view.signature.verified
    assert view.signed_at == desk.clock.now()
    assert set(desk.versions(note_id)) == {2, 3}
    with pytest.raises(Conflict, match="note_locked"):
        desk.save(note_id, "three", base=2)
    with pytest.raises(Conflict, match="note_locked"):
        desk.sign(note_id)


def test_signs_only_what_the_author_has_seen_and_after_a_fresh_proof(desk: Desk) -> None:
    note_id = desk.begin("one")
    desk.save(note_id, "two", base=1)
    with pytest.raises(PreconditionFailed):
        desk.sign(note_id, seen=1)
    with pytest.raises(Denied, match="step_up_required"):
        desk.admitted(desk.cast.therapist, note_id, Action.SIGN).__enter__()


def test_an_amendment_is_signed_says_why_and_leaves_the_first_version(desk: Desk) -> None:
    note_id = desk.begin("wrong dose")
    desk.sign(note_id)
    desk.clock.advance(timedelta(days=1))
    desk.amend(note_id, "right dose", "typing error")
    view = desk.read(note_id)
    assert (view.status, view.version, words_of(view)) == (NoteStatus.AMENDED, 2, "right dose")
    assert view.signature is not None
    assert view.signature.verified
    seen_by_patient = desk.versions(note_id, desk.cast.patient)
    assert seen_by_patient == {
        2: (VersionStatus.AMENDED, "right dose"),
        1: (VersionStatus.SIGNED, "wrong dose"),
    }
    with desk.admitted(desk.cast.patient, note_id, Action.READ) as (session, row, clearance):
        history = queries.history(session, clearance, vault=desk.vault, row=row, own=False)
        assert [version.reason for version in history] == ["typing error", None]


def test_a_draft_is_not_amended(desk: Desk) -> None:
    note_id = desk.begin()
    with pytest.raises(Conflict, match="note_not_signed"):
        desk.amend(note_id, "two", "why not")


def test_a_signature_does_not_hold_for_another_moment_or_version(desk: Desk) -> None:
    note_id = desk.begin()
    desk.sign(note_id)
    desk.amend(note_id, "two", "reason")
    with desk.admitted(desk.cast.therapist, note_id, Action.READ) as (session, row, clearance):
        first = queries.signature(session, note_id=note_id, number=1)
        assert first is not None
        assert queries.verify(session, clearance, vault=desk.vault, row=row, signed=first)
        session.expunge_all()
        forged = NoteSignature(
            note_id=note_id,
            version=2,
            practitioner_id=first.practitioner_id,
            key_id=first.key_id,
            public_key=first.public_key,
            value=first.value,
            signed_at=first.signed_at,
        )
        assert not queries.verify(session, clearance, vault=desk.vault, row=row, signed=forged)
        later = NoteSignature(**{**_columns(first), "signed_at": first.signed_at + timedelta(seconds=1)})
        assert not queries.verify(session, clearance, vault=desk.vault, row=row, signed=later)


def _columns(row: NoteSignature) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in NoteSignature.__table__.columns}


def test_the_database_refuses_to_change_a_version_or_a_signature(desk: Desk) -> None:
    note_id = desk.begin()
    desk.sign(note_id)
    for change in (
        update(NoteVersion).values(blob=b"other"),
        update(NoteSignature).values(signed_at=desk.clock.now() + timedelta(days=1)),
    ):
        with pytest.raises(DBAPIError, match="never changed"), transaction(desk.database) as session:
            session.execute(change)


def test_a_text_moved_to_another_note_or_version_does_not_open(desk: Desk) -> None:
    one, other = desk.begin("one"), desk.begin("other")
    with transaction(desk.database) as session:
        rows = {row.note_id: row for row in session.scalars(select(NoteVersion))}
        moved = _columns_of_version(rows[one]) | {"version": 2, "note_id": other}
        session.add(NoteVersion(**moved))
        session.execute(update(Note).where(Note.id == other).values(version=2))
    with pytest.raises(Unreadable):
        desk.read(other)


def _columns_of_version(row: NoteVersion) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in NoteVersion.__table__.columns}


def test_a_note_filed_under_another_patient_or_compartment_does_not_open(desk: Desk) -> None:
    note_id = desk.begin("one")
    with transaction(desk.database) as session:
        session.execute(update(Note).values(compartment=Compartment.PSYCHOTHERAPY))
    with pytest.raises(Unreadable):
        desk.read(note_id)
