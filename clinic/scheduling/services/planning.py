"""Turn a wanted visit into the times of a row, and say no to what the search would not offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.errors import Conflict, Denied, Invalid
from clinic.ids import PractitionerId, ServiceId, SiteId
from clinic.scheduling.models import Service
from clinic.scheduling.models.guard import EX_PATIENT
from clinic.scheduling.queries.openings import candidates
from clinic.scheduling.queries.places import Place
from clinic.scheduling.queries.practitioners import ANYBODY, Wish
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.queries.slots import FoundSlot, SlotSearch, find_slots, is_offered
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.zones import to_wall, tzdb_version, wall_text
from clinic.scheduling.services.guarded import Overlap

_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """The visit that somebody asks for; `reserved`: if need be in a time kept for urgent requests."""

    service: ServiceId
    practitioner: PractitionerId
    starts_at: datetime
    modality: Modality
    reserved: bool = False

    def columns(self) -> dict[str, object]:
        """Return what a row for this visit is known by."""
        return {
            "service_id": self.service,
            "practitioner_id": self.practitioner,
            "starts_at": self.starts_at,
            "modality": self.modality,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """A wanted visit with its times, and the site where it is held."""

    wanted: Wanted
    ends_at: datetime
    busy: Interval
    wall_start: str
    tz: str
    site: SiteId

    def columns(self) -> Mapping[str, object]:
        """Return the plan as columns of an appointment."""
        return {
            **self.wanted.columns(),
            "site_id": self.site,
            "ends_at": self.ends_at,
            "busy_from": self.busy.start,
            "busy_to": self.busy.end,
            "wall_start": self.wall_start,
            "tz": self.tz,
            "tzdb": tzdb_version(),
        }


def plan(session: Session, wanted: Wanted, *, now: datetime, by_staff: bool, forced: bool = False) -> Plan:
    """Return the times of `wanted`; raises Invalid("slot_not_offered") unless the search would offer it.

    A `forced` visit may lie outside opening hours and past the horizon, but neither in the past nor with
    somebody who does not offer the service. Staff alone take times of the service's reserve, and only where
    `wanted` says so: raises Conflict("time_reserved"), or Denied("not_permitted") to others who say so.
    """
    service = get_service(session, wanted.service)
    if wanted.reserved and not by_staff:
        raise Denied("not_permitted")
    if forced:
        person = _forced(session, service, wanted, now=now)
    else:
        person = _offered(session, service, wanted, now=now, by_staff=by_staff)
    if person is None:
        raise Invalid("slot_not_offered", errors={"starts_at": ["This time is not offered."]})
    return Plan(
        wanted=wanted,
        ends_at=wanted.starts_at + service.demand.length,
        busy=service.demand.busy(wanted.starts_at),
        wall_start=wall_text(to_wall(wanted.starts_at, person.tz)),
        tz=person.tz,
        site=person.site,
    )


def _offered(
    session: Session, service: Service, wanted: Wanted, *, now: datetime, by_staff: bool
) -> Place | None:
    asked = wanted.practitioner, wanted.modality, wanted.starts_at
    found = is_offered(session, service, *asked, now=now, by_staff=by_staff, reserved=wanted.reserved)
    if (
        found is None
        and by_staff
        and is_offered(session, service, *asked, now=now, by_staff=True, reserved=True)
    ):
        raise Conflict("time_reserved")
    return found


def _forced(session: Session, service: Service, wanted: Wanted, *, now: datetime) -> Place | None:
    """Return where the practitioner is open then, or else at home, if they could hold the visit at all."""
    home = candidates(session, wanted.service, Wish(wanted.practitioner)).get(wanted.practitioner)
    if service.is_for_groups or wanted.modality not in service.modalities or wanted.starts_at < now:
        return None
    asked = wanted.practitioner, wanted.modality, wanted.starts_at
    return home and (is_offered(session, service, *asked, now=now, by_staff=True, reserved=True) or home)


def refuse_overlap(
    session: Session, overlap: Overlap, wanted: Wanted, *, now: datetime, by_staff: bool
) -> NoReturn:
    """Say that the time is taken, with times near it; or that the patient has a visit then."""
    if overlap.rule == EX_PATIENT:
        raise Conflict("visit_overlap") from None
    near = alternatives(session, wanted, now=now, by_staff=by_staff)
    raise Conflict("slot_taken", alternatives=[slot.facts() for slot in near]) from None


def alternatives(session: Session, wanted: Wanted, *, now: datetime, by_staff: bool) -> list[FoundSlot]:
    """Return three times near `wanted`: the next ones of the same practitioner, then those of anybody."""
    found: dict[tuple[datetime, UUID], FoundSlot] = {}
    for wish in (Wish(wanted.practitioner), ANYBODY):
        if len(found) < _ALTERNATIVES:
            search = SlotSearch(
                wanted.service, wish, wanted.modality, start=wanted.starts_at, limit=_ALTERNATIVES
            )
            slots = find_slots(session, search, now=now, by_staff=by_staff)
            found |= {(slot.starts_at, slot.practitioner): slot for slot in slots}
    return sorted(found.values(), key=lambda slot: slot.starts_at)[:_ALTERNATIVES]
