"""The demo's sites, services, weekly hours, and a visit every other week for every patient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import product
from uuid import UUID

from clinic import audit
from clinic.access.actor import SYSTEM, Actor
from clinic.demo import groups, on_call, rooms
from clinic.demo.cast import Place, offers, places
from clinic.demo.parts import At, Making
from clinic.demo.people import People, Treating
from clinic.identity.services.relationships import relate
from clinic.ids import AppointmentId, PatientId, ServiceId, SiteId, new_id
from clinic.scheduling.models import Appointment, Schedule
from clinic.scheduling.rules.availability import Modality, WeeklyRule
from clinic.scheduling.rules.booking import BookingRule, Status
from clinic.scheduling.rules.zones import to_utc, to_wall, tzdb_version, wall_text
from clinic.scheduling.services import catalogue, hours

PAST = timedelta(weeks=13)
FUTURE = timedelta(weeks=13)
LENGTH = timedelta(minutes=50)
BREAK = timedelta(minutes=10)
_MORNING, _AFTERNOON = (time(9), time(13)), (time(14), time(18))
_VISIT_HOURS = (9, 10, 11, 12, 14, 15, 16, 17)
_MODALITIES = (Modality.VIDEO, Modality.VIDEO, Modality.IN_PERSON, Modality.PHONE)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A patient's standing hour with a therapist, every other week; None is every week, as a series."""

    patient: Actor
    therapist: Treating
    weekday: int
    hour: int
    odd_weeks: bool | None


def make_diary(making: Making, people: People) -> Sequence[Appointment]:
    """Open the clinic and fill three months behind and ahead; return the visits, oldest first."""
    then = At(making.now - timedelta(days=120))
    sites = {place.code: place for place in places()}
    site_ids = _make_sites(making, sites.values(), then)
    services = _make_services(making, then)
    for one in people.therapists:
        _open(making, one, sites[one.cast.site], site_ids[one.cast.site], services, then)
    visits = [
        visit
        for rhythm in _rhythms(making, people, sites)
        for visit in _visits(making, rhythm, sites[rhythm.therapist.cast.site], services["follow-up"])
    ]
    making.session.add_all(visits)
    making.session.flush()
    return sorted(visits, key=lambda visit: visit.starts_at)


def _make_sites(making: Making, found: Iterable[Place], then: At) -> Mapping[str, SiteId]:
    made: dict[str, SiteId] = {}
    for place in found:
        made[place.code] = catalogue.create_site(
            making.session,
            actor=SYSTEM,
            clock=then,
            names=place.name,
            tz=place.tz,
            weekend=[day for day in range(7) if day not in place.weekdays],
        )
        rooms.make_rooms(making, made[place.code], place, then)
    return made


def _make_services(making: Making, then: At) -> Mapping[str, ServiceId]:
    return {
        offer.code: catalogue.create_service(
            making.session,
            actor=SYSTEM,
            clock=then,
            fields=making.vault.fields,
            new=catalogue.NewService(
                code=offer.code,
                kind=offer.kind,
                minutes=offer.minutes,
                seats=offer.seats,
                joinable=offer.joinable,
                reserved_percent=offer.reserved_percent,
                booking_rule=BookingRule(offer.booking_rule),
                modalities=frozenset(Modality(modality) for modality in offer.modalities),
                texts={
                    language: catalogue.ServiceText(offer.name[language], offer.description[language])
                    for language in offer.name
                },
            ),
        )
        for offer in offers()
    }


def _open(
    making: Making, one: Treating, place: Place, site: SiteId, services: Mapping[str, ServiceId], then: At
) -> None:
    offered = {"first-talk", "follow-up"}
    offered |= {"with-family"} if {"family", "couples", "children"} & set(one.cast.specialties) else set()
    offered |= {groups.SERVICE} if one.cast.login == groups.LOGIN else set()
    offered |= {on_call.SERVICE} if one.cast.login in on_call.TEAM else set()
    offered |= {"medication"} if one.cast.profession == "psychiatrist" else set()
    catalogue.open_schedule(
        making.session,
        actor=SYSTEM,
        clock=then,
        practitioner=one.id,
        site=site,
        services=[services[code] for code in sorted(offered)],
    )
    rules = [
        WeeklyRule(
            weekday=weekday,
            start=start,
            end=end,
            tz=place.tz,
            valid_from=then.instant.date(),
            valid_to=None,
            modalities=frozenset(Modality),
        )
        for weekday in place.weekdays
        for start, end in (_MORNING, _AFTERNOON)
    ]
    hours.set_hours(
        making.session,
        actor=one.actor,
        clock=then,
        practitioner=one.id,
        change=hours.Change(rules),
        etag=hours.etag_of(making.session, one.id),
    )


