"""Groups: sessions with seats. Nobody learns here who else comes, except staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId, PatientId, PractitionerId, SeriesId, ServiceId, new_id
from clinic.scheduling.queries.groups import Group, GroupPeriod
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.schemas.groups import (
    AttendanceIn,
    GroupIn,
    GroupMoveIn,
    GroupOut,
    GroupSeatsIn,
    GroupsQuery,
    SeatIn,
    WholeGroupOut,
)
from clinic.scheduling.schemas.series import PreviewQuery, SeriesPreviewOut
from clinic.scheduling.services.groups import capacity, reading, seats, sessions
from clinic.scheduling.services.groups.seats import Asked
from clinic.scheduling.services.reading import Reader
from clinic.scheduling.services.series import booking
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from clinic.web.answers import answer
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH, reads
from clinic.web.documents import Tagged, tagged, version_asked
from clinic.web.guards import requires
from clinic.web.paging import Page, decode_moment, page
from clinic.web.runtime import audited_read, snapshot, transaction
from clinic.web.schema import WireSchema, page_of


@blueprint.route("/groups", methods=["GET"])
@requires(Permission.GROUP_LIST)
@blueprint.arguments(GroupsQuery, location="query")
@blueprint.response(200, page_of(GroupOut))
def list_groups(query: dict[str, Any]) -> Page[Group]:
    """List sessions by time: those one may join or has a seat in, one's own, or all for the desk."""
    practitioner, series = query["practitioner"], query["series"]
    period = GroupPeriod(
        start=query["start"],
        end=query["end"],
        practitioner=PractitionerId(practitioner) if practitioner else None,
        series=SeriesId(series) if series else None,
        mine=query["mine"],
        after=decode_moment(query["cursor"]),
        limit=query["limit"] + 1,
    )
    with snapshot() as session:
        found = reading.listed(session, reader(), period)
    return page(found, query["limit"], lambda group: (group.starts_at.isoformat(), str(group.id)))


@blueprint.route("/groups", methods=["POST"])
@requires(Permission.GROUP_PLAN)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(PreviewQuery, location="query")
@blueprint.arguments(GroupIn)
@blueprint.or_response(200, SeriesPreviewOut)
@blueprint.response(201, WholeGroupOut)
def plan_group(query: dict[str, Any], body: dict[str, Any]) -> Group | Response:
    """Plan a session, or with `rhythm` a series of them: answers the first, whose `series_id` finds the rest.

    `?preview=1` judges every date (200). 409 `slot_taken` or, for several, `series_clash`.
    """
    who, wish = reader(), _wish(body)
    with transaction() as session:
        if query["preview"]:
            dates = booking.preview(session, actor=who.actor, clock=who.clock, wish=wish)
            return answer(SeriesPreviewOut, {"occurrences": dates})
        claimed = claim(session, "groups", body)
        group = AppointmentId(claimed.id)
        if not claimed.replayed:
            sessions.plan(
                session,
                actor=who.actor,
                clock=who.clock,
                group_id=group,
                wish=wish,
                series_id=SeriesId(new_id()) if body["rhythm"] else None,
                capacity=body["capacity"],
            )
        return reading.one(session, who, group)


@blueprint.route("/groups/<uuid:group_id>", methods=["GET"])
@requires(Permission.GROUP_READ)
@blueprint.response(200, WholeGroupOut)
def read_group(group_id: UUID) -> Tagged[Group]:
    """Return one session; its members to staff alone."""
    with audited_read() as session:
        return _tagged(session, reader(), group_id)


@blueprint.route("/groups/<uuid:group_id>", methods=["PATCH"])
@requires(Permission.GROUP_PLAN)
@reads(IF_MATCH)
@blueprint.arguments(GroupSeatsIn)
@blueprint.response(200, WholeGroupOut)
def resize_group(body: dict[str, Any], group_id: UUID) -> Tagged[Group]:
    """Give a session more seats, into which who waits longest moves up, or fewer; 422 below those taken."""
    who, group = reader(), AppointmentId(group_id)
    with transaction() as session:
        capacity.resize(
            session,
            actor=who.actor,
            clock=who.clock,
            group_id=group,
            capacity=body["capacity"],
            version=version_asked(),
        )
        return _tagged(session, who, group)


