"""Messages about visits, offers and urgent requests, for staff: their fate, and when reminders leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId
from clinic.scheduling.routes.parts import blueprint, reader
from clinic.scheduling.schemas.messages import (
    DeliveryOut,
    DeliveryPage,
    QueuedOut,
    RemindersOut,
    RemindingIn,
    RemindingOut,
)
from clinic.scheduling.services import deliveries, reminding
from clinic.scheduling.services.deliveries import Sent
from clinic.scheduling.services.reminding import Reminding
from clinic.web.described import IF_MATCH_REQUIRED, reads
from clinic.web.documents import etag_asked
from clinic.web.guards import requires
from clinic.web.paging import Page, decode_moment, moment_keys, page, part
from clinic.web.runtime import audited_read, profile, runtime, snapshot, transaction
from clinic.web.schema import PageQuery, ShortListQuery, WireSchema


@blueprint.route("/appointments/<uuid:appointment_id>/messages", methods=["GET"])
@requires(Permission.DELIVERY_READ)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, DeliveryPage)
def list_messages(query: dict[str, Any], appointment_id: UUID) -> Page[Sent]:
    """List the messages about one visit: what is sent, what waits and until when, what failed and why."""
    with audited_read() as session:
        visit, tz = AppointmentId(appointment_id), profile().tz
        found: Sequence[Sent] = deliveries.of_visit(session, reader(), visit, tz)
    return part(found, query, lambda one: one.id)


@blueprint.route("/deliveries", methods=["GET"])
@requires(Permission.DELIVERY_REPEAT)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, DeliveryPage)
def list_undelivered(query: dict[str, Any]) -> Page[Sent]:
    """List the messages about visits, offers and requests that reached nobody this month, the last first."""
    limit, before = query["limit"], decode_moment(query["cursor"])
    with audited_read() as session:
        found = deliveries.undelivered(session, reader(), profile().tz, limit=limit + 1, before=before)
    return page(found, limit, lambda one: moment_keys(one.at, one.id))


@blueprint.route("/deliveries/<uuid:message_id>/send-again", methods=["POST"])
@requires(Permission.DELIVERY_REPEAT)
@blueprint.arguments(WireSchema)
@blueprint.response(200, DeliveryOut)
def send_again(_body: object, message_id: UUID) -> Sent:
    """Try a message again that reached nobody; 409 `not_failed` for any other."""
    with transaction() as session:
        return deliveries.send_again(session, reader(), message_id, profile().tz)


@blueprint.route("/deliveries/send-again", methods=["POST"])
@requires(Permission.DELIVERY_REPEAT)
@blueprint.arguments(WireSchema)
@blueprint.response(200, QueuedOut)
def send_all_again(_body: object) -> dict[str, int]:
    """Try everything again that was given up, as after a day without a mail server."""
    with transaction() as session:
        return {"queued": deliveries.send_all_again(session, reader())}


@blueprint.route("/reminders", methods=["GET"])
@requires(Permission.REMINDERS_READ)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, RemindersOut)
def list_reminders(query: dict[str, Any]) -> dict[str, object]:
    """Say when people are reminded: the clinic's habit, and each service's own."""
    with snapshot() as session:
        found = part(reminding.listed(session, reader()), query, lambda one: one.service)
    usual = reminding.minutes_of(runtime().settings.reminders)
    return {"usual": usual, "items": found.items, "next": found.next}


@blueprint.route("/services/<uuid:service_id>/reminders", methods=["PUT"])
@requires(Permission.REMINDERS_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(RemindingIn)
@blueprint.response(200, RemindingOut)
def choose_reminders(body: dict[str, Any], service_id: UUID) -> Reminding:
    """Say when people are reminded of one service's visits; 412 `reminders_changed`."""
    with transaction() as session:
        return reminding.choose(session, reader(), service_id, body["minutes"], etag=etag_asked())
