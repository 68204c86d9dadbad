"""Show visits to those whom they concern; what staff read leaves a trace in the patient's log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.ids import AppointmentId, PatientId, PractitionerId
from clinic.scheduling.models import Appointment
from clinic.scheduling.policies import is_desk
from clinic.scheduling.queries import appointments, clashes, exceptions, groups, holds, holidays, hours
from clinic.scheduling.queries.appointments import Period, Visit
from clinic.scheduling.queries.clock_changes import count_moved
from clinic.scheduling.queries.exceptions import Stretch
from clinic.scheduling.queries.groups import Group, GroupPeriod
from clinic.scheduling.queries.holds import HeldTime
from clinic.scheduling.queries.holidays import Kept
from clinic.scheduling.queries.hours import OpenHours
from clinic.scheduling.rules.exceptions import ExceptionKind
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.services import overriding, participants
from clinic.scheduling.services.finding import concerned
from clinic.scheduling.services.reasons import reason_of
from clinic.vault import Vault
from clinic.vault.fields import Fields

# More than a page of two months ever holds.
_WHOLE = 5_000
_AWAY = frozenset({ExceptionKind.CLOSED, ExceptionKind.LEAVE})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when, with which keys and in which language."""

    actor: Actor
    clock: Clock
    vault: Vault
    language: str

    @property
    def fields(self) -> Fields:
        """Return the opener of names and words."""
        return self.vault.fields


def one(session: Session, reader: Reader, appointment_id: AppointmentId) -> Visit:
    """Return a visit without its reason; raises NotFound where it is none of the reader's concern."""
    return shown(session, reader, [row(session, reader, appointment_id)])[0]


def whole(session: Session, reader: Reader, appointment_id: AppointmentId) -> Visit:
    """Return a visit as `one` does, with its reason for those who may see it, and who else comes."""
    visit = row(session, reader, appointment_id)
    return replace(
        shown(session, reader, [visit])[0],
        reason=reason_of(session, actor=reader.actor, clock=reader.clock, vault=reader.vault, visit=visit),
        override_reason=overriding.reason_of(reader.actor, reader.fields, visit),
        participants=participants.named(session, visit, reader.fields),
    )


def listed(session: Session, reader: Reader, period: Period) -> list[Visit]:
    """Return the visits of a period that concern the reader."""
    rows = appointments.own(session, reader.actor, period)
    if reader.actor.is_staff:
        _trace(session, reader, "appointment.list")
    return shown(session, reader, rows)


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """A page of the staff calendar; `clock_changes`: how many visits and sessions the desk is to move."""

    visits: list[Visit]
    groups: list[Group]
    holds: list[HeldTime]
    hours: list[OpenHours]
    leave: list[Stretch]
    holidays: list[Kept]
    clock_changes: int


def calendar(
    session: Session, reader: Reader, start: datetime, end: datetime, practitioner: PractitionerId | None
) -> CalendarPage:
    """Return visits, sessions, holds, hours and absences of a page; practitioners see their own."""
    whose = practitioner if is_desk(reader.actor, {}) else reader.actor.practitioner_id
    rows = appointments.own(session, reader.actor, Period(start, end, whose, limit=_WHOLE))
    _trace(session, reader, "calendar.read")
    window = Interval(start, end)
    return CalendarPage(
        visits=shown(session, reader, rows),
        groups=_sessions(session, reader, GroupPeriod(start, end, whose, limit=_WHOLE)),
        holds=holds.held_in(session, window, practitioner=whose, now=reader.clock.now()),
        hours=hours.open_hours(session, window, practitioner=whose),
        leave=exceptions.in_window(session, window, kinds=_AWAY, practitioner=whose),
        holidays=holidays.in_window(session, window, reader.language),
        clock_changes=count_moved(session, now=reader.clock.now()) if is_desk(reader.actor, {}) else 0,
    )


def taken_in(
    session: Session,
    reader: Reader,
    stretch: clashes.Stretch,
    counts: Callable[[Appointment], bool] = lambda _row: True,
) -> tuple[Sequence[Visit], Sequence[Group]]:
    """Return the visits and sessions that are booked in a stretch and count, as the reader sees them."""
    visits = [row for row in clashes.visits(session, stretch) if counts(row)]
    sessions = [row for row in clashes.sessions(session, stretch) if counts(row[0])]
    return shown(session, reader, visits), sessions_shown(session, reader, sessions)


def sessions_shown(session: Session, reader: Reader, rows: Sequence[groups.Row]) -> list[Group]:
    """Return sessions of groups as the reader may see them, without their members."""
    return groups.seen(
        session,
        rows,
        actor=reader.actor,
        now=reader.clock.now(),
        vault=reader.vault,
        language=reader.language,
    )


def _sessions(session: Session, reader: Reader, period: GroupPeriod) -> list[Group]:
    return sessions_shown(session, reader, groups.concerning(session, reader.actor, period))


def shown(
    session: Session, reader: Reader, rows: Sequence[Appointment], *, seats_of: PatientId | None = None
) -> list[Visit]:
    """Return `rows` as the reader may see them; sessions of groups as visits of who sits in them."""
    return appointments.seen(
        session,
        rows,
        actor=reader.actor,
        clock=reader.clock,
        vault=reader.vault,
        language=reader.language,
        seats_of=seats_of,
    )


def row(session: Session, reader: Reader, appointment_id: AppointmentId) -> Appointment:
    """Return a visit's row, on record for its patient; raises NotFound as `one` does."""
    visit = concerned(session, reader.actor, Permission.APPOINTMENT_READ, appointment_id)
    if visit.patient_id != reader.actor.patient_id:
        _trace(session, reader, "appointment.read", patient_id=visit.patient_id, object_id=visit.id)
    return visit


def _trace(
    session: Session,
    reader: Reader,
    action: str,
    *,
    patient_id: UUID | None = None,
    object_id: UUID | None = None,
) -> None:
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action=action,
        patient_id=patient_id,
        object_type="appointment" if object_id else "calendar",
        object_id=object_id,
    )
