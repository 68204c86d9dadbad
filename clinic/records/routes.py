"""HTTP of notes. Each handler is admitted first and hands its clearance on; no text leaves without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from clinic.access.actor import Actor
from clinic.access.clearance import Action, Clearance
from clinic.access.permissions import Permission
from clinic.consent import services as consent
from clinic.errors import Invalid, NotFound, PreconditionFailed
from clinic.ids import AppointmentId, NoteId, PatientId
from clinic.records import queries, services
from clinic.records.models import Note
from clinic.records.queries import NoteView, VersionView
from clinic.records.rules import content
from clinic.records.rules.content import Section
from clinic.records.rules.notes import version_of
from clinic.records.rules.templates import TEMPLATES
from clinic.records.schemas import (
    AmendmentIn,
    DraftIn,
    DraftKeyOut,
    NoteIn,
    NoteOut,
    NotePage,
    TemplatePage,
    UnsignedPage,
    VersionOut,
    VersionPage,
)
from clinic.records.services.device import draft_key
from clinic.records.services.unsigned import Unsigned, unsigned
from clinic.web.blueprint import Blueprint
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH, IF_MATCH_REQUIRED, PURPOSE, reads
from clinic.web.guards import requires
from clinic.web.idempotency import Claim, claim
from clinic.web.language import language
from clinic.web.paging import Page, decode_moment, moment_keys, page, part
from clinic.web.purpose import purpose_of_use
from clinic.web.runtime import actor, audited_read, runtime, transaction
from clinic.web.schema import PageQuery, ShortListQuery

blueprint = Blueprint("records", __name__, description="Notes: drafts, signatures, amendments, versions")
Tagged = tuple[NoteView, dict[str, str]]


@blueprint.route("/note-templates", methods=["GET"])
@requires(Permission.NOTE_LIST)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, TemplatePage)
def list_templates(query: Mapping[str, Any]) -> Page[dict[str, object]]:
    """Return the note templates in the page's language."""
    lang = language()
    items: list[dict[str, object]] = [
        {"code": one.code, "title": one.titles[lang], "sections": one.empty(lang)}
        for one in TEMPLATES.values()
    ]
    return part(items, query, lambda template: template["code"])


@blueprint.route("/me/draft-key", methods=["GET"])
@requires(Permission.DRAFT_KEY_READ)
@blueprint.response(200, DraftKeyOut)
def read_draft_key() -> dict[str, str]:
    """Return the key under which the caller's browser seals drafts that are not sent yet."""
    return {"key": draft_key(runtime().vault, actor().account_id)}


@blueprint.route("/me/drafts", methods=["GET"])
@requires(Permission.NOTE_LIST)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, UnsignedPage)
def list_drafts(query: Mapping[str, Any]) -> Page[Unsigned]:
    """Return the caller's drafts of all patients, without their texts, the longest waiting first."""
    parts = runtime()
    with audited_read() as session:
        found = unsigned(session, actor=actor(), clock=parts.clock, vault=parts.vault)
    return part(found, query, lambda draft: draft.id)


@blueprint.route("/patients/<uuid:patient_id>/notes", methods=["GET"])
@requires(Permission.NOTE_LIST)
@reads(PURPOSE)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, NotePage)
def list_notes(query: Mapping[str, Any], patient_id: UUID) -> Page[NoteView]:
    """Return the notes that the caller may read, newest first, without their texts."""
    parts, who, limit = runtime(), actor(), query["limit"]
    with audited_read() as session:
        clearances = consent.clear_each(
            session,
            actor=who,
            clock=parts.clock,
            vault=parts.vault,
            patient_id=PatientId(patient_id),
            action=Action.READ,
            purpose=purpose_of_use(who),
            subject=consent.Subject("note", verb="list"),
        )
        rows = queries.notes_of(
            session,
            clearances,
            reader=who.practitioner_id,
            limit=limit + 1,
            before=decode_moment(query["cursor"]),
        )
    return page(rows, limit, lambda row: moment_keys(row.created_at, row.id))


