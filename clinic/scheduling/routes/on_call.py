"""Who is on call: everybody at work reads it, the desk edits the rota and who steps in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.permissions import Permission
from clinic.ids import PractitionerId
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.rules.availability import Modality, WeeklyRule
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.on_call import DutyRule
from clinic.scheduling.schemas.on_call import CoverIn, CoverOut, OnCallOut, OnCallQuery, RotaIn, RotaOut
from clinic.scheduling.services.on_call import covers, reading, rotas
from clinic.scheduling.services.on_call.covers import NewCover, SeenCover
from clinic.scheduling.services.on_call.reading import OnCall
from clinic.scheduling.services.on_call.rotas import RotaDocument, RotaWish
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH_REQUIRED, reads
from clinic.web.documents import Tagged, if_match, tagged
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import profile, snapshot, transaction
from clinic.web.schema import page_of

_ROTA = "/services/<uuid:service_id>/rota"


@blueprint.route("/on-call", methods=["GET"])
@requires(Permission.ON_CALL_READ)
@blueprint.arguments(OnCallQuery, location="query")
@blueprint.response(200, page_of(OnCallOut))
def on_call(query: dict[str, Any]) -> Page[OnCall]:
    """Return for each urgent service who is on call now and next, the duties asked for, and gaps ahead."""
    who = reader()
    start = query["start"] or who.clock.now()
    window = Interval(start, query["end"] or start + timedelta(days=7))
    with snapshot() as session:
        found = reading.overview(session, who, window, profile().tz)
    return part(found, query, lambda one: one.service)


@blueprint.route(_ROTA, methods=["GET"])
@requires(Permission.ON_CALL_READ)
@blueprint.response(200, RotaOut)
def read_rota(service_id: UUID) -> Tagged[RotaDocument]:
    """Return the rota of an urgent service and its version (`ETag`, "0" before there is one)."""
    with snapshot() as session:
        return _document(session, service_id)


@blueprint.route(_ROTA, methods=["PUT"])
@requires(Permission.ON_CALL_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(RotaIn)
@blueprint.response(200, RotaOut)
def write_rota(body: dict[str, Any], service_id: UUID) -> Tagged[RotaDocument]:
    """Replace the rules that `If-Match` names; 412 `document_changed` when they are others by now."""
    wish = RotaWish(
        rules=[_rule(shape) for shape in body["rules"]],
        around_the_clock=body["around_the_clock"],
        answer_minutes=body["answer_minutes"],
    )
    with transaction() as session:
        rotas.set_rota(session, reader(), service_id, wish, version=if_match())
        return _document(session, service_id)


@blueprint.route(f"{_ROTA}/covers", methods=["POST"])
@requires(Permission.ON_CALL_EDIT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(CoverIn)
@blueprint.response(201, CoverOut)
def add_cover(body: dict[str, Any], service_id: UUID) -> SeenCover:
    """Let somebody step in for a stretch, for a colleague or where nobody is on call."""
    whose = PractitionerId(body["instead_of"]) if body["instead_of"] else None
    new = NewCover(**{**body, "tz": body["tz"] or profile().tz, "instead_of": whose})
    with transaction() as session:
        claimed = claim(session, f"on_call.cover.{service_id}", body)
        if not claimed.replayed:
            covers.add(session, reader(), service_id, new, claimed.id)
        return covers.one(session, claimed.id)


@blueprint.route(f"{_ROTA}/covers/<uuid:cover_id>", methods=["DELETE"])
@requires(Permission.ON_CALL_EDIT)
@blueprint.response(204)
def remove_cover(service_id: UUID, cover_id: UUID) -> None:
    """Take a cover back: the rules hold again."""
    with transaction() as session:
        covers.remove(session, reader(), service_id, cover_id)


def _rule(shape: dict[str, Any]) -> DutyRule:
    week = WeeklyRule(
        weekday=shape["weekday"],
        start=shape["start"],
        end=shape["end"],
        tz=shape["tz"],
        valid_from=shape["valid_from"],
        valid_to=shape["valid_to"],
        modalities=frozenset(Modality),
        overnight=shape["overnight"],
    )
    return DutyRule(PractitionerId(shape["practitioner"]), shape["step"], week)


def _document(session: Session, service_id: UUID) -> Tagged[RotaDocument]:
    found = rotas.document(session, reader(), service_id)
    return tagged(found, found.version)
