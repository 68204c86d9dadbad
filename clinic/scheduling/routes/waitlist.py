"""The waitlist: join and leave it, offer a free time, accept or decline one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId, PatientId, PractitionerId, ServiceId
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.queries.offers import SeenEntry, SeenOffer
from clinic.scheduling.queries.waitlist import Figures, FreeTime
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.waitlist import EVERY_DAY, Wishes
from clinic.scheduling.schemas.visits import AppointmentOut
from clinic.scheduling.schemas.waitlist import (
    EntryOut,
    FiguresOut,
    FiguresQuery,
    JoinIn,
    OfferIn,
    OfferOut,
    TriageIn,
    WaitlistQuery,
)
from clinic.scheduling.services import offers, queue_reading, reading, waitlist
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import audited_read, transaction
from clinic.web.schema import ShortListQuery, WireSchema, page_of


@blueprint.route("/waitlist", methods=["POST"])
@requires(Permission.WAITLIST_JOIN)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(JoinIn)
@blueprint.response(201, EntryOut)
def join(body: dict[str, Any]) -> SeenEntry:
    """Wait for a time or an earlier one; the visit that one has stands. 409 `waiting_already`."""
    who = reader()
    with transaction() as session:
        claimed = claim(session, "waitlist", body)
        if not claimed.replayed:
            waitlist.join(
                session, actor=who.actor, clock=who.clock, entry_id=claimed.id, joining=_joining(body)
            )
        return queue_reading.entry(session, who, claimed.id)


@blueprint.route("/waitlist", methods=["GET"])
@requires(Permission.WAITLIST_READ)
@blueprint.arguments(WaitlistQuery, location="query")
@blueprint.response(200, page_of(EntryOut))
def queue(query: dict[str, Any]) -> Page[SeenEntry]:
    """Return the queue to staff, those first who would come at a time; patients see their own places."""
    free = None
    if query["starts_at"] is not None:
        free = FreeTime(PractitionerId(query["practitioner"]), query["starts_at"])
    service = ServiceId(query["service"]) if query["service"] else None
    with audited_read() as session:
        rows = queue_reading.entries(session, reader(), service=service, free=free)
    return part(rows, query, lambda row: row.id)


@blueprint.route("/waitlist/figures", methods=["GET"])
@requires(Permission.OFFER_MAKE)
@blueprint.arguments(FiguresQuery, location="query")
@blueprint.response(200, FiguresOut)
def figures(query: dict[str, Any]) -> Figures:
    """Return what came of the offers made in a stretch of time."""
    with audited_read() as session:
        return queue_reading.figures(session, reader(), since=query["start"], until=query["end"])


@blueprint.route("/waitlist/<uuid:entry_id>", methods=["PATCH"])
@requires(Permission.WAITLIST_TRIAGE)
@blueprint.arguments(TriageIn)
@blueprint.response(200, EntryOut)
def triage(body: dict[str, Any], entry_id: UUID) -> SeenEntry:
    """Say how urgent it is; staff only."""
    who = reader()
    with transaction() as session:
        waitlist.triage(session, actor=who.actor, clock=who.clock, entry_id=entry_id, triage=body["triage"])
        return queue_reading.entry(session, who, entry_id)


@blueprint.route("/waitlist/<uuid:entry_id>", methods=["DELETE"])
@requires(Permission.WAITLIST_JOIN)
@blueprint.response(204)
def leave(entry_id: UUID) -> None:
    """Stop waiting; an open offer is given back, a visit that stands goes on standing."""
    who = reader()
    with transaction() as session:
        waitlist.leave(session, actor=who.actor, clock=who.clock, entry_id=entry_id)


@blueprint.route("/waitlist/<uuid:entry_id>/offers", methods=["POST"])
@requires(Permission.OFFER_MAKE)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(OfferIn)
@blueprint.response(201, OfferOut)
def offer(body: dict[str, Any], entry_id: UUID) -> SeenOffer:
    """Keep a free time for one who waits, and write to them; 409 `slot_taken` gives alternatives."""
    who = reader()
    with transaction() as session:
        claimed = claim(session, "offers", {**body, "entry": entry_id})
        if not claimed.replayed:
            offers.offer(
                session,
                actor=who.actor,
                clock=who.clock,
                offer_id=claimed.id,
                entry=waitlist.concerned(session, who.actor, who.clock, Permission.OFFER_MAKE, entry_id),
                practitioner=PractitionerId(body["practitioner"]),
                starts_at=body["starts_at"],
            )
        return queue_reading.offer(session, who, claimed.id)


@blueprint.route("/offers", methods=["GET"])
@requires(Permission.OFFER_ANSWER)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, page_of(OfferOut))
def open_offers(query: dict[str, Any]) -> Page[SeenOffer]:
    """Return the offers that can be accepted now: one's own, or all to the desk."""
    with audited_read() as session:
        rows = queue_reading.open_offers(session, reader())
    return part(rows, query, lambda row: row.id)


@blueprint.route("/offers/<uuid:offer_id>/accept", methods=["POST"])
@requires(Permission.OFFER_ANSWER)
@blueprint.arguments(WireSchema)
@blueprint.response(200, AppointmentOut)
def accept(_body: object, offer_id: UUID) -> Visit:
    """Take the offered time: the visit that one has moves there; 409 `offer_over`, `visit_overlap`."""
    who = reader()
    with transaction() as session:
        row = offers.accept(session, actor=who.actor, clock=who.clock, offer_id=offer_id)
        return reading.shown(session, who, [row])[0]


@blueprint.route("/offers/<uuid:offer_id>/decline", methods=["POST"])
@requires(Permission.OFFER_ANSWER)
@blueprint.arguments(WireSchema)
@blueprint.response(200, OfferOut)
def decline(_body: object, offer_id: UUID) -> SeenOffer:
    """Say no to the time and go on waiting; 409 `offer_over`."""
    who = reader()
    with transaction() as session:
        offers.decline(session, actor=who.actor, clock=who.clock, offer_id=offer_id)
        return queue_reading.offer(session, who, offer_id)


@blueprint.route("/offers/<uuid:offer_id>", methods=["DELETE"])
@requires(Permission.OFFER_MAKE)
@blueprint.response(204)
def withdraw(offer_id: UUID) -> None:
    """Take an offer back; its time is free again."""
    who = reader()
    with transaction() as session:
        offers.withdraw(session, actor=who.actor, clock=who.clock, offer_id=offer_id)


def _joining(body: dict[str, Any]) -> waitlist.Joining:
    wishes = Wishes(
        practitioner=PractitionerId(body["practitioner"]) if body["practitioner"] else None,
        weekdays=frozenset(body["weekdays"] or EVERY_DAY),
        parts=frozenset(body["parts"] or DayPart),
        until=body["until"],
    )
    return waitlist.Joining(
        service=ServiceId(body["service"]),
        modality=body["modality"],
        wishes=wishes,
        language=body["language"],
        patient=PatientId(body["patient"]) if body["patient"] else None,
        triage=body["triage"],
        appointment=AppointmentId(body["appointment"]) if body["appointment"] else None,
    )