@blueprint.route("/groups/<uuid:group_id>/reschedule", methods=["POST"])
@requires(Permission.GROUP_PLAN)
@reads(IDEMPOTENCY_KEY, IF_MATCH)
@blueprint.arguments(GroupMoveIn)
@blueprint.response(200, WholeGroupOut)
def move_group(body: dict[str, Any], group_id: UUID) -> Tagged[Group]:
    """Move a session with all who sit in it; 409 `visit_overlap` where one of them has another visit."""
    who, group = reader(), AppointmentId(group_id)
    with transaction() as session:
        if not claim(session, f"group-move:{group_id}", body).replayed:
            sessions.reschedule(
                session,
                actor=who.actor,
                clock=who.clock,
                group_id=group,
                starts_at=body["starts_at"],
                version=version_asked(),
            )
        return _tagged(session, who, group)


@blueprint.route("/groups/<uuid:group_id>/cancel", methods=["POST"])
@requires(Permission.GROUP_PLAN)
@reads(IDEMPOTENCY_KEY, IF_MATCH)
@blueprint.arguments(WireSchema)
@blueprint.response(200, WholeGroupOut)
def cancel_group(_body: object, group_id: UUID) -> Tagged[Group]:
    """Call a session off; each member, and whoever waits, is written to."""
    who, group = reader(), AppointmentId(group_id)
    with transaction() as session:
        if not claim(session, f"group-cancel:{group_id}", {}).replayed:
            sessions.cancel(
                session, actor=who.actor, clock=who.clock, group_id=group, version=version_asked()
            )
        return _tagged(session, who, group)


@blueprint.route("/groups/<uuid:group_id>/seats", methods=["POST"])
@requires(Permission.SEAT_TAKE)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(SeatIn)
@blueprint.response(201, WholeGroupOut)
def take_seat(body: dict[str, Any], group_id: UUID) -> Group:
    """Take a seat, or by staff give one; 409 `group_full` unless one would `wait`."""
    who, group = reader(), AppointmentId(group_id)
    patient = PatientId(body["patient"]) if body["patient"] else None
    with transaction() as session:
        if not claim(session, "seats", {**body, "group": group_id}).replayed:
            asked = Asked(group, patient, wait=body["wait"])
            seats.take(session, actor=who.actor, clock=who.clock, asked=asked)
        return reading.one(session, who, group)


@blueprint.route("/groups/<uuid:group_id>/seats/<uuid:member>", methods=["DELETE"])
@requires(Permission.SEAT_GIVE_UP)
@blueprint.response(204)
def give_up_seat(group_id: UUID, member: UUID) -> None:
    """Give a seat or a place in the queue up; who waits longest moves up."""
    who = reader()
    with transaction() as session:
        seats.give_up(
            session,
            actor=who.actor,
            clock=who.clock,
            group_id=AppointmentId(group_id),
            patient=PatientId(member),
        )


@blueprint.route("/groups/<uuid:group_id>/seats/<uuid:member>/attendance", methods=["POST"])
@requires(Permission.SEAT_ATTEND)
@blueprint.arguments(AttendanceIn)
@blueprint.response(200, WholeGroupOut)
def note_attendance(body: dict[str, Any], group_id: UUID, member: UUID) -> Group:
    """Say whether one member came; staff only, after the session has begun."""
    who, group = reader(), AppointmentId(group_id)
    with transaction() as session:
        seats.attend(
            session,
            actor=who.actor,
            clock=who.clock,
            group_id=group,
            patient=PatientId(member),
            status=body["status"],
        )
        return reading.one(session, who, group)


def _tagged(session: Session, who: Reader, group: UUID) -> Tagged[Group]:
    found = reading.one(session, who, group)
    return tagged(found, found.version)


def _wish(body: Mapping[str, Any]) -> SeriesWish:
    return SeriesWish(
        rounds=Rounds(
            practitioner=PractitionerId(body["practitioner"]),
            service=ServiceId(body["service"]),
            modality=body["modality"],
            patient=None,
        ),
        rhythm=body["rhythm"] or Rhythm.WEEKLY,
        starts_at=body["starts_at"],
        count=body["count"] if body["rhythm"] else 1,
        until=body["until"],
        local=body["local"],
        tz=body["tz"],
        policy=body["policy"],
        moved={each["instead_of"]: each["starts_at"] for each in body["moved"]},
        left_out=frozenset(body["left_out"]),
    )
