"""Notes on a real database: nothing acknowledged is lost, nothing signed changes, nothing opens by chance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Clearance, Compartment, Purpose
from clinic.bus import EventBus
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import (
    ClinicError,
    Conflict,
    Denied,
    Invalid,
    NotFound,
    PreconditionFailed,
    Unauthenticated,
)
from clinic.ids import AppointmentId, NoteId, PractitionerId, new_id
from clinic.records import queries, services
from clinic.records.events import NoteSigned
from clinic.records.models import Note, NoteSignature, NoteVersion
from clinic.records.queries import NoteView
from clinic.records.rules.content import Content, Section
from clinic.records.rules.notes import NoteStatus, VersionStatus
from clinic.vault import Unreadable, Vault
from tests.factories.people import Cast, make_cast, practitioner_of, stepped_up, treat
from tests.fakes.clock import FakeClock

TREAT = Purpose.TREATMENT


def text(words: str, reason: str | None = None) -> Content:
    """Return a note of one section."""
    return Content((Section("Note", words),), reason)


@dataclass(frozen=True, slots=True)
class Desk:
    """A therapist with a patient of theirs, and the note services at hand."""

    database: Database
    clock: FakeClock
    vault: Vault
    cast: Cast

    @contextmanager
    def admitted(
        self, actor: Actor, note_id: NoteId, action: Action
    ) -> Iterator[tuple[Session, Note, Clearance]]:
        """Enter a transaction with a clearance for one note."""
        with transaction(self.database) as session:
            row, clearance = services.admit(
                session,
                actor=actor,
                clock=self.clock,
                vault=self.vault,
                note_id=note_id,
                action=action,
                purpose=Purpose.PATIENT_REQUEST if actor.patient_id else TREAT,
            )
            yield session, row, clearance

    def begin(
        self,
        words: str = "first",
        *,
        author: Actor | None = None,
        template: str = "free",
        compartment: Compartment = Compartment.GENERAL,
        appointment: AppointmentId | None = None,
    ) -> NoteId:
        """Create a draft."""
        who = author or self.cast.therapist
        note_id = NoteId(new_id())
        with transaction(self.database) as session:
            clearance = services.admit_new(
                session,
                actor=who,
                clock=self.clock,
                vault=self.vault,
                patient_id=self.cast.patient_id,
                purpose=TREAT,
                compartment=compartment,
                appointment_id=appointment,
            )
            new = services.NewNote(note_id, template, text(words), appointment)
            services.create_note(session, clearance, actor=who, clock=self.clock, vault=self.vault, new=new)
        return note_id

    def save(self, note_id: NoteId, words: str, *, base: int, author: Actor | None = None) -> services.Saved:
        """Save a draft's text."""
        who = author or self.cast.therapist
        with self.admitted(who, note_id, Action.WRITE) as (session, row, clearance):
            return services.save_draft(
                session,
                clearance,
                actor=who,
                clock=self.clock,
                vault=self.vault,
                row=row,
                base=base,
                content=text(words),
            )

    def sign(self, note_id: NoteId, *, seen: int | None = None) -> None:
        """Sign as the therapist, freshly proved."""
        who = stepped_up(self.cast.therapist, self.clock)
        with self.admitted(who, note_id, Action.SIGN) as (session, row, clearance):
            services.sign_note(session, clearance, clock=self.clock, vault=self.vault, row=row, seen=seen)

    def amend(self, note_id: NoteId, words: str, reason: str) -> None:
        """Amend as the therapist, freshly proved."""
        who = stepped_up(self.cast.therapist, self.clock)
        with self.admitted(who, note_id, Action.SIGN) as (session, row, clearance):
            services.amend_note(
                session,
                clearance,
                actor=who,
                clock=self.clock,
                vault=self.vault,
                row=row,
                content=text(words, reason),
            )

    def read(self, note_id: NoteId, actor: Actor | None = None) -> NoteView:
        """Read a note."""
        with self.admitted(actor or self.cast.therapist, note_id, Action.READ) as (session, row, clearance):
            return queries.read_note(session, clearance, vault=self.vault, row=row)

    def versions(self, note_id: NoteId, actor: Actor | None = None) -> dict[int, tuple[VersionStatus, str]]:
        """Return status and text of every version that `actor` may see."""
        who = actor or self.cast.therapist
        with self.admitted(who, note_id, Action.READ) as (session, row, clearance):
            own = row.author == who.practitioner_id
            found = {}
            for item in queries.history(session, clearance, vault=self.vault, row=row, own=own):
                one = queries.read_version(
                    session, clearance, vault=self.vault, row=row, number=item.version, own=own
                )
                assert one is not None
                assert one.sections is not None
                found[item.version] = (item.status, one.sections[0].text)
            return found


@pytest.fixture
def desk(database: Database, clock: FakeClock, vault: Vault) -> Desk:
    """A clinic in which the patient has come to the therapist of their own accord."""
    cast = make_cast(database, vault)
    treat(database, clock, patient=cast.patient, therapist=cast.therapist, by=cast.patient)
    return Desk(database, clock, vault, cast)


def words_of(view: NoteView) -> str:
    """Return the text of a note of one section."""
    assert view.sections is not None
    return view.sections[0].text


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


def test_a_seat_that_outlived_its_session_reaches_that_visits_note_only(desk: Desk) -> None:
    note_id = desk.begin()
    seated = replace(desk.cast.therapist, confined_to=AppointmentId(new_id()))
    with pytest.raises(Unauthenticated):
        desk.read(note_id, seated)
    with pytest.raises(Unauthenticated):
        desk.begin(author=seated)


def test_tells_others_of_a_signature(desk: Desk, bus: EventBus) -> None:
    heard: list[NoteSigned] = []
    bus.after_commit(NoteSigned, heard.append)
    note_id = desk.begin()
    desk.sign(note_id)
    desk.amend(note_id, "two", "reason")
    assert [(event.version, event.amended) for event in heard] == [(1, False), (2, True)]


def test_no_word_of_a_note_is_in_the_database(desk: Desk) -> None:
    note_id = desk.begin("MARKER-Zeitgeist-1")
    desk.sign(note_id)
    desk.amend(note_id, "MARKER-Zeitgeist-2", "MARKER-Zeitgeist-3")
    with transaction(desk.database) as session:
        for model in (Note, NoteVersion, NoteSignature):
            for row in session.scalars(select(model)):
                stored = [getattr(row, column.key) for column in model.__table__.columns]
                assert not any("Zeitgeist" in str(value) for value in stored)
