"""What the clinic says of itself, for its administration to read and change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from clinic.access.permissions import Permission
from clinic.identity.schemas.clinic import ClinicOut, ClinicShape
from clinic.identity.services import clinic_profile
from clinic.identity.services.clinic_profile import Document
from clinic.identity.services.names import change_words
from clinic.web.blueprint import Blueprint
from clinic.web.described import IF_MATCH_REQUIRED, reads
from clinic.web.documents import Tagged, if_match, tagged
from clinic.web.guards import requires
from clinic.web.profile import ClinicProfile, profile_from
from clinic.web.runtime import actor, runtime, snapshot, transaction

bp = Blueprint("clinic", __name__, description="What the clinic says of itself")


@bp.route("/clinic", methods=["GET"])
@requires(Permission.CLINIC_READ)
@bp.response(200, ClinicOut)
def read_clinic() -> Tagged[dict[str, object]]:
    """Return names, zone, languages, digits and first day of the week, with their version (`ETag`)."""
    with snapshot() as session:
        found = clinic_profile.read_profile(session, otherwise=profile_from(runtime().settings))
        return _shown(session, found)


@bp.route("/clinic", methods=["PUT"])
@requires(Permission.CLINIC_EDIT)
@reads(IF_MATCH_REQUIRED)
@bp.arguments(ClinicShape)
@bp.response(200, ClinicOut)
def change_clinic(body: dict[str, Any]) -> Tagged[dict[str, object]]:
    """Change what the clinic says of itself; 412 `document_changed` where somebody else was first."""
    wanted = ClinicProfile(**{**body, "languages": tuple(body["languages"])})
    with transaction() as session:
        saved = clinic_profile.change_profile(
            session, actor=actor(), clock=runtime().clock, wanted=wanted, version=if_match()
        )
        shown = _shown(session, saved)
    runtime().profiles.forget()
    return shown


def _shown(session: Session, found: Document) -> Tagged[dict[str, object]]:
    changed = change_words(session, vault=runtime().vault, changes=[found.change])[0]
    document = {**asdict(found.profile), "saved": found.version > 0, "changed": changed}
    return tagged(document, found.version)
