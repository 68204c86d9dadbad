"""Holidays of a site: what calendars propose, and what the desk has decided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.scheduling.routes.parts import blueprint, claim, reader
from clinic.scheduling.rules.availability import Days
from clinic.scheduling.rules.holidays import ramadans
from clinic.scheduling.schemas.availability import (
    DaysOut,
    HolidayEffectOut,
    HolidayShape,
    HolidaysOut,
    HolidaysQuery,
    PreviewQuery,
    YearQuery,
)
from clinic.scheduling.services import holidays
from clinic.scheduling.services.holidays import Closing, Wanted
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH_REQUIRED, reads
from clinic.web.documents import etag_asked
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import snapshot, transaction
from clinic.web.schema import page_of

_HOLIDAYS = "/sites/<uuid:site_id>/holidays"
_ONE = f"{_HOLIDAYS}/<uuid:holiday_id>"


@blueprint.route(_HOLIDAYS, methods=["GET"])
@requires(Permission.AVAILABILITY_READ)
@blueprint.arguments(HolidaysQuery, location="query")
@blueprint.response(200, HolidaysOut)
def list_holidays(query: dict[str, Any], site_id: UUID) -> dict[str, object]:
    """List a site's holidays of a year, and those that its country's calendar proposes beside them."""
    with snapshot() as session:
        found = holidays.year_of(session, reader(), site_id, query["year"], query["country"])
    listed = part(found.items, query, lambda kept: kept.id)
    return {
        "items": listed.items,
        "proposals": found.proposals,
        "country": found.country,
        "next": listed.next,
    }


@blueprint.route(_HOLIDAYS, methods=["POST"])
@requires(Permission.HOLIDAY_EDIT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(PreviewQuery, location="query")
@blueprint.arguments(HolidayShape)
@blueprint.response(201, HolidayEffectOut)
def add_holiday(query: dict[str, Any], body: dict[str, Any], site_id: UUID) -> tuple[Closing, int]:
    """Close a site, or note that it stays open; visits in it are listed and stay. `preview=1`: 200."""
    with transaction() as session:
        if query["preview"]:
            return holidays.preview(session, reader(), site_id, Wanted(**body)), 200
        claimed = claim(session, f"holiday.{site_id}", body)
        if claimed.replayed:
            return holidays.closing_of(session, reader(), site_id, claimed.id), 201
        return holidays.add(session, reader(), site_id, Wanted(**body), claimed.id), 201


@blueprint.route(_ONE, methods=["PUT"])
@requires(Permission.HOLIDAY_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(HolidayShape)
@blueprint.response(200, HolidayEffectOut)
def change_holiday(body: dict[str, Any], site_id: UUID, holiday_id: UUID) -> tuple[Closing, dict[str, str]]:
    """Replace a holiday of which `If-Match` names the version; 412 `holiday_changed` when it is another."""
    with transaction() as session:
        found = holidays.change(session, reader(), site_id, holiday_id, Wanted(**body), etag_asked())
    return found, {"ETag": f'"{found.holiday.version}"'}


@blueprint.route(_ONE, methods=["DELETE"])
@requires(Permission.HOLIDAY_EDIT)
@blueprint.response(204)
def remove_holiday(site_id: UUID, holiday_id: UUID) -> None:
    """Forget a holiday."""
    with transaction() as session:
        holidays.remove(session, reader(), site_id, holiday_id)


@blueprint.route("/ramadan", methods=["GET"])
@requires(Permission.AVAILABILITY_READ)
@blueprint.arguments(YearQuery, location="query")
@blueprint.response(200, page_of(DaysOut))
def list_ramadan(query: dict[str, Any]) -> Page[Days]:
    """List when Ramadan is in a year, estimated by the Umm al-Qura calendar: hours for it are proposed so."""
    return part(ramadans(query["year"]), query, lambda days: days.first)
