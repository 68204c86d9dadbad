"""Leave, closings and one-off openings of a practitioner, each with the visits that stand in the way."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import PractitionerId, SiteId
from clinic.scheduling.queries.exceptions import Stretch
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.rules.exceptions import DIFFERING, LEAVE, ExceptionKind
from clinic.scheduling.schemas.availability import (
    ExceptionIn,
    LeaveIn,
    PreviewQuery,
    SinceQuery,
    StretchEffectOut,
    StretchOut,
)
from clinic.scheduling.services import exceptions
from clinic.scheduling.services.exceptions import Effect, NewStretch
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import snapshot, transaction
from clinic.web.schema import page_of

_LEAVE = "/practitioners/<uuid:practitioner_id>/leave"
_EXCEPTIONS = "/practitioners/<uuid:practitioner_id>/exceptions"


@blueprint.route(_LEAVE, methods=["POST"])
@requires(Permission.AVAILABILITY_EDIT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(PreviewQuery, location="query")
@blueprint.arguments(LeaveIn)
@blueprint.response(201, StretchEffectOut)
def add_leave(query: dict[str, Any], body: dict[str, Any], practitioner_id: UUID) -> tuple[Effect, int]:
    """Note that somebody is away; visits in it are listed and stay. `preview=1` only lists them (200)."""
    cover = PractitionerId(body["cover"]) if body["cover"] else None
    new = NewStretch(**{**body, "kind": ExceptionKind.LEAVE, "cover": cover})
    return _add(PractitionerId(practitioner_id), new, body, preview=query["preview"])


@blueprint.route(_LEAVE, methods=["GET"])
@requires(Permission.AVAILABILITY_READ)
@blueprint.arguments(SinceQuery, location="query")
@blueprint.response(200, page_of(StretchOut))
def list_leave(query: dict[str, Any], practitioner_id: UUID) -> Page[Stretch]:
    """List leave by time; why somebody is away is for them and the desk."""
    return _list(query, practitioner_id, LEAVE)


@blueprint.route(f"{_LEAVE}/<uuid:leave_id>", methods=["DELETE"])
@requires(Permission.AVAILABILITY_EDIT)
@blueprint.response(204)
def remove_leave(practitioner_id: UUID, leave_id: UUID) -> None:
    """Take leave back: the usual hours hold again."""
    _remove(practitioner_id, leave_id, LEAVE)


@blueprint.route(_EXCEPTIONS, methods=["POST"])
@requires(Permission.AVAILABILITY_EDIT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(PreviewQuery, location="query")
@blueprint.arguments(ExceptionIn)
@blueprint.response(201, StretchEffectOut)
def add_exception(query: dict[str, Any], body: dict[str, Any], practitioner_id: UUID) -> tuple[Effect, int]:
    """Open once, or close for a stretch; visits in it are listed and stay. `preview=1`: only that, 200."""
    site, ways = SiteId(body["site"]) if body["site"] else None, frozenset(body["modalities"])
    new = NewStretch(**{**body, "site": site, "modalities": ways})
    return _add(PractitionerId(practitioner_id), new, body, preview=query["preview"])


@blueprint.route(_EXCEPTIONS, methods=["GET"])
@requires(Permission.AVAILABILITY_READ)
@blueprint.arguments(SinceQuery, location="query")
@blueprint.response(200, page_of(StretchOut))
def list_exceptions(query: dict[str, Any], practitioner_id: UUID) -> Page[Stretch]:
    """List openings and closings by time."""
    return _list(query, practitioner_id, DIFFERING)


@blueprint.route(f"{_EXCEPTIONS}/<uuid:exception_id>", methods=["DELETE"])
@requires(Permission.AVAILABILITY_EDIT)
@blueprint.response(204)
def remove_exception(practitioner_id: UUID, exception_id: UUID) -> None:
    """Take an opening or a closing back."""
    _remove(practitioner_id, exception_id, DIFFERING)


def _add(
    practitioner: PractitionerId, new: NewStretch, body: dict[str, Any], *, preview: bool
) -> tuple[Effect, int]:
    with transaction() as session:
        if preview:
            return exceptions.preview(session, reader(), practitioner, new), 200
        claimed = claim(session, f"{new.kind}.{practitioner}", body)
        if claimed.replayed:
            return exceptions.effect_of(session, reader(), practitioner, claimed.id), 201
        return exceptions.add(session, reader(), practitioner, new, claimed.id), 201


def _list(query: dict[str, Any], practitioner_id: UUID, kinds: Collection[ExceptionKind]) -> Page[Stretch]:
    who, practitioner = reader(), PractitionerId(practitioner_id)
    with snapshot() as session:
        since = query["since"] or who.clock.now()
        found = exceptions.listed(session, who, practitioner, kinds, since)
    return part(found, query, lambda one: one.id)


def _remove(practitioner_id: UUID, number: UUID, kinds: Collection[ExceptionKind]) -> None:
    with transaction() as session:
        exceptions.take_back(session, reader(), PractitionerId(practitioner_id), number, kinds)