def _rhythms(making: Making, people: People, sites: Mapping[str, Place]) -> Iterator[Rhythm]:
    """Give every patient a standing hour of their own; the first patient's therapist is the first."""
    first, *others = people.therapists
    free = {
        one.id: [*product(sites[one.cast.site].weekdays, _VISIT_HOURS, (False, True))]
        for one in people.therapists
    }
    for one in people.therapists:
        if one.cast.login == groups.LOGIN:
            free[one.id] = [each for each in free[one.id] if each[:2] != (groups.WEEKDAY, groups.HOUR)]
    for hours_left in free.values():
        making.die.shuffle(hours_left)
    for number, patient in enumerate(people.patients):
        # The second practitioner never sees the first patient: the refusal is part of the demo.
        therapist = first if number == 0 else [*others, first][number % len(people.therapists)]
        if free[therapist.id]:
            weekday, hour, odd = free[therapist.id].pop()
            if number == 0 and (weekday, hour, not odd) in free[therapist.id]:
                free[therapist.id].remove((weekday, hour, not odd))
                yield Rhythm(patient, therapist, weekday, hour, None)
            else:
                yield Rhythm(patient, therapist, weekday, hour, odd)


def _visits(making: Making, rhythm: Rhythm, place: Place, service: ServiceId) -> Iterator[Appointment]:
    assert rhythm.patient.patient_id is not None
    day = to_wall(making.now - PAST, place.tz).date()
    last = to_wall(making.now + FUTURE, place.tz).date()
    modality = making.die.choice(_MODALITIES)
    while day <= last:
        odd = bool(day.isocalendar().week % 2)
        if day.weekday() == rhythm.weekday and rhythm.odd_weeks in {None, odd}:
            yield _visit(making, rhythm, place, service, day, modality)
        day += timedelta(days=1)
    _relate(making, rhythm)


def _visit(
    making: Making, rhythm: Rhythm, place: Place, service: ServiceId, day: date, modality: Modality
) -> Appointment:
    starts_at = to_utc(datetime.combine(day, time(rhythm.hour)), place.tz)
    assert rhythm.patient.patient_id is not None
    return appointment(
        making,
        patient=rhythm.patient,
        therapist=rhythm.therapist,
        service=service,
        starts_at=starts_at,
        tz=place.tz,
        modality=modality,
        status=_status(making, starts_at),
    )


def _status(making: Making, starts_at: datetime) -> Status:
    if starts_at + LENGTH + timedelta(hours=2) > making.now:
        return Status.BOOKED
    fate = making.die.random()
    return Status.NOSHOW if fate < 0.08 else Status.CANCELLED if fate < 0.15 else Status.FULFILLED


def appointment(
    making: Making,
    *,
    patient: Actor,
    therapist: Treating,
    service: UUID,
    starts_at: datetime,
    tz: str,
    modality: Modality,
    status: Status,
) -> Appointment:
    """Return a visit as if it had been booked three weeks before, and put the booking on record."""
    assert patient.patient_id is not None
    booked = At(min(making.now, starts_at) - timedelta(weeks=3))
    row = Appointment(
        id=AppointmentId(new_id()),
        practitioner_id=therapist.id,
        site_id=making.session.get_one(Schedule, therapist.id).site_id,
        patient_id=patient.patient_id,
        service_id=ServiceId(service),
        modality=modality,
        status=status,
        starts_at=starts_at,
        ends_at=starts_at + LENGTH,
        busy_from=starts_at,
        busy_to=starts_at + LENGTH + BREAK,
        wall_start=wall_text(to_wall(starts_at, tz)),
        tz=tz,
        tzdb=tzdb_version(),
        checked_in_at=starts_at if status is Status.FULFILLED else None,
        version=1,
        created_by=patient.account_id,
        created_at=booked.instant,
    )
    _record_booking(making, row, patient, booked)
    return row


def _record_booking(making: Making, row: Appointment, patient: Actor, booked: At) -> None:
    audit.record(
        making.session,
        actor=patient,
        clock=booked,
        action="appointment.book",
        patient_id=patient.patient_id,
        object_type="appointment",
        object_id=row.id,
    )


def _relate(making: Making, rhythm: Rhythm) -> None:
    assert rhythm.patient.patient_id is not None
    relate(
        making.session,
        actor=rhythm.patient,
        clock=At(making.now - PAST - timedelta(weeks=1)),
        patient_id=PatientId(rhythm.patient.patient_id),
        practitioner_id=rhythm.therapist.id,
    )
