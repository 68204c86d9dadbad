"""What guardians see of the visits of those they stand in for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.access.permissions import Permission
from clinic.ids import PatientId
from clinic.scheduling.queries.appointments import Visit
from clinic.scheduling.routes.parts import blueprint, reader
from clinic.scheduling.schemas.messages import WardPage, WardVisitPage, WardVisitsQuery
from clinic.scheduling.services import family
from clinic.scheduling.services.family import Ward
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import audited_read, snapshot
from clinic.web.schema import ShortListQuery


@blueprint.route("/wards", methods=["GET"])
@requires(Permission.WARD_LIST)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, WardPage)
def list_wards(query: dict[str, Any]) -> Page[Ward]:
    """List those whom the caller stands in for now, with how many visits lie ahead."""
    with snapshot() as session:
        found = family.wards(session, reader())
    return part(found, query, lambda one: one.patient)


@blueprint.route("/wards/<uuid:patient_id>/visits", methods=["GET"])
@requires(Permission.WARD_VISITS)
@blueprint.arguments(WardVisitsQuery, location="query")
@blueprint.response(200, WardVisitPage)
def list_ward_visits(query: dict[str, Any], patient_id: UUID) -> Page[Visit]:
    """List a minor's visits by time, those only that the guardian may be told of."""
    with audited_read() as session:
        found = family.visits(session, reader(), PatientId(patient_id), query["start"], query["end"])
    return part(found, query, lambda one: one.id)
