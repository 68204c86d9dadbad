"""A practitioner's hours as one document that two people may edit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.permissions import Permission
from clinic.ids import PractitionerId, SiteId
from clinic.scheduling.queries.hours import Hours
from clinic.scheduling.routes.parts import blueprint, reader
from clinic.scheduling.rules.availability import Days, HoursSet, WeeklyRule
from clinic.scheduling.rules.exceptions import DIFFERING, LEAVE
from clinic.scheduling.schemas.availability import HoursDocumentOut, HoursEffectOut, HoursIn, PreviewQuery
from clinic.scheduling.services import exceptions, hours
from clinic.web.described import IF_MATCH_REQUIRED, reads
from clinic.web.documents import etag_asked
from clinic.web.guards import requires
from clinic.web.runtime import snapshot, transaction

Document = tuple[dict[str, Any], dict[str, str]]


@blueprint.route("/practitioners/<uuid:practitioner_id>/availability", methods=["GET"])
@requires(Permission.AVAILABILITY_READ)
@blueprint.response(200, HoursDocumentOut)
def read_hours(practitioner_id: UUID) -> Document:
    """Return the weekly hours, other hours for a while, and their version (`ETag`)."""
    who = PractitionerId(practitioner_id)
    with snapshot() as session:
        return _document(session, who, hours.hours_of(session, who))


@blueprint.route("/practitioners/<uuid:practitioner_id>/availability", methods=["PUT"])
@requires(Permission.AVAILABILITY_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(PreviewQuery, location="query")
@blueprint.arguments(HoursIn)
@blueprint.response(200, HoursEffectOut)
def write_hours(query: dict[str, Any], body: dict[str, Any], practitioner_id: UUID) -> Document:
    """Replace the hours that `If-Match` names; 412 `hours_changed` when they are others by now.

    Visits that the new hours leave outside are listed and stay; `preview=1` only lists them.
    """
    who, act = PractitionerId(practitioner_id), hours.preview if query["preview"] else hours.change_hours
    sets = None if body["sets"] is None else [_set(one) for one in body["sets"]]
    change = hours.Change([_rule(rule) for rule in body["rules"]], sets)
    with transaction() as session:
        found = act(session, reader(), who, change, etag_asked())
        document, tag = _document(session, who, found.hours)
    return {**document, "visits": found.visits, "groups": found.groups}, tag


def _rule(shape: dict[str, Any], **more: Any) -> WeeklyRule:
    site = SiteId(shape["site"]) if shape["site"] else None
    return WeeklyRule(**{**shape, "modalities": frozenset(shape["modalities"]), "site": site, **more})


def _set(shape: dict[str, Any]) -> HoursSet:
    days = Days(shape["first"], shape["last"])
    rules = (_rule(rule, valid_from=days.first, valid_to=days.last) for rule in shape["rules"])
    return HoursSet(shape["kind"], days, tuple(rules))


def _document(session: Session, practitioner: PractitionerId, found: Hours) -> Document:
    caller = reader()
    sets = [
        {"kind": one.kind, "first": one.days.first, "last": one.days.last, "rules": one.rules}
        for one in found.sets
    ]
    differing, leave = (
        exceptions.listed(session, caller, practitioner, kinds, caller.clock.now())
        for kinds in (DIFFERING, LEAVE)
    )
    document = {"rules": found.rules, "sets": sets, "exceptions": differing, "leave": leave}
    return document, {"ETag": f'"{hours.etag_of(session, practitioner)}"'}
