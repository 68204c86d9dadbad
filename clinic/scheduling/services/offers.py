"""Offer a free time to somebody who waits: one open offer is one hold, and only an answer moves anything.

A visit that the person has already stands until the moment of acceptance, when one transaction gives the
hold up and moves the visit into its time; without one, the hold itself becomes the visit.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import SYSTEM, Actor
from clinic.access.permissions import Permission
from clinic.bus import publish
from clinic.clock import Clock
from clinic.errors import Conflict, NotFound
from clinic.ids import AppointmentId, PatientId, PractitionerId, new_id
from clinic.scheduling.events import (
    AppointmentBooked,
    AppointmentMoved,
    TimeHeld,
    TimeOffered,
    TimeReleased,
    WaitlistChanged,
)
from clinic.scheduling.models import Appointment
from clinic.scheduling.models.waitlist import WaitlistEntry, WaitlistOffer
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.rules.booking import AHEAD, Status
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.waitlist import EntryState, OfferStatus, Triage, offer_ends
from clinic.scheduling.services import guarded, relations
from clinic.scheduling.services.making_way import Placing, make_way
from clinic.scheduling.services.planning import Wanted, plan, refuse_overlap

_TIMES = (
    "practitioner_id",
    "site_id",
    "modality",
    "starts_at",
    "ends_at",
    "busy_from",
    "busy_to",
    "wall_start",
    "tz",
    "tzdb",
    "room_id",
)


def offer(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    offer_id: UUID,
    entry: WaitlistEntry,
    practitioner: PractitionerId,
    starts_at: datetime,
) -> WaitlistOffer:
    """Keep a time for the one who waits and write to them.

    Times of the reserve are for those who wait urgently. Raises Conflict("not_waiting", "offered_already",
    "slot_taken", "time_reserved"), Invalid("slot_not_offered").
    """
    _refuse_second(session, clock, entry)
    now = clock.now()
    urgent = entry.triage is Triage.URGENT
    wanted = Wanted(entry.service_id, practitioner, starts_at, entry.modality, reserved=urgent)
    hold = _keep(session, wanted, expires_at=offer_ends(now, starts_at), now=now)
    made = WaitlistOffer(
        id=offer_id,
        entry=entry,
        hold_id=hold.id,
        practitioner_id=hold.practitioner_id,
        starts_at=hold.starts_at,
        ends_at=hold.ends_at,
        wall_start=hold.wall_start,
        tz=hold.tz,
        status=OfferStatus.OPEN,
        automatic=actor is SYSTEM,
        made_by=actor.account_id,
        made_at=now,
        expires_at=hold.hold_expires_at,
    )
    session.add(made)
    session.flush()
    _record(session, actor, clock, made, "offer.make")
    publish(session, TimeOffered(made.id, PatientId(entry.patient_id)))
    return made


def _refuse_second(session: Session, clock: Clock, entry: WaitlistEntry) -> None:
    if entry.state is not EntryState.WAITING:
        raise Conflict("not_waiting")
    last = entry.open_offer
    if last is not None and last.is_open(clock.now()):
        raise Conflict("offered_already")
    if last is not None:
        _lapse(session, clock, last)
        session.flush()


def _keep(session: Session, wanted: Wanted, *, expires_at: datetime, now: datetime) -> Appointment:
    """Hold the time for nobody by name: a visit that the person has beside it is moved, not doubled."""
    guarded.lock_schedules(session, [wanted.practitioner])
    planned = plan(session, wanted, now=now, by_staff=True)
    hold = AppointmentId(new_id())
    values = {
        "id": hold,
        "patient_id": None,
        "status": Status.HELD,
        "hold_expires_at": expires_at,
        "version": 1,
        "created_by": SYSTEM.account_id,
        "created_at": now,
    }
    try:
        placed = make_way(session, planned, Placing(None, None, now))
        guarded.place(session, {**placed, **values})
    except guarded.Overlap as overlap:
        refuse_overlap(session, overlap, wanted, now=now, by_staff=True)
    publish(session, TimeHeld(hold, wanted.practitioner))
    return session.get_one(Appointment, hold)


def accept(session: Session, *, actor: Actor, clock: Clock, offer_id: UUID) -> Appointment:
    """Take the offered time; whoever has taken it already gets the same visit again.

    Raises Conflict("offer_over", or "visit_overlap" while the offer stays open).
    """
    made, now = concerned(session, actor, offer_id), clock.now()
    if made.status is OfferStatus.ACCEPTED:
        return _visit_of(session, made)
    if not made.is_open(now):
        raise Conflict("offer_over")
    entry = made.entry
    standing = _standing(session, entry, now)
    before = standing.practitioner_id if standing else None
    touched = {made.practitioner_id, *([standing.practitioner_id] if standing else [])}
    guarded.lock_schedules(session, touched)
    try:
        visit = _move(session, made, standing, now) if standing else _confirm(session, actor, made, now)
    except guarded.Overlap:
        raise Conflict("visit_overlap") from None
    made.status, made.answered_at = OfferStatus.ACCEPTED, now
    entry.state, entry.settled_at = EntryState.SETTLED, now
    relations.after_booking(session, actor=actor, clock=clock, visit=visit)
    _record(session, actor, clock, made, "offer.accept")
    patient, visit_id = PatientId(entry.patient_id), AppointmentId(visit.id)
    if standing:
        whom, version = visit.practitioner_id, visit.version
        publish(session, AppointmentMoved(visit_id, patient, whom, version, moved_from=before))
    else:
        publish(session, AppointmentBooked(visit_id, patient, visit.practitioner_id))
    return visit


def decline(session: Session, *, actor: Actor, clock: Clock, offer_id: UUID) -> WaitlistOffer:
    """Say no to the time; the person goes on waiting. Raises Conflict("offer_over")."""
    made = concerned(session, actor, offer_id)
    if not made.is_open(clock.now()):
        raise Conflict("offer_over")
    _close(session, made, OfferStatus.DECLINED, clock.now())
    _record(session, actor, clock, made, "offer.decline")
    return made


def withdraw(session: Session, *, actor: Actor, clock: Clock, offer_id: UUID) -> None:
    """Take an offer back; staff only. Raises Conflict("offer_over")."""
    made = _locked(session, offer_id)
    if made is None or not POLICIES[Permission.OFFER_MAKE](actor, {}):
        raise NotFound
    if made.status is not OfferStatus.OPEN:
        raise Conflict("offer_over")
    give_back(session, actor=actor, clock=clock, offer=made)


def give_back(session: Session, *, actor: Actor, clock: Clock, offer: WaitlistOffer) -> None:
    """Free the time of an open offer, since nobody is asked any more."""
    session.refresh(offer, with_for_update=True)
    if offer.status is OfferStatus.OPEN:
        _close(session, offer, OfferStatus.WITHDRAWN, clock.now())
        _record(session, actor, clock, offer, "offer.withdraw")


def expire(session: Session, *, clock: Clock) -> int:
    """Close the offers that nobody has answered in time; return how many."""
    now = clock.now()
    over = select(WaitlistOffer).where(
        WaitlistOffer.status == OfferStatus.OPEN, WaitlistOffer.expires_at <= now
    )
    lapsed = session.scalars(
        over.order_by(WaitlistOffer.expires_at, WaitlistOffer.id).with_for_update(skip_locked=True)
    ).all()
    for made in lapsed:
        _lapse(session, clock, made)
    return len(lapsed)


def _lapse(session: Session, clock: Clock, made: WaitlistOffer) -> None:
    _close(session, made, OfferStatus.EXPIRED, clock.now())
    _record(session, SYSTEM, clock, made, "offer.expire")


def concerned(session: Session, actor: Actor, offer_id: UUID) -> WaitlistOffer:
    """Return the offer, locked; raises NotFound where it is none of the actor's concern."""
    made = _locked(session, offer_id)
    facts = {"patient_id": made.entry.patient_id} if made else {}
    if made is None or not POLICIES[Permission.OFFER_ANSWER](actor, facts):
        raise NotFound
    return made