@blueprint.route("/patients/<uuid:patient_id>/notes", methods=["POST"])
@requires(Permission.NOTE_WRITE)
@reads(IDEMPOTENCY_KEY, PURPOSE)
@blueprint.arguments(NoteIn)
@blueprint.response(201, NoteOut)
def create_note(body: Mapping[str, Any], patient_id: UUID) -> Tagged:
    """Begin a draft; the same Idempotency-Key gives the same note, read anew."""
    parts, who = runtime(), actor()
    with transaction() as session:
        claimed = _claim(session, who, "notes", {"patient": patient_id, **body})
        if claimed.replayed:
            return _tagged(_read(session, who, NoteId(claimed.id)))
        clearance = services.admit_new(
            session,
            actor=who,
            clock=parts.clock,
            vault=parts.vault,
            patient_id=PatientId(patient_id),
            purpose=purpose_of_use(who),
            compartment=body["compartment"],
            appointment_id=body["appointment"],
            note_id=NoteId(claimed.id),
        )
        new = _new_note(body, NoteId(claimed.id))
        row = services.create_note(
            session, clearance, actor=who, clock=parts.clock, vault=parts.vault, new=new
        )
        return _tagged(queries.written_note(session, row=row, sections=new.content.sections))


@blueprint.route("/notes/<uuid:note_id>", methods=["GET"])
@requires(Permission.NOTE_READ)
@reads(PURPOSE)
@blueprint.response(200, NoteOut)
def read_note(note_id: UUID) -> Tagged:
    """Return a note with its text."""
    with audited_read() as session:
        return _tagged(_read(session, actor(), NoteId(note_id)))


@blueprint.route("/notes/<uuid:note_id>", methods=["PUT"])
@requires(Permission.NOTE_WRITE)
@reads(IF_MATCH_REQUIRED, PURPOSE)
@blueprint.arguments(DraftIn)
@blueprint.response(200, NoteOut)
def save_draft(body: Mapping[str, Any], note_id: UUID) -> Tagged:
    """Keep a draft's text; on a stale If-Match it is kept aside, and 412 names both versions."""
    parts, who, base = runtime(), actor(), _expected(required=True)
    sections = _sections(body["sections"])
    with transaction() as session:
        row, clearance = _admit(session, who, NoteId(note_id), Action.WRITE)
        saved = services.save_draft(
            session,
            clearance,
            actor=who,
            clock=parts.clock,
            vault=parts.vault,
            row=row,
            base=base or 0,
            content=content.of(sections),
        )
        view = queries.written_note(session, row=row, sections=sections)
    if saved.conflict:  # after the commit: what came too late is on file before the caller hears of it
        raise PreconditionFailed("note_changed", current=saved.current, kept=saved.kept)
    return _tagged(view)


@blueprint.route("/notes/<uuid:note_id>/sign", methods=["POST"])
@requires(Permission.NOTE_SIGN, step_up=True)
@reads(IF_MATCH, PURPOSE)
@blueprint.response(200, NoteOut)
def sign_note(note_id: UUID) -> Tagged:
    """Sign the current version and lock the note; If-Match says which version the author has seen."""
    parts, who = runtime(), actor()
    with transaction() as session:
        row, clearance = _admit(session, who, NoteId(note_id), Action.SIGN)
        services.sign_note(
            session, clearance, clock=parts.clock, vault=parts.vault, row=row, seen=_expected()
        )
        return _tagged(queries.read_note(session, clearance, vault=parts.vault, row=row))


