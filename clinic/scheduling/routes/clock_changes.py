"""Visits and sessions whose instant moves after new zone rules: staff look at them and approve."""

from __future__ import annotations

from typing import Any

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId
from clinic.scheduling.routes.parts import blueprint, reader
from clinic.scheduling.schemas.clock_changes import ApprovalIn, ApprovalOut, ClockChangeOut
from clinic.scheduling.services import clock_changes
from clinic.scheduling.services.clock_changes import Approved, ClockChange, Done
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import audited_read, transaction
from clinic.web.schema import ShortListQuery, page_of


@blueprint.route("/clock-changes", methods=["GET"])
@requires(Permission.CLOCK_CHANGE_APPROVE)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, page_of(ClockChangeOut))
def list_clock_changes(query: dict[str, Any]) -> Page[ClockChange]:
    """List coming visits and sessions that lie at another instant since zone rules changed, by time."""
    who = reader()
    with audited_read() as session:
        rows = clock_changes.waiting(session, who)
        chosen = part(rows, query, lambda row: row.id)
        moving = {row.id for row in rows}
        return Page(clock_changes.described(session, who, chosen.items, moving=moving), chosen.next)


@blueprint.route("/clock-changes/approve", methods=["POST"])
@requires(Permission.CLOCK_CHANGE_APPROVE)
@blueprint.arguments(ApprovalIn)
@blueprint.response(200, ApprovalOut)
def approve_clock_changes(body: dict[str, Any]) -> dict[str, list[Done]]:
    """Move visits and sessions so that their wall times stay; people are told. What cannot move stays."""
    who = reader()
    approved = [Approved(AppointmentId(one["id"]), one["version"]) for one in body["visits"]]
    with transaction() as session:
        return {"items": clock_changes.approve(session, actor=who.actor, clock=who.clock, approved=approved)}
