"""Who may do what in the diary: patients with their own visits, practitioners with theirs, the desk with all.

Facts: `patient_id` and `practitioner_id` of the visit in question. A guard that has only the URL asks
without them, and the service asks again with them.
"""

from __future__ import annotations

from collections.abc import Container

from clinic.access.actor import Actor, Role
from clinic.access.permissions import Facts, Permission, Policies


def is_desk(actor: Actor, _facts: Facts) -> bool:
    """Reception and the clinic's management see and arrange every visit."""
    return actor.has(Role.RECEPTION, Role.CLINIC_ADMIN)


def is_concerned(actor: Actor, facts: Facts) -> bool:
    """The desk, the patient of the visit, or its practitioner."""
    if is_desk(actor, facts):
        return True
    if "patient_id" not in facts:
        return actor.patient_id is not None or actor.practitioner_id is not None
    return _same(actor.patient_id, facts["patient_id"]) or is_practitioner(actor, facts)


def is_treating(actor: Actor, facts: Facts) -> bool:
    """The desk or the practitioner of the visit, never the patient."""
    if is_desk(actor, facts):
        return True
    return actor.practitioner_id is not None and (
        "practitioner_id" not in facts or is_practitioner(actor, facts)
    )


def administers(actor: Actor, _facts: Facts) -> bool:
    """The clinic's administration decides what is offered, where and by whom."""
    return actor.has(Role.CLINIC_ADMIN)


def may_answer(actor: Actor, facts: Facts) -> bool:
    """The patient answers an offer, or the desk for one who is on the telephone."""
    if is_desk(actor, facts):
        return True
    return actor.patient_id is not None and facts.get("patient_id", actor.patient_id) == actor.patient_id


def may_wait(actor: Actor, facts: Facts) -> bool:
    """Patients wait for themselves; the desk and practitioners put others on the list."""
    return actor.practitioner_id is not None or may_answer(actor, facts)


def may_sit(actor: Actor, _facts: Facts) -> bool:
    """Patients see the groups that they may join; those who treat and the desk see theirs."""
    return actor.patient_id is not None or is_treating(actor, {})


def may_see_hours(actor: Actor, _facts: Facts) -> bool:
    """Everybody at work sees opening hours."""
    return is_desk(actor, _facts) or actor.practitioner_id is not None


def may_set_hours(actor: Actor, facts: Facts) -> bool:
    """The desk sets opening hours, and practitioners set their own."""
    return is_desk(actor, facts) or is_practitioner(actor, facts)


def is_asked(actor: Actor, facts: Facts) -> bool:
    """The desk, and those on call who were asked (fact `asked`) about an urgent request."""
    if is_desk(actor, facts):
        return True
    if actor.practitioner_id is None or "asked" not in facts:
        return actor.practitioner_id is not None
    asked = facts["asked"]
    return isinstance(asked, Container) and actor.practitioner_id in asked


def is_guardian(actor: Actor, _facts: Facts) -> bool:
    """Those who stand in for a minor; for whom, and what they may know, the consent slice decides."""
    return actor.has(Role.GUARDIAN)


def has_visits(actor: Actor, _facts: Facts) -> bool:
    """Whoever has visits of their own, or of a child, to put into a calendar."""
    return actor.patient_id is not None or actor.practitioner_id is not None or actor.has(Role.GUARDIAN)


def arranges(actor: Actor, facts: Facts) -> bool:
    """Staff arrange what is not their own: for themselves they keep to the rules of any patient."""
    return actor.is_staff and not _same(actor.patient_id, facts.get("patient_id"))


def is_practitioner(actor: Actor, facts: Facts) -> bool:
    """The practitioner whose visit or schedule it is, and nobody for them."""
    return _same(actor.practitioner_id, facts.get("practitioner_id"))


def _same(own: object, asked: object) -> bool:
    return own is not None and own == asked


POLICIES: Policies = {
    Permission.APPOINTMENT_BOOK: is_concerned,
    Permission.APPOINTMENT_LIST: is_concerned,
    Permission.APPOINTMENT_READ: is_concerned,
    Permission.APPOINTMENT_CANCEL: is_concerned,
    Permission.APPOINTMENT_MOVE: is_concerned,
    Permission.APPOINTMENT_ATTEND: is_concerned,
    Permission.SETUP_READ: administers,
    Permission.CATALOGUE_READ: may_see_hours,
    Permission.CATALOGUE_EDIT: administers,
    Permission.SERIES_PLAN: is_treating,
    Permission.SERIES_READ: is_concerned,
    Permission.SERIES_CHANGE: is_treating,
    Permission.GROUP_PLAN: is_treating,
    Permission.GROUP_LIST: may_sit,
    Permission.GROUP_READ: may_sit,
    Permission.SEAT_TAKE: is_concerned,
    Permission.SEAT_GIVE_UP: is_concerned,
    Permission.SEAT_ATTEND: is_treating,
    Permission.APPOINTMENT_OVERRIDE: is_desk,
    Permission.APPOINTMENT_PLACE: is_desk,
    Permission.PARTICIPANT_EDIT: is_concerned,
    Permission.REFERRAL_READ: is_treating,
    Permission.REFERRAL_ENTER: is_treating,
    Permission.AVAILABILITY_READ: may_see_hours,
    Permission.AVAILABILITY_EDIT: may_set_hours,
    Permission.HOLIDAY_EDIT: is_desk,
    Permission.CALENDAR_READ: is_treating,
    Permission.ARRIVALS_READ: is_desk,
    Permission.WARD_LIST: is_guardian,
    Permission.WARD_VISITS: is_guardian,
    Permission.DELIVERY_READ: is_treating,
    Permission.DELIVERY_REPEAT: is_desk,
    Permission.REMINDERS_READ: is_desk,
    Permission.REMINDERS_EDIT: administers,
    Permission.CALENDAR_FEED_OWN: has_visits,
    Permission.EXTERNAL_CALENDAR_OWN: is_practitioner,
    Permission.CLOCK_CHANGE_APPROVE: is_desk,
    Permission.WAITLIST_JOIN: may_wait,
    Permission.WAITLIST_READ: may_wait,
    Permission.WAITLIST_TRIAGE: is_treating,
    Permission.OFFER_MAKE: is_desk,
    Permission.OFFER_ANSWER: may_answer,
    Permission.ON_CALL_READ: may_see_hours,
    Permission.ON_CALL_EDIT: is_desk,
    Permission.URGENT_REQUEST_RAISE: may_see_hours,
    Permission.URGENT_REQUEST_READ: is_asked,
    Permission.URGENT_REQUEST_ANSWER: is_asked,
}
