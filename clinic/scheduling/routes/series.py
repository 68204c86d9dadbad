"""Series: look at every date before booking, book them whole, move or call off one, some or all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response

from clinic.access.permissions import Permission
from clinic.ids import AppointmentId, PatientId, PractitionerId, SeriesId, ServiceId
from clinic.scheduling.queries.series import SeriesView
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.schemas.series import (
    PreviewQuery,
    SeriesCancelIn,
    SeriesCancelledOut,
    SeriesIn,
    SeriesMovedOut,
    SeriesMoveIn,
    SeriesOut,
    SeriesPreviewOut,
)
from clinic.scheduling.services.reading import shown
from clinic.scheduling.services.series import booking, cancelling, moving, reading
from clinic.scheduling.services.series.moving import Move
from clinic.scheduling.services.series.parts import Part
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from clinic.web.answers import answer
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH, reads
from clinic.web.documents import version_asked
from clinic.web.guards import requires
from clinic.web.runtime import audited_read, transaction

Document = tuple[SeriesView, dict[str, str]]


@blueprint.route("/series", methods=["POST"])
@requires(Permission.SERIES_PLAN)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(PreviewQuery, location="query")
@blueprint.arguments(SeriesIn)
@blueprint.or_response(200, SeriesPreviewOut)
@blueprint.response(201, SeriesOut)
def book_series(query: dict[str, Any], body: dict[str, Any]) -> Document | Response:
    """Book every date or those that are free, once for each Idempotency-Key; `?preview=1` judges them (200).

    409 `series_clash` tells every date with `fate` and `alternatives`. Leave and holidays are left out. The
    desk books the dates named in `over` over what is in their way, with `override`.
    """
    who, wish = reader(), _wish(body)
    if query["preview"]:
        with transaction() as session:
            dates = booking.preview(session, actor=who.actor, clock=who.clock, wish=wish)
            return answer(SeriesPreviewOut, {"occurrences": dates})
    with transaction() as session:
        claimed = claim(session, "series", body)
        series = SeriesId(claimed.id)
        if not claimed.replayed:
            booking.book(
                session,
                actor=who.actor,
                clock=who.clock,
                fields=who.fields,
                series_id=series,
                wish=wish,
            )
        return document(reading.read(session, who, series))


@blueprint.route("/series/<uuid:series_id>", methods=["GET"])
@requires(Permission.SERIES_READ)
@blueprint.response(200, SeriesOut)
def read_series(series_id: UUID) -> Document:
    """Return a series with its visits and the dates that were left out, and its version (`ETag`)."""
    with audited_read() as session:
        return document(reading.read(session, reader(), SeriesId(series_id)))


@blueprint.route("/series/<uuid:series_id>/reschedule", methods=["POST"])
@requires(Permission.SERIES_CHANGE)
@reads(IF_MATCH)
@blueprint.arguments(PreviewQuery, location="query")
@blueprint.arguments(SeriesMoveIn)
@blueprint.response(200, SeriesMovedOut)
def move_series(query: dict[str, Any], body: dict[str, Any], series_id: UUID) -> dict[str, object]:
    """Move one visit, it and those that follow, or all; `?preview=1` says what each would meet there.

    409 `series_clash` tells every date. The desk moves the visits named in `over` over what is in their way,
    with `override`.
    """
    who, series, move = reader(), SeriesId(series_id), _move(body)
    with transaction() as session:
        if query["preview"]:
            dates = moving.preview_move(
                session, actor=who.actor, clock=who.clock, series_id=series, move=move
            )
            return {"series": None, "occurrences": dates}
        dates = moving.reschedule(
            session,
            actor=who.actor,
            clock=who.clock,
            fields=who.fields,
            series_id=series,
            move=move,
            version=version_asked(),
        )
        return {"series": reading.read(session, who, series), "occurrences": dates}


@blueprint.route("/series/<uuid:series_id>/cancel", methods=["POST"])
@requires(Permission.SERIES_CHANGE)
@reads(IF_MATCH)
@blueprint.arguments(PreviewQuery, location="query")
@blueprint.arguments(SeriesCancelIn)
@blueprint.response(200, SeriesCancelledOut)
def cancel_series(query: dict[str, Any], body: dict[str, Any], series_id: UUID) -> dict[str, object]:
    """Call off one visit, it and those that follow, or all; `?preview=1` says which."""
    who, series, part = reader(), SeriesId(series_id), _part(body)
    with transaction() as session:
        if query["preview"]:
            rows = cancelling.preview_cancel(
                session, actor=who.actor, clock=who.clock, series_id=series, part=part
            )
            return {"series": None, "visits": shown(session, who, rows)}
        rows = cancelling.cancel(
            session,
            actor=who.actor,
            clock=who.clock,
            fields=who.fields,
            series_id=series,
            part=part,
            reason=body["reason"],
            version=version_asked(),
        )
        return {"series": reading.read(session, who, series), "visits": shown(session, who, rows)}


def document(found: SeriesView) -> Document:
    """Return the series with its version as ETag."""
    return found, {"ETag": f'"{found.version}"'}


def _wish(body: Mapping[str, Any]) -> SeriesWish:
    return SeriesWish(
        rounds=Rounds(
            practitioner=PractitionerId(body["practitioner"]),
            service=ServiceId(body["service"]),
            modality=body["modality"],
            patient=PatientId(body["patient"]),
        ),
        rhythm=body["rhythm"],
        starts_at=body["starts_at"],
        count=body["count"],
        until=body["until"],
        local=body["local"],
        tz=body["tz"],
        policy=body["policy"],
        moved={each["instead_of"]: each["starts_at"] for each in body["moved"]},
        left_out=frozenset(body["left_out"]),
        over=frozenset(body["over"]),
        override=body["override"]["reason"] if body["override"] else None,
    )


def _move(body: Mapping[str, Any]) -> Move:
    practitioner = body["practitioner"]
    return Move(
        part=_part(body),
        starts_at=body["starts_at"],
        practitioner=PractitionerId(practitioner) if practitioner else None,
        policy=body["policy"],
        over=frozenset(map(AppointmentId, body["over"])),
        override=body["override"]["reason"] if body["override"] else None,
    )


def _part(body: Mapping[str, Any]) -> Part:
    named = body["named"]
    return Part(body["scope"], AppointmentId(named) if named else None)
