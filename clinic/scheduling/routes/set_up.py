"""What the clinic's administration sets up: services, who offers them, and how far it has come."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.access.permissions import Permission
from clinic.ids import PractitionerId, ServiceId, SiteId
from clinic.scheduling.queries.set_up import set_up
from clinic.scheduling.routes.parts import blueprint, claim
from clinic.scheduling.rules.set_up import is_ready
from clinic.scheduling.schemas.set_up import (
    NewServiceIn,
    OffersIn,
    OffersOut,
    ServiceDocumentOut,
    ServiceDocumentPage,
    ServiceIn,
    SetUpOut,
)
from clinic.scheduling.services import catalogue, offering, service_documents
from clinic.scheduling.services.catalogue import NewService, ServiceText
from clinic.scheduling.services.offering import Offering
from clinic.scheduling.services.service_documents import ServiceDocument
from clinic.web.described import IDEMPOTENCY_KEY, IF_MATCH_REQUIRED, reads
from clinic.web.documents import Tagged, if_match, tagged
from clinic.web.guards import requires
from clinic.web.paging import Page, part
from clinic.web.runtime import actor, profile, runtime, snapshot, transaction
from clinic.web.schema import ShortListQuery


@blueprint.route("/setup", methods=["GET"])
@requires(Permission.SETUP_READ)
@blueprint.response(200, SetUpOut)
def read_set_up() -> dict[str, object]:
    """Tell what is left to do until somebody can be booked."""
    clinic = profile()
    unnamed = sum(not clinic.names.get(language) for language in clinic.languages)
    with snapshot() as session:
        found = set_up(session, unnamed=unnamed, now=runtime().clock.now())
    return {"tasks": found.steps, "ready": is_ready(found.steps), "soonest": found.soonest}


@blueprint.route("/setup/services", methods=["GET"])
@requires(Permission.CATALOGUE_READ)
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, ServiceDocumentPage)
def list_documents(query: dict[str, Any]) -> Page[dict[str, object]]:
    """List the services with everything about them, those in the archive last."""
    with snapshot() as session:
        found = service_documents.documents(session, vault=runtime().vault)
    return part([_shown(one) for one in found], query, lambda service: service["id"])


@blueprint.route("/services", methods=["POST"])
@requires(Permission.CATALOGUE_EDIT)
@reads(IDEMPOTENCY_KEY)
@blueprint.arguments(NewServiceIn)
@blueprint.response(201, ServiceDocumentOut)
def create_service(body: dict[str, Any]) -> Tagged[dict[str, object]]:
    """Add a service; 409 `name_taken` where its code is that of another."""
    parts = runtime()
    with transaction() as session:
        claimed = claim(session, "services", body)
        if not claimed.replayed:
            code = body["code"] or service_documents.code_for(claimed.id)
            catalogue.create_service(
                session,
                actor=actor(),
                clock=parts.clock,
                fields=parts.vault.fields,
                new=_wish(body, code),
                id=claimed.id,
            )
        return _document(session, claimed.id)


@blueprint.route("/services/<uuid:service_id>", methods=["GET"])
@requires(Permission.CATALOGUE_READ)
@blueprint.response(200, ServiceDocumentOut)
def read_service(service_id: UUID) -> Tagged[dict[str, object]]:
    """Return a service in all its languages, and its version (`ETag`)."""
    with snapshot() as session:
        return _document(session, service_id)


@blueprint.route("/services/<uuid:service_id>", methods=["PUT"])
@requires(Permission.CATALOGUE_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(ServiceIn)
@blueprint.response(200, ServiceDocumentOut)
def change_service(body: dict[str, Any], service_id: UUID) -> Tagged[dict[str, object]]:
    """Change a service, archive it (`active: false`) or offer it again; booked visits keep their times."""
    with transaction() as session:
        service_documents.change_service(
            session,
            actor=actor(),
            clock=runtime().clock,
            fields=runtime().vault.fields,
            service_id=service_id,
            wanted=_wish(body, ""),
            active=body["active"],
            version=if_match(),
        )
        return _document(session, service_id)


@blueprint.route("/practitioners/<uuid:practitioner_id>/offers", methods=["GET"])
@requires(Permission.CATALOGUE_READ)
@blueprint.response(200, OffersOut)
def read_offers(practitioner_id: UUID) -> Tagged[Offering]:
    """Return where a practitioner is at home and what they offer, with its version (`ETag`)."""
    with snapshot() as session:
        return _offering(session, practitioner_id)


@blueprint.route("/practitioners/<uuid:practitioner_id>/offers", methods=["PUT"])
@requires(Permission.CATALOGUE_EDIT)
@reads(IF_MATCH_REQUIRED)
@blueprint.arguments(OffersIn)
@blueprint.response(200, OffersOut)
def change_offers(body: dict[str, Any], practitioner_id: UUID) -> Tagged[Offering]:
    """Say where a practitioner is at home and what they offer; booked visits stay."""
    with transaction() as session:
        offering.set_offering(
            session,
            actor=actor(),
            clock=runtime().clock,
            practitioner=PractitionerId(practitioner_id),
            site=SiteId(body["site"]),
            services=[ServiceId(number) for number in body["services"]],
            version=if_match(),
        )
        return _offering(session, practitioner_id)


def _wish(body: dict[str, Any], code: str) -> NewService:
    given = {
        name: value for name, value in body.items() if name not in {"active", "code", "texts", "modalities"}
    }
    texts = {
        language: ServiceText(text["name"].strip(), text["description"].strip())
        for language, text in body["texts"].items()
        if text["name"].strip()
    }
    return NewService(code=code, texts=texts, modalities=frozenset(body["modalities"]), **given)


def _shown(found: ServiceDocument) -> dict[str, object]:
    wish = {**asdict(found.wish), "modalities": sorted(found.wish.modalities)}
    return {**wish, "id": found.id, "active": found.active, "changed": found.changed}


def _document(session: Session, service_id: UUID) -> Tagged[dict[str, object]]:
    found = service_documents.read_document(session, vault=runtime().vault, service_id=service_id)
    return tagged(_shown(found), found.version)


def _offering(session: Session, practitioner_id: UUID) -> Tagged[Offering]:
    found = offering.read_offering(
        session, clock=runtime().clock, vault=runtime().vault, practitioner=PractitionerId(practitioner_id)
    )
    return tagged(found, found.version)