def _locked(session: Session, offer_id: UUID) -> WaitlistOffer | None:
    """Return the offer; its entry is locked first, as by those who come from the entry."""
    entry = session.scalar(select(WaitlistOffer.entry_id).where(WaitlistOffer.id == offer_id))
    if entry is None:
        return None
    session.get(WaitlistEntry, entry, with_for_update=True)
    return session.get(WaitlistOffer, offer_id, with_for_update=True, populate_existing=True)


def _standing(session: Session, entry: WaitlistEntry, now: datetime) -> Appointment | None:
    """Return the visit that the person has already, while it is still to come."""
    row = session.get(Appointment, entry.appointment_id) if entry.appointment_id else None
    return row if row is not None and row.status in AHEAD and now < row.starts_at else None


def _visit_of(session: Session, made: WaitlistOffer) -> Appointment:
    """Return what an accepted offer has become: its hold, or the visit that was moved."""
    hold = session.get(Appointment, made.hold_id)
    if hold is not None and hold.patient_id is not None:
        return hold
    return session.get_one(Appointment, made.entry.appointment_id)


def _move(session: Session, made: WaitlistOffer, standing: Appointment, now: datetime) -> Appointment:
    hold = session.get(Appointment, made.hold_id)
    if hold is None or not _lives(hold, now):
        raise Conflict("offer_over")
    times = {name: getattr(hold, name) for name in _TIMES}
    guarded.change(session, hold, status=Status.EXPIRED)
    busy, patient = Interval(hold.busy_from, hold.busy_to), made.entry.patient_id
    guarded.give_up_lapsed(session, busy=busy, now=now, patients=[patient])
    plain = {"status": Status.BOOKED, "checked_in_at": None, "override_reason_sealed": None}
    guarded.change(session, standing, **times, **plain)
    return standing


def _lives(hold: Appointment, now: datetime) -> bool:
    return hold.status is Status.HELD and hold.hold_expires_at is not None and now < hold.hold_expires_at


def _confirm(session: Session, actor: Actor, made: WaitlistOffer, now: datetime) -> Appointment:
    owner, patient, by = SYSTEM.account_id, made.entry.patient_id, actor.account_id
    if not guarded.confirm(
        session, made.hold_id, owner=owner, patient=patient, now=now, match={}, created_by=by
    ):
        raise Conflict("offer_over")
    return session.get_one(Appointment, made.hold_id, populate_existing=True)


def _close(session: Session, made: WaitlistOffer, status: OfferStatus, now: datetime) -> None:
    made.status, made.answered_at = status, now
    guarded.end_hold(session, made.hold_id)
    publish(session, TimeReleased(made.hold_id, made.practitioner_id))


def _record(session: Session, actor: Actor, clock: Clock, made: WaitlistOffer, action: str) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        patient_id=made.entry.patient_id,
        object_type="waitlist_offer",
        object_id=made.id,
    )
    publish(session, WaitlistChanged(made.entry_id))
