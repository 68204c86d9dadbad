"""Drafts on a real database: nothing acknowledged is lost, nothing opens by chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Compartment, Purpose
from clinic.db.transaction import transaction
from clinic.errors import (
    ClinicError,
    Denied,
    Invalid,
    NotFound,
    Unauthenticated,
)
from clinic.ids import AppointmentId, NoteId, PractitionerId, new_id
from clinic.records import queries, services
from clinic.records.models import Note, NoteSignature, NoteVersion
from clinic.records.rules.notes import VersionStatus
from tests.factories.people import practitioner_of
from tests.integration.records.desk import TREAT, Desk, text, words_of


def test_a_draft_is_read_back_by_its_author_and_by_nobody_else(desk: Desk) -> None:
    note_id = desk.begin("بداية")
    assert words_of(desk.read(note_id)) == "بداية"
    with pytest.raises(NotFound):
        desk.read(note_id, desk.cast.patient)
    with pytest.raises(Denied):
        desk.read(note_id, desk.cast.therapist2)


def test_each_saved_text_is_a_version_and_the_same_text_again_is_none(desk: Desk) -> None:
    note_id = desk.begin("one")
    assert desk.save(note_id, "two", base=1) == services.Saved(2, 2)
    assert desk.save(note_id, "two", base=1) == services.Saved(2, 2)
    assert desk.save(note_id, "two", base=2) == services.Saved(2, 2)
    assert desk.versions(note_id) == {1: (VersionStatus.DRAFT, "one"), 2: (VersionStatus.DRAFT, "two")}
    assert desk.read(note_id).etag == '"2"'


def test_a_late_text_is_kept_beside_the_current_one(desk: Desk) -> None:
    note_id = desk.begin("one")
    desk.save(note_id, "from the desk", base=1)
    late = desk.save(note_id, "from the phone", base=1)
    assert (late.conflict, late.kept, late.current) == (True, 3, 2)
    assert words_of(desk.read(note_id)) == "from the desk"
    assert desk.versions(note_id)[3] == (VersionStatus.CONFLICT, "from the phone")
    assert desk.save(note_id, "both", base=2) == services.Saved(4, 4)


def test_refuses_a_version_that_never_was(desk: Desk) -> None:
    note_id = desk.begin()
    with pytest.raises(Invalid):
        desk.save(note_id, "two", base=7)


def test_lists_what_a_reader_may_see_and_nothing_of_the_rest(desk: Desk) -> None:
    draft, signed = desk.begin("draft"), desk.begin("signed")
    desk.sign(signed)
    private = desk.begin("process", compartment=Compartment.PSYCHOTHERAPY)
    desk.sign(private)
    assert _listed(desk, desk.cast.therapist) == {draft, signed, private}
    assert _listed(desk, desk.cast.patient) == {signed}
    with pytest.raises(Denied):
        _listed(desk, desk.cast.therapist2)
    with pytest.raises(NotFound):
        desk.read(private, desk.cast.patient)


def _listed(desk: Desk, actor: Actor) -> set[NoteId]:
    from clinic.consent import services as consent

    with transaction(desk.database) as session:
        clearances = consent.clear_each(
            session,
            actor=actor,
            clock=desk.clock,
            vault=desk.vault,
            patient_id=desk.cast.patient_id,
            action=Action.READ,
            purpose=Purpose.PATIENT_REQUEST if actor.patient_id else TREAT,
        )
        views = queries.notes_of(session, clearances, reader=actor.practitioner_id, limit=50)
        assert all(view.sections is None for view in views)
        return {view.id for view in views}


def test_pages_through_the_list(desk: Desk) -> None:
    made = []
    for number in range(3):
        made.append(desk.begin(str(number)))
        desk.clock.advance(timedelta(seconds=1))
    with desk.admitted(desk.cast.therapist, made[0], Action.READ) as (session, _, clearance):
        me = practitioner_of(desk.cast.therapist)
        first = queries.notes_of(session, [clearance], reader=me, limit=2)
        rest = queries.notes_of(
            session, [clearance], reader=me, limit=2, before=(first[-1].created_at, first[-1].id)
        )
    assert [view.id for view in (*first, *rest)] == made[::-1]


def test_refuses_an_unknown_template_and_a_visit_of_others(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        desk.begin(template="horoscope")
    assert "template" in caught.value.errors
    with pytest.raises(Invalid) as caught:
        desk.begin(appointment=AppointmentId(new_id()))
    assert "appointment" in caught.value.errors


def test_a_clearance_for_something_else_writes_nothing(desk: Desk) -> None:
    note_id = desk.begin()
    with desk.admitted(desk.cast.therapist, note_id, Action.READ) as (session, row, reading):
        writing = replace(reading, action=Action.WRITE)
        for wrong in (
            reading,
            replace(writing, patient_id=desk.cast.patient2.patient_id or desk.cast.patient_id),
            replace(writing, compartments=frozenset({Compartment.SUD})),
            replace(writing, author_id=PractitionerId(new_id())),
        ):
            with pytest.raises(ClinicError, match="clearance_refused"):
                services.save_draft(
                    session,
                    wrong,
                    actor=desk.cast.therapist,
                    clock=desk.clock,
                    vault=desk.vault,
                    row=row,
                    base=1,
                    content=text("two"),
                )


def test_a_clearance_to_read_begins_no_note(desk: Desk) -> None:
    note_id = desk.begin()
    new = services.NewNote(NoteId(new_id()), "free", text("one"))
    admitted = desk.admitted(desk.cast.therapist, note_id, Action.READ)
    with pytest.raises(Denied, match="not_permitted"), admitted as (session, _, reading):
        services.create_note(
            session,
            reading,
            actor=desk.cast.therapist,
            clock=desk.clock,
            vault=desk.vault,
            new=new,
        )


def test_a_seat_that_outlived_its_session_reaches_that_visits_note_only(desk: Desk) -> None:
    note_id = desk.begin()
    seated = replace(desk.cast.therapist, confined_to=AppointmentId(new_id()))
    with pytest.raises(Unauthenticated):
        desk.read(note_id, seated)
    with pytest.raises(Unauthenticated):
        desk.begin(author=seated)


def test_no_word_of_a_note_is_in_the_database(desk: Desk) -> None:
    note_id = desk.begin("MARKER-Zeitgeist-1")
    desk.sign(note_id)
    desk.amend(note_id, "MARKER-Zeitgeist-2", "MARKER-Zeitgeist-3")
    with transaction(desk.database) as session:
        for model in (Note, NoteVersion, NoteSignature):
            for row in session.scalars(select(model)):
                stored = [getattr(row, column.key) for column in model.__table__.columns]
                assert not any("Zeitgeist" in str(value) for value in stored)
