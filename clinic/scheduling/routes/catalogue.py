"""Open to anyone: what can be booked, with whom, and when. Nothing here tells of a patient."""

from __future__ import annotations

from typing import Any

from clinic.errors import Unauthenticated
from clinic.ids import PractitionerId, ServiceId, SiteId
from clinic.scheduling.queries import practitioners, services
from clinic.scheduling.queries.practitioners import Card, Wish
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots
from clinic.scheduling.routes.parts import blueprint, name_and_id, slot_keys, slot_rank
from clinic.scheduling.schemas.catalogue import (
    PractitionerOut,
    PractitionersQuery,
    ServiceOut,
    ServicesQuery,
    SlotOut,
    SlotsQuery,
)
from clinic.web.guards import public
from clinic.web.language import language
from clinic.web.paging import Page, page, part
from clinic.web.runtime import maybe_actor, profile, runtime, snapshot
from clinic.web.schema import page_of


@blueprint.route("/services", methods=["GET"])
@public
@blueprint.arguments(ServicesQuery, location="query")
@blueprint.response(200, page_of(ServiceOut))
def list_services(query: dict[str, Any]) -> Page[services.Offer]:
    """List the kinds of visit that one person books, or with `?groups=1` those that are held for groups.

    Those that only staff book are listed for staff.
    """
    with snapshot() as session:
        found = services.offers(
            session,
            fields=runtime().vault.fields,
            language=language(),
            groups=query["groups"],
            to_staff=_asked_by_staff(),
        )
    return part(found, query, lambda offer: offer.id)


@blueprint.route("/practitioners", methods=["GET"])
@public
@blueprint.arguments(PractitionersQuery, location="query")
@blueprint.response(200, page_of(PractitionerOut))
def list_practitioners(query: dict[str, Any]) -> Page[Card]:
    """List who holds visits, by name; places in the caller's language."""
    _open_directory()
    wish = Wish(language=query["language"], specialty=query["specialty"], gender=query["gender"])
    after = None if query["cursor"] is None else name_and_id(query["cursor"])
    with snapshot() as session:
        found = practitioners.directory(
            session,
            wish,
            language=language(),
            modality=query["modality"],
            service=ServiceId(query["service"]) if query["service"] else None,
            after=after,
            limit=query["limit"] + 1,
        )
    return page(found, query["limit"], lambda card: (card.name, str(card.id)))


@blueprint.route("/slots", methods=["GET"])
@public
@blueprint.arguments(SlotsQuery, location="query")
@blueprint.response(200, page_of(SlotOut))
def list_slots(query: dict[str, Any]) -> Page[FoundSlot]:
    """List free times, the soonest first; `limit` at most 200.

    Staff see those without lead time too, and those `reserved` for urgent and same-day requests, unless they
    look for their `own` visit.

    With `fair` each time is there once (in person: once at each site), with whoever of those free then has
    the fewest booked minutes.
    """
    _open_directory()
    practitioner = query["practitioner"]
    search = SlotSearch(
        service=ServiceId(query["service"]),
        wish=Wish(
            practitioner=PractitionerId(practitioner) if practitioner else None,
            language=query["language"],
            specialty=query["specialty"],
            gender=query["gender"],
            site=SiteId(query["site"]) if query["site"] else None,
        ),
        modality=query["modality"],
        part=query["part"],
        fair=query["fair"],
        start=query["start"],
        end=query["end"],
        limit=query["limit"] + 1,
        after=slot_rank(query["cursor"]),
    )
    with snapshot() as session:
        found = find_slots(session, search, now=runtime().clock.now(), by_staff=_asked_by_staff(query["own"]))
    return page(found, query["limit"], slot_keys)


def _open_directory() -> None:
    """Refuse strangers where the clinic shows who works there after sign-in only; raises Unauthenticated."""
    if profile().closed_directory and maybe_actor() is None:
        raise Unauthenticated("signed_out")


def _asked_by_staff(for_themselves: bool = False) -> bool:
    caller = maybe_actor()
    if caller is None or (for_themselves and caller.patient_id is not None):
        return False
    return caller.is_staff
