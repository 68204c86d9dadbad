"""The demo's therapy group: every week at one hour, with seven members and one free seat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from clinic.access.actor import SYSTEM, Actor
from clinic.demo.parts import At, Making
from clinic.demo.people import People, Treating
from clinic.identity.services.relationships import relate
from clinic.ids import AppointmentId, PatientId, SeriesId, new_id
from clinic.scheduling.models import Appointment, GroupSeat, GroupSession, Schedule, Series, Service
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import LIVE, Status
from clinic.scheduling.rules.groups import SeatStatus
from clinic.scheduling.rules.recurrence import Occurrence, Recurrence, Rhythm
from clinic.scheduling.rules.zones import to_utc, to_wall, tzdb_version

SERVICE = "circle"
LOGIN = "supervisor"
# On Tuesdays; nobody has a standing hour with this therapist then.
WEEKDAY, HOUR = 1, 17
_TZ = "Asia/Jerusalem"
_PAST, _SESSIONS = timedelta(weeks=4), 16
_MEMBERS = 7


def make_group(making: Making, people: People) -> None:
    """Plan the sessions from four weeks ago on and let people take seats in them."""
    therapist = next(one for one in people.therapists if one.cast.login == LOGIN)
    service = making.session.scalars(select(Service).where(Service.code == SERVICE)).one()
    dates = Recurrence(Rhythm.WEEKLY, _first(making), _TZ, count=_SESSIONS).occurrences()
    series = _series(making, therapist, service, dates[0])
    making.session.add(series)
    making.session.flush()
    second, *others = people.patients[1:]
    for occurrence in dates:  # a guardian and her daughter do not sit in one group
        _session(making, therapist, service, series, occurrence, [second, *others[2:]])


def _first(making: Making) -> datetime:
    day: date = to_wall(making.now - _PAST, _TZ).date()
    day += timedelta(days=(WEEKDAY - day.weekday()) % 7)
    return to_utc(datetime.combine(day, time(HOUR)), _TZ)


def _series(making: Making, therapist: Treating, service: Service, first: Occurrence) -> Series:
    return Series(
        id=SeriesId(new_id()),
        patient_id=None,
        practitioner_id=therapist.id,
        service_id=service.id,
        modality=Modality.IN_PERSON,
        rhythm=Rhythm.WEEKLY,
        wall_start=first.local,
        tz=_TZ,
        times=_SESSIONS,
        until=None,
        version=1,
        created_by=SYSTEM.account_id,
        created_at=making.now - _PAST,
    )


def _session(
    making: Making,
    therapist: Treating,
    service: Service,
    series: Series,
    occurrence: Occurrence,
    people: Sequence[Actor],
) -> None:
    starts_at, busy = occurrence.starts_at, service.demand.busy(occurrence.starts_at)
    over = starts_at + service.demand.length < making.now
    row = Appointment(
        id=AppointmentId(new_id()),
        practitioner_id=therapist.id,
        site_id=making.session.get_one(Schedule, therapist.id).site_id,
        patient_id=None,
        is_group=True,
        series_id=series.id,
        service_id=service.id,
        modality=series.modality,
        status=Status.FULFILLED if over else Status.BOOKED,
        starts_at=starts_at,
        ends_at=starts_at + service.demand.length,
        busy_from=busy.start,
        busy_to=busy.end,
        wall_start=occurrence.local,
        tz=_TZ,
        tzdb=tzdb_version(),
        version=1,
        created_by=series.created_by,
        created_at=series.created_at,
    )
    making.session.add(row)
    making.session.add(GroupSession(appointment_id=row.id, capacity=service.seats, taken=_MEMBERS))
    making.session.flush()
    members = list(_free(making, row, people))[:_MEMBERS]
    for number, member in enumerate(members):
        _seat(making, therapist, row, member, number, over=over)
    making.session.flush()


def _free(making: Making, row: Appointment, people: Sequence[Actor]) -> Iterator[Actor]:
    """Yield who has no visit of their own at the time of the session."""
    chosen = select(Appointment.patient_id).where(
        Appointment.status.in_(LIVE), Appointment.starts_at < row.ends_at, Appointment.ends_at > row.starts_at
    )
    busy = set(making.session.scalars(chosen))
    yield from (one for one in people if one.patient_id not in busy)


def _seat(
    making: Making, therapist: Treating, row: Appointment, member: Actor, number: int, *, over: bool
) -> None:
    assert member.patient_id is not None
    came = SeatStatus.MISSED if number == _MEMBERS - 1 else SeatStatus.ATTENDED
    making.session.add(
        GroupSeat(
            appointment_id=row.id,
            patient_id=PatientId(member.patient_id),
            status=came if over else SeatStatus.BOOKED,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            asked_at=row.created_at + timedelta(minutes=number),
            created_by=member.account_id,
        )
    )
    relate(
        making.session,
        actor=member,
        clock=At(row.created_at),
        patient_id=PatientId(member.patient_id),
        practitioner_id=therapist.id,
    )
