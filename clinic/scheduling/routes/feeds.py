"""Visits for calendar programs: the file of one visit, and addresses to subscribe to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from clinic.access.permissions import Permission
from clinic.errors import NotFound
from clinic.ids import AppointmentId
from clinic.scheduling.models import CalendarFeed
from clinic.scheduling.models.calendars import Detail
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.rules.calendar_file import TYPE
from clinic.scheduling.schemas.calendars import CalendarFileQuery, FeedIn, FeedOut, NewFeedOut
from clinic.scheduling.services import calendar_files, feeds
from clinic.scheduling.services.calendar_files import Writer
from clinic.scheduling.services.feeds import NewFeed
from clinic.scheduling.services.groups import reading as groups
from clinic.web.blueprint import Blueprint
from clinic.web.described import IDEMPOTENCY_KEY, reads
from clinic.web.guards import public, requires
from clinic.web.limits import caller, limits
from clinic.web.paging import Page, part
from clinic.web.runtime import actor, audited_read, runtime, snapshot, transaction
from clinic.web.schema import ShortListQuery, WireSchema, page_of

_READS = "120/hour"  # a household's devices, each every half hour
_GUESSES = "30/minute"

subscribed = Blueprint(
    "feeds", __name__, url_prefix="/calendar", description="What calendar programs ask for"
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A feed as its owner sees it, with its address where it is new."""

    id: UUID
    detail: Detail
    created_at: datetime
    renewed_at: datetime
    address: str | None = None


@blueprint.route("/appointments/<uuid:appointment_id>/calendar.ics", methods=["GET"])
@requires(Permission.APPOINTMENT_READ)
@blueprint.arguments(CalendarFileQuery, location="query")
@blueprint.file(TYPE)
def calendar_file(query: dict[str, Any], appointment_id: UUID) -> Response:
    """Return a visit as a calendar file that says "Appointment" and when, and no more."""
    with audited_read() as session:
        content = calendar_files.file_of(
            session, reader(), _writer(), AppointmentId(appointment_id), times=query["times"]
        )
    return _attached(content)


@blueprint.route("/groups/<uuid:group_id>/calendar.ics", methods=["GET"])
@requires(Permission.GROUP_READ)
@blueprint.arguments(CalendarFileQuery, location="query")
@blueprint.file(TYPE)
def group_calendar_file(query: dict[str, Any], group_id: UUID) -> Response:
    """Return a session that one sits in or holds as a calendar file that says no more than any visit's."""
    with audited_read() as session:
        content = groups.file_of(session, reader(), _writer(), group_id, times=query["times"])
    return _attached(content)


@subscribed.route("/<string:token>.ics", methods=["GET"])
@public
@subscribed.file(TYPE)
def feed(token: str) -> Response:
    """Return the visits behind an address; a wrong or ended one is not there, like any other path."""
    key = feeds.hash_of(token).hex()
    limits().check("calendar_guess", _GUESSES, caller())
    limits().hit("calendar_feed", _READS, key)
    parts = runtime()
    try:
        with audited_read() as session:
            content = feeds.shown(
                session, clock=parts.clock, vault=parts.vault, writer=_writer(), token=token
            )
    except NotFound:
        limits().hit("calendar_guess", _GUESSES, caller())
        raise
    return _calendar(content)


@blueprint.route("/me/calendar-feeds", methods=["GET"])
@requires(Permission.CALENDAR_FEED_OWN)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, page_of(FeedOut))
def list_feeds(query: dict[str, Any]) -> Page[Shown]:
    """List one's calendar addresses, without the addresses: only their hashes are kept."""
    with snapshot() as session:
        found = [_shown(row) for row in feeds.listed(session, actor=actor())]
    return part(found, query, lambda one: one.id)


@blueprint.route("/me/calendar-feeds", methods=["POST"])
@requires(Permission.CALENDAR_FEED_OWN)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(FeedIn)
@blueprint.response(201, NewFeedOut)
def create_feed(body: dict[str, Any]) -> Shown:
    """Make an address of one's visits, shown this once; at most five. 409 `too_many_feeds`."""
    clock = runtime().clock
    with transaction() as session:
        claimed = claim(session, "calendar-feeds", body)
        if claimed.replayed:
            return _shown(feeds.own(session, actor(), claimed.id))
        made = feeds.create(session, actor=actor(), clock=clock, feed_id=claimed.id, detail=body["detail"])
        return _new(made)


@blueprint.route("/me/calendar-feeds/<uuid:feed_id>/renew", methods=["POST"])
@requires(Permission.CALENDAR_FEED_OWN)
@blueprint.arguments(WireSchema)
@blueprint.response(200, NewFeedOut)
def renew_feed(_body: object, feed_id: UUID) -> Shown:
    """Put another address in the place of one, which shows nothing from now on."""
    with transaction() as session:
        return _new(feeds.renew(session, actor=actor(), clock=runtime().clock, feed_id=feed_id))


@blueprint.route("/me/calendar-feeds/<uuid:feed_id>", methods=["DELETE"])
@requires(Permission.CALENDAR_FEED_OWN)
@blueprint.response(204)
def end_feed(feed_id: UUID) -> None:
    """End an address: it shows nothing from now on."""
    with transaction() as session:
        feeds.end(session, actor=actor(), clock=runtime().clock, feed_id=feed_id)


def _writer() -> Writer:
    parts = runtime()
    return Writer(parts.settings.base_url, parts.clock)


def _calendar(content: bytes) -> Response:
    response = Response(content, content_type=f"{TYPE}; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _attached(content: bytes) -> Response:
    response = _calendar(content)
    response.headers["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def _new(made: NewFeed) -> Shown:
    return _shown(made.feed, f"{runtime().settings.base_url}/calendar/{made.token}.ics")


def _shown(row: CalendarFeed, address: str | None = None) -> Shown:
    return Shown(row.id, row.detail, row.created_at, row.renewed_at, address)
