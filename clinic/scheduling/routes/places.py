"""Sites and their rooms: staff read them, the clinic's administration edits them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.permissions import Permission
from clinic.scheduling.routes.parts import blueprint, claim
from clinic.scheduling.schemas.set_up import (
    LocationIn,
    LocationOut,
    LocationPage,
    SiteDocumentOut,
    SiteDocumentPage,
    SiteIn,
)
from clinic.scheduling.services import catalogue, places
from clinic.scheduling.services.places import LocationDocument, SiteDocument, SiteWish
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH_REQUIRED, reads
from clinic.web.documents import Tagged, if_match, tagged
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import actor, runtime, snapshot, transaction
from clinic.web.schema import ShortListQuery


@blueprint.route("/sites", methods=["GET"])
@requires(Permission.CATALOGUE_READ)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, SiteDocumentPage)
def list_sites(query: dict[str, Any]) -> Page[SiteDocument]:
    """List the clinic's sites, those in use first."""
    with snapshot() as session:
        found = places.sites(session, vault=runtime().vault)
    return part(found, query, lambda site: site.id)


@blueprint.route("/sites", methods=["POST"])
@requires(Permission.CATALOGUE_EDIT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(SiteIn)
@blueprint.response(201, SiteDocumentOut)
def create_site(body: dict[str, Any]) -> Tagged[SiteDocument]:
    """Add a site."""
    wanted = _wish(body)
    with transaction() as session:
        claimed = claim(session, "sites", body)
        if not claimed.replayed:
            catalogue.create_site(
                session,
                actor=actor(),
                clock=runtime().clock,
                names=wanted.names,
                tz=wanted.tz,
                weekend=wanted.weekend,
                id=claimed.id,
            )
        return _site(session, claimed.id)


@blueprint.route("/sites/<uuid:site_id>", methods=["GET"])
@requires(Permission.CATALOGUE_READ)
@blueprint.response(200, SiteDocumentOut)
def read_site(site_id: UUID) -> Tagged[SiteDocument]:
    """Return a site and its version (`ETag`)."""
    with snapshot() as session:
        return _site(session, site_id)


@blueprint.route("/sites/<uuid:site_id>", methods=["PUT"])
@requires(Permission.CATALOGUE_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(SiteIn)
@blueprint.response(200, SiteDocumentOut)
def change_site(body: dict[str, Any], site_id: UUID) -> Tagged[SiteDocument]:
    """Change a site; 409 `site_in_use` where people work at one that is to be put away."""
    with transaction() as session:
        places.change_site(
            session,
            actor=actor(),
            clock=runtime().clock,
            site_id=site_id,
            wanted=_wish(body),
            version=if_match(),
        )
        return _site(session, site_id)


@blueprint.route("/sites/<uuid:site_id>/locations", methods=["GET"])
@requires(Permission.CATALOGUE_READ)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, LocationPage)
def list_locations(query: dict[str, Any], site_id: UUID) -> Page[LocationDocument]:
    """List the rooms of a site by name, those in use first."""
    with snapshot() as session:
        found = places.locations(session, vault=runtime().vault, site_id=site_id)
    return part(found, query, lambda room: room.id)


@blueprint.route("/sites/<uuid:site_id>/locations", methods=["POST"])
@requires(Permission.CATALOGUE_EDIT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(LocationIn)
@blueprint.response(201, LocationOut)
def create_location(body: dict[str, Any], site_id: UUID) -> Tagged[LocationDocument]:
    """Add a room to a site; 409 `name_taken` where there is one of that name."""
    with transaction() as session:
        claimed = claim(session, "locations", {**body, "site": site_id})
        if not claimed.replayed:
            places.create_location(
                session,
                actor=actor(),
                clock=runtime().clock,
                id=claimed.id,
                site_id=site_id,
                name=body["name"].strip(),
            )
        return _location(session, claimed.id)


@blueprint.route("/locations/<uuid:location_id>", methods=["GET"])
@requires(Permission.CATALOGUE_READ)
@blueprint.response(200, LocationOut)
def read_location(location_id: UUID) -> Tagged[LocationDocument]:
    """Return a room and its version (`ETag`)."""
    with snapshot() as session:
        return _location(session, location_id)


@blueprint.route("/locations/<uuid:location_id>", methods=["PUT"])
@requires(Permission.CATALOGUE_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(LocationIn)
@blueprint.response(200, LocationOut)
def change_location(body: dict[str, Any], location_id: UUID) -> Tagged[LocationDocument]:
    """Rename a room, put it away or take it back."""
    with transaction() as session:
        places.change_location(
            session,
            actor=actor(),
            clock=runtime().clock,
            location_id=location_id,
            name=body["name"].strip(),
            active=body["active"],
            version=if_match(),
        )
        return _location(session, location_id)


def _wish(body: dict[str, Any]) -> SiteWish:
    names = {language: name.strip() for language, name in body["names"].items() if name.strip()}
    return SiteWish(names, body["tz"], body["weekend"], body["active"])


def _site(session: Session, site_id: UUID) -> Tagged[SiteDocument]:
    found = places.read_site(session, vault=runtime().vault, site_id=site_id)
    return tagged(found, found.version)


def _location(session: Session, location_id: UUID) -> Tagged[LocationDocument]:
    found = places.read_location(session, vault=runtime().vault, location_id=location_id)
    return tagged(found, found.version)
