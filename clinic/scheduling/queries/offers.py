"""The waitlist and its offers as people see them: with names, and on the clocks of the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from clinic.identity.services.names import patient_names
from clinic.ids import AppointmentId, PatientId, PractitionerId, ServiceId, SiteId
from clinic.scheduling.models import Appointment
from clinic.scheduling.models.waitlist import WaitlistEntry, WaitlistOffer
from clinic.scheduling.queries import practitioners, services
from clinic.scheduling.queries.locations import site_names
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.slots import DayPart
from clinic.scheduling.rules.waitlist import EntryState, OfferStatus, Triage
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text
from clinic.vault import Vault


@dataclass(frozen=True, slots=True)
class SeenOffer:
    """A time kept for somebody; `appointment` is its hold, `standing` the visit that it would replace."""

    id: UUID
    entry: UUID
    appointment: AppointmentId
    standing: AppointmentId | None
    service: ServiceId
    service_name: str
    practitioner: PractitionerId
    practitioner_name: str
    patient: PatientId
    patient_name: str
    modality: Modality
    site: SiteId | None
    site_name: str | None
    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    expires_at: datetime
    expires_local: str
    status: OfferStatus
    automatic: bool


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """Somebody's place on the waitlist; `fits` is None where no time was asked about."""

    id: UUID
    patient: PatientId
    patient_name: str
    service: ServiceId
    service_name: str
    modality: Modality
    triage: Triage
    state: EntryState
    practitioner: PractitionerId | None
    practitioner_name: str | None
    language: str | None
    weekdays: list[int]
    parts: list[DayPart]
    until: date | None
    appointment: AppointmentId | None
    since: datetime
    waited_days: int
    offer: SeenOffer | None
    fits: bool | None


@dataclass(frozen=True, slots=True)
class Names:
    """The names of everybody and everything in some entries and offers; `sites` by the hold of an offer."""

    services: Mapping[UUID, str]
    practitioners: Mapping[UUID, str]
    patients: Mapping[PatientId, str]
    sites: Mapping[AppointmentId, tuple[SiteId, str]]


def offer_of(session: Session, offer_id: UUID) -> WaitlistOffer:
    """Return an offer with its entry."""
    return session.get_one(WaitlistOffer, offer_id, options=[joinedload(WaitlistOffer.entry)])


def open_offers(session: Session, *, patient: PatientId | None, now: datetime) -> Sequence[WaitlistOffer]:
    """Return what `patient`, or with None anybody, can accept at `now`; what ends first comes first."""
    chosen = (
        select(WaitlistOffer)
        .join(WaitlistOffer.entry)
        .where(WaitlistOffer.status == OfferStatus.OPEN, WaitlistOffer.expires_at > now)
        .options(contains_eager(WaitlistOffer.entry))
        .order_by(WaitlistOffer.expires_at, WaitlistOffer.id)
    )
    if patient is not None:
        chosen = chosen.where(WaitlistEntry.patient_id == patient)
    return session.scalars(chosen).all()


def names(session: Session, rows: Iterable[WaitlistEntry], *, vault: Vault, language: str) -> Names:
    """Return the names that showing `rows` and their offers takes."""
    entries = list(rows)
    people = {row.practitioner_id for row in entries if row.practitioner_id}
    made = [offer for row in entries for offer in row.offers]
    people |= {offer.practitioner_id for offer in made}
    return Names(
        services=services.names(session, fields=vault.fields, language=language),
        practitioners=practitioners.names(session, people),
        patients=patient_names(session, vault=vault, patient_ids={row.patient_id for row in entries}),
        sites=_sites(session, [offer.hold_id for offer in made], language),
    )


def _sites(
    session: Session, holds: Sequence[AppointmentId], language: str
) -> Mapping[AppointmentId, tuple[SiteId, str]]:
    """Return at which sites the times are that are kept; a hold that is forgotten has none."""
    chosen = select(Appointment.id, Appointment.site_id).where(Appointment.id.in_(holds))
    found = {row.id: row.site_id for row in session.execute(chosen) if row.site_id is not None}
    named = site_names(session, set(found.values()), language)
    return {hold: (site, named[site]) for hold, site in found.items()}


def seen_offer(made: WaitlistOffer, named: Names) -> SeenOffer:
    """Return one offer as people see it."""
    entry = made.entry
    site, site_name = named.sites.get(made.hold_id, (None, None))
    return SeenOffer(
        id=made.id,
        entry=entry.id,
        appointment=made.hold_id,
        standing=entry.appointment_id,
        service=entry.service_id,
        service_name=named.services[entry.service_id],
        practitioner=made.practitioner_id,
        practitioner_name=named.practitioners[made.practitioner_id],
        patient=entry.patient_id,
        patient_name=named.patients[entry.patient_id],
        modality=entry.modality,
        site=site,
        site_name=site_name,
        starts_at=made.starts_at,
        ends_at=made.ends_at,
        local=made.wall_start,
        tz=made.tz,
        offset=offset_of(to_wall(made.starts_at, made.tz)),
        expires_at=made.expires_at,
        expires_local=wall_text(to_wall(made.expires_at, made.tz)),
        status=made.status,
        automatic=made.automatic,
    )


def seen_entry(row: WaitlistEntry, named: Names, *, now: datetime, fits: bool | None = None) -> SeenEntry:
    """Return one entry as people see it at `now`."""
    made = row.open_offer if row.open_offer and row.open_offer.is_open(now) else None
    return SeenEntry(
        id=row.id,
        patient=row.patient_id,
        patient_name=named.patients[row.patient_id],
        service=row.service_id,
        service_name=named.services[row.service_id],
        modality=row.modality,
        triage=row.triage,
        state=row.state,
        practitioner=row.practitioner_id,
        practitioner_name=named.practitioners[row.practitioner_id] if row.practitioner_id else None,
        language=row.language,
        weekdays=sorted(int(code) for code in row.weekdays),
        parts=[part for part in DayPart if part in row.parts],
        until=row.until,
        appointment=row.appointment_id,
        since=row.created_at,
        waited_days=(now - row.created_at).days,
        offer=seen_offer(made, named) if made else None,
        fits=fits,
    )
