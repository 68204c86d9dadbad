"""Times that are kept for a while: a hold becomes a visit, gives way to one, or lapses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Update, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from clinic.db.base import UTCDateTime
from clinic.scheduling.models import Appointment
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.services.guarded.refusal import MEETING, TOUCHING, guarded, stretch


def confirm(
    session: Session,
    hold: UUID,
    *,
    owner: UUID,
    patient: UUID,
    now: datetime,
    match: Mapping[str, object],
    **values: object,
) -> bool:
    """Make a visit of a hold that lives, is `owner`'s and is for `match`; raises Overlap for the patient."""
    times = select(Appointment.busy_from, Appointment.busy_to).where(Appointment.id == hold)
    if kept := session.execute(times).first():
        give_up_lapsed(session, busy=Interval(*kept), now=now, patients=[patient])
    statement = (
        update(Appointment)
        .where(
            Appointment.id == hold,
            Appointment.created_by == owner,
            Appointment.status == Status.HELD,
            Appointment.hold_expires_at > now,
            *(getattr(Appointment, name) == value for name, value in match.items()),
        )
        .values(status=Status.BOOKED, patient_id=patient, hold_expires_at=None, hold_address=None, **values)
        .returning(Appointment.id)
        .execution_options(synchronize_session=False)
    )
    return guarded(session, lambda: session.execute(statement).first()) is not None


def give_up_holds(
    session: Session,
    *,
    practitioner: UUID,
    patient: UUID | None,
    busy: Interval,
    owner: UUID | None,
    now: datetime,
) -> None:
    """End the holds in the way of a visit: lapsed ones, and those of `owner`, the person who is booking."""
    asked = {"practitioner": practitioner, "patient": patient, "owner": owner, "now": now}
    session.execute(_IN_THE_WAY, {**asked, **stretch(busy.start, busy.end)})


def give_up_lapsed(
    session: Session,
    *,
    busy: Interval,
    now: datetime,
    room: UUID | None = None,
    practitioner: UUID | None = None,
    patients: Collection[UUID] = (),
) -> None:
    """End the lapsed holds in `busy` of a room, a practitioner and some patients: to the guard they live."""
    given = ((Appointment.room_id, room), (Appointment.practitioner_id, practitioner))
    keeps = [column == one for column, one in given if one is not None]
    whose = or_(Appointment.patient_id.in_(patients), *keeps)
    _end_holds(session, Appointment.hold_expires_at <= now, whose, *TOUCHING, busy=busy)


def forget_holds(session: Session, *, before: datetime) -> int:
    """Delete holds that lapsed before `before`; return how many."""
    over = delete(Appointment).where(
        Appointment.status.in_([Status.HELD, Status.EXPIRED]), Appointment.hold_expires_at < before
    )
    return len(session.execute(over.returning(Appointment.id)).all())


def end_holds(
    session: Session, *, busy: Interval, practitioner: UUID | None = None, site: UUID | None = None
) -> None:
    """End all holds of somebody or at a site in a stretch that is closed; who confirms one is told so."""
    mine = Appointment.practitioner_id == practitioner if practitioner else Appointment.site_id == site
    _end_holds(session, mine, *TOUCHING, busy=busy)


def end_hold(session: Session, hold: UUID) -> None:
    """End one hold, unless it has lapsed or become a visit meanwhile."""
    _end_holds(session, Appointment.id == hold)


def _end_holds(session: Session, *which: ColumnElement[bool], busy: Interval | None = None) -> None:
    session.execute(_ending(*which), stretch(busy.start, busy.end) if busy else {})


def _ending(*which: ColumnElement[bool]) -> Update:
    """Return what expires holds, locked in the order of their ids: two bookings may end each other's."""
    held = select(Appointment.id).where(Appointment.status == Status.HELD, *which)
    ids = held.order_by(Appointment.id).with_for_update(of=Appointment)
    return (
        update(Appointment)
        .where(Appointment.id.in_(ids))
        .values(status=Status.EXPIRED)
        .execution_options(synchronize_session=False)
    )


def _in_the_way() -> Update:
    theirs = and_(Appointment.practitioner_id == bindparam("practitioner"), *TOUCHING)
    own = and_(Appointment.patient_id == bindparam("patient"), *MEETING)
    lapsed = Appointment.hold_expires_at <= bindparam("now", type_=UTCDateTime)
    return _ending(or_(lapsed, Appointment.created_by == bindparam("owner")), or_(theirs, own))


_IN_THE_WAY = _in_the_way()  # made once: every booking asks it, and others wait meanwhile
