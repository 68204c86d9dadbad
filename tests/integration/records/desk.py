"""A therapist with a patient of theirs, and the note services at hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Clearance, Compartment, Purpose
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.ids import AppointmentId, NoteId, new_id
from clinic.records import queries, services
from clinic.records.models import Note
from clinic.records.queries import NoteView
from clinic.records.rules.content import Content, Section
from clinic.records.rules.notes import VersionStatus
from clinic.vault import Vault
from tests.factories.people import Cast, stepped_up
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


def words_of(view: NoteView) -> str:
    """Return the text of a note of one section."""
    assert view.sections is not None
    return view.sections[0].text
