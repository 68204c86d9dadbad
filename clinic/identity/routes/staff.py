"""Those who work here: who they are, what they may do, shutting out and letting back in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.permissions import Permission
from clinic.identity.models import Account
from clinic.identity.schemas.staff import ColleagueIn, ColleagueOut, ColleaguePage, RolesIn
from clinic.identity.services import staff, staffing
from clinic.identity.services.invitations import Profile, several
from clinic.identity.services.staff import Colleague
from clinic.web.blueprint import Blueprint
from clinic.web.described import IF_MATCH_REQUIRED, reads
from clinic.web.documents import Tagged, if_match, tagged
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import actor, audited_read, runtime, transaction
from clinic.web.schema import ShortListQuery

bp = Blueprint("staff", __name__, description="Those who work here")


@bp.route("/staff", methods=["GET"])
@requires(Permission.STAFF_READ)
@bp.arguments(ShortListQuery, location="query")
@bp.response(200, ColleaguePage)
def list_staff(query: dict[str, Any]) -> Page[Colleague]:
    """List who works here, who is invited and who is shut out, oldest first."""
    parts = runtime()
    with audited_read() as session:
        found = staff.list_staff(session, actor=actor(), clock=parts.clock, vault=parts.vault)
    return part(found, query, lambda one: one.id)


@bp.route("/staff/<uuid:account_id>", methods=["GET"])
@requires(Permission.STAFF_READ)
@bp.response(200, ColleagueOut)
def read_colleague(account_id: UUID) -> Tagged[Colleague]:
    """Return one of them with the version (`ETag`) that changes name."""
    parts = runtime()
    with audited_read() as session:
        found = staff.read_colleague(
            session, actor=actor(), clock=parts.clock, vault=parts.vault, account_id=account_id
        )
    return tagged(found, found.version)


@bp.route("/staff/<uuid:account_id>", methods=["PUT"])
@requires(Permission.STAFF_EDIT)
@reads(IF_MATCH_REQUIRED)
@bp.arguments(ColleagueIn)
@bp.response(200, ColleagueOut)
def change_colleague(body: dict[str, Any], account_id: UUID) -> Tagged[Colleague]:
    """Change the name, and what patients are told of somebody who treats."""
    profile = Profile(
        body["profession"], body["gender"], several(body["languages"]), several(body["specialties"])
    )

    def act(session: Session) -> Account:
        return staffing.change_profile(
            session,
            actor=actor(),
            clock=runtime().clock,
            fields=runtime().vault.fields,
            account_id=account_id,
            name=body["name"],
            profile=profile,
            version=if_match(),
        )

    return _changed(act)


@bp.route("/staff/<uuid:account_id>/roles", methods=["PUT"])
@requires(Permission.STAFF_EDIT, step_up=True)
@reads(IF_MATCH_REQUIRED)
@bp.arguments(RolesIn)
@bp.response(200, ColleagueOut)
def change_roles(body: dict[str, Any], account_id: UUID) -> Tagged[Colleague]:
    """Give somebody these roles and no others.

    403 `own_roles` for a role more of one's own; 409 `last_admin` where nobody would administer the clinic.
    """

    def act(session: Session) -> Account:
        return staffing.change_roles(
            session,
            actor=actor(),
            clock=runtime().clock,
            fields=runtime().vault.fields,
            account_id=account_id,
            roles=frozenset(body["roles"]),
            version=if_match(),
        )

    return _changed(act)


@bp.route("/staff/<uuid:account_id>/deactivate", methods=["POST"])
@requires(Permission.STAFF_EDIT, step_up=True)
@reads(IF_MATCH_REQUIRED)
@bp.response(200, ColleagueOut)
def deactivate(account_id: UUID) -> Tagged[Colleague]:
    """Shut somebody out: their sessions end now. Their visits stay until somebody moves them."""
    return _changed(
        lambda session: staffing.deactivate(
            session, actor=actor(), clock=runtime().clock, account_id=account_id, version=if_match()
        )
    )


@bp.route("/staff/<uuid:account_id>/reactivate", methods=["POST"])
@requires(Permission.STAFF_EDIT, step_up=True)
@reads(IF_MATCH_REQUIRED)
@bp.response(200, ColleagueOut)
def reactivate(account_id: UUID) -> Tagged[Colleague]:
    """Let somebody in again who was shut out."""
    return _changed(
        lambda session: staffing.reactivate(
            session, actor=actor(), clock=runtime().clock, account_id=account_id, version=if_match()
        )
    )


def _changed(act: Callable[[Session], Account]) -> Tagged[Colleague]:
    """Do `act` and return the colleague as they are then."""
    with transaction() as session:
        row = act(session)
        session.flush()
        found = staff.colleague(session, runtime().vault, row)
    return tagged(found, found.version)
