"""HTTP of the privacy centre: who has seen a file, and who has tried to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from clinic import audit
from clinic.access.permissions import Permission
from clinic.errors import NotFound
from clinic.identity.services import names
from clinic.ids import PatientId
from clinic.privacy import queries
from clinic.privacy.queries import Named
from clinic.privacy.schemas import LogPage
from clinic.web.blueprint import Blueprint
from clinic.web.guards import requires
from clinic.web.paging import Page, decode_moment
from clinic.web.runtime import actor, audited_read, runtime
from clinic.web.schema import PageQuery

blueprint = Blueprint("privacy", __name__, description="Who has seen a file, and who has tried to")


@blueprint.route("/patients/<uuid:patient_id>/access-log", methods=["GET"])
@requires(Permission.ACCESS_LOG_READ)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, LogPage)
def read_access_log(query: Mapping[str, Any], patient_id: UUID) -> Page[Named]:
    """Return a patient's access log, newest first; an officer's look at it is itself on record."""
    parts, who, patient = runtime(), actor(), PatientId(patient_id)
    with audited_read() as session:
        if not names.patient_exists(session, patient_id=patient):
            raise NotFound()
        if who.patient_id != patient:
            audit.record(
                session,
                actor=who,
                clock=parts.clock,
                action="access_log.read",
                patient_id=patient,
                object_type="access_log",
            )
        return queries.access_log(
            session,
            reader=who,
            vault=parts.vault,
            patient_id=patient,
            limit=query["limit"],
            before=decode_moment(query["cursor"]),
        )