@blueprint.route("/notes/<uuid:note_id>/amend", methods=["POST"])
@requires(Permission.NOTE_SIGN, step_up=True)
@reads(IDEMPOTENCY_KEY, IF_MATCH, PURPOSE)
@blueprint.arguments(AmendmentIn)
@blueprint.response(201, NoteOut)
def amend_note(body: Mapping[str, Any], note_id: UUID) -> Tagged:
    """Add a signed version with its reason; the same Idempotency-Key amends once."""
    parts, who = runtime(), actor()
    with transaction() as session:
        claimed = _claim(session, who, "amendments", {"note": note_id, **body})
        row, clearance = _admit(session, who, NoteId(note_id), Action.SIGN)
        if not claimed.replayed:
            services.amend_note(
                session,
                clearance,
                actor=who,
                clock=parts.clock,
                vault=parts.vault,
                row=row,
                content=content.of(_sections(body["sections"]), body["reason"]),
                seen=_expected(),
            )
        return _tagged(queries.read_note(session, clearance, vault=parts.vault, row=row))


@blueprint.route("/notes/<uuid:note_id>/versions", methods=["GET"])
@requires(Permission.NOTE_READ)
@reads(PURPOSE)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, VersionPage)
def list_versions(query: Mapping[str, Any], note_id: UUID) -> Page[VersionView]:
    """Return a note's history, newest first; drafts and conflicts for its author only."""
    with audited_read() as session:
        row, clearance = _admit(session, actor(), NoteId(note_id), Action.READ)
        own = row.author == actor().practitioner_id
        items = queries.history(session, clearance, vault=runtime().vault, row=row, own=own)
    return part(items, query, lambda version: version.version)


@blueprint.route("/notes/<uuid:note_id>/versions/<int:number>", methods=["GET"])
@requires(Permission.NOTE_READ)
@reads(PURPOSE)
@blueprint.response(200, VersionOut)
def read_version(note_id: UUID, number: int) -> VersionView:
    """Return one version with its text."""
    with audited_read() as session:
        row, clearance = _admit(session, actor(), NoteId(note_id), Action.READ)
        own = row.author == actor().practitioner_id
        found = queries.read_version(
            session, clearance, vault=runtime().vault, row=row, number=number, own=own
        )
    if found is None:
        raise NotFound()
    return found


def _admit(session: Session, who: Actor, note_id: NoteId, action: Action) -> tuple[Note, Clearance]:
    parts = runtime()
    return services.admit(
        session,
        actor=who,
        clock=parts.clock,
        vault=parts.vault,
        note_id=note_id,
        action=action,
        purpose=purpose_of_use(who),
    )


def _read(session: Session, who: Actor, note_id: NoteId) -> NoteView:
    row, clearance = _admit(session, who, note_id, Action.READ)
    return queries.read_note(session, clearance, vault=runtime().vault, row=row)


def _claim(session: Session, who: Actor, route: str, payload: Mapping[str, object]) -> Claim:
    parts = runtime()
    return claim(
        session,
        actor=who,
        clock=parts.clock,
        secret=parts.settings.secret_key,
        route=route,
        payload=payload,
    )


def _new_note(body: Mapping[str, Any], note_id: NoteId) -> services.NewNote:
    sections = body["sections"]
    if sections is None and body["template"] in TEMPLATES:
        filled = TEMPLATES[body["template"]].empty(language())
    else:
        filled = _sections(sections or [])
    visit = body["appointment"]
    return services.NewNote(
        id=note_id,
        template=body["template"],
        content=content.of(filled),
        appointment_id=None if visit is None else AppointmentId(visit),
    )


def _sections(sections: list[dict[str, str]]) -> tuple[Section, ...]:
    return tuple(Section(one["title"], one["text"]) for one in sections)


def _expected(*, required: bool = False) -> int | None:
    """Return the version that If-Match names; raises Invalid where it is needed or names none."""
    tag = request.headers.get("If-Match")
    if tag is None and not required:
        return None
    if tag is None:
        raise Invalid("precondition_required", errors={"If-Match": ["The ETag that you read."]})
    version = version_of(tag)
    if version is None:
        raise Invalid("invalid", errors={"If-Match": ["The ETag that you read."]})
    return version


def _tagged(view: NoteView) -> Tagged:
    return view, {"ETag": view.etag}
