"""Every permission there is; each route and socket event declares exactly one.

What a permission asks of an actor stands in the `policies.py` of the slice that owns the subject.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from clinic.access.actor import Actor

Facts = Mapping[str, object]
Predicate = Callable[[Actor, Facts], bool]
Policies = Mapping["Permission", Predicate]


class Permission(StrEnum):
    """What a route or socket event lets its caller do."""

    # identity
    SESSION_OWN = "session.own"
    SESSION_STEP_UP = "session.step_up"
    PREFERENCES_OWN = "preferences.own"
    INVITE = "invitation.create"
    CLINIC_READ = "clinic.read"
    CLINIC_EDIT = "clinic.edit"
    STAFF_READ = "staff.read"
    STAFF_EDIT = "staff.edit"
    PATIENT_LIST = "patient.list"
    PATIENT_SEARCH = "patient.search"
    PATIENT_REGISTER = "patient.register"
    PATIENT_INVITE = "patient.invite"
    PATIENT_READ = "patient.read"
    PATIENT_UPDATE = "patient.update"
    CARE_TEAM_READ = "care_team.read"
    CARE_TEAM_ASSIGN = "care_team.assign"
    CARE_TEAM_CONFIRM = "care_team.confirm"
    GUARDIAN_LIST = "guardian.list"
    GUARDIAN_VERIFY = "guardian.verify"
    GUARDIAN_LIMIT = "guardian.limit"
    # scheduling
    APPOINTMENT_BOOK = "appointment.book"
    APPOINTMENT_LIST = "appointment.list"
    APPOINTMENT_READ = "appointment.read"
    APPOINTMENT_CANCEL = "appointment.cancel"
    APPOINTMENT_MOVE = "appointment.move"
    APPOINTMENT_ATTEND = "appointment.attend"
    SETUP_READ = "setup.read"
    CATALOGUE_READ = "catalogue.read"
    CATALOGUE_EDIT = "catalogue.edit"
    SERIES_PLAN = "series.plan"
    SERIES_READ = "series.read"
    SERIES_CHANGE = "series.change"
    GROUP_PLAN = "group.plan"
    GROUP_LIST = "group.list"
    GROUP_READ = "group.read"
    SEAT_TAKE = "seat.take"
    SEAT_GIVE_UP = "seat.give_up"
    SEAT_ATTEND = "seat.attend"
    APPOINTMENT_OVERRIDE = "appointment.override"
    APPOINTMENT_PLACE = "appointment.place"
    PARTICIPANT_EDIT = "participant.edit"
    REFERRAL_READ = "referral.read"
    REFERRAL_ENTER = "referral.enter"
    AVAILABILITY_READ = "availability.read"
    AVAILABILITY_EDIT = "availability.edit"
    HOLIDAY_EDIT = "holiday.edit"
    CALENDAR_READ = "calendar.read"
    ARRIVALS_READ = "arrivals.read"
    WARD_LIST = "ward.list"
    WARD_VISITS = "ward.visits"
    DELIVERY_READ = "delivery.read"
    DELIVERY_REPEAT = "delivery.repeat"
    REMINDERS_READ = "reminders.read"
    REMINDERS_EDIT = "reminders.edit"
    CALENDAR_FEED_OWN = "calendar_feed.own"
    EXTERNAL_CALENDAR_OWN = "external_calendar.own"
    CLOCK_CHANGE_APPROVE = "clock_change.approve"
    WAITLIST_JOIN = "waitlist.join"
    WAITLIST_READ = "waitlist.read"
    WAITLIST_TRIAGE = "waitlist.triage"
    OFFER_MAKE = "offer.make"
    OFFER_ANSWER = "offer.answer"
    ON_CALL_READ = "on_call.read"
    ON_CALL_EDIT = "on_call.edit"
    URGENT_REQUEST_RAISE = "urgent_request.raise"
    URGENT_REQUEST_READ = "urgent_request.read"
    URGENT_REQUEST_ANSWER = "urgent_request.answer"
    # consent
    CONSENT_READ = "consent.read"
    CONSENT_GRANT = "consent.grant"
    CONSENT_REVOKE = "consent.revoke"
    ACCESS_LOG_READ = "access_log.read"
    # records
    NOTE_LIST = "note.list"
    NOTE_READ = "note.read"
    NOTE_WRITE = "note.write"
    DRAFT_KEY_READ = "draft_key.read"
    NOTE_SIGN = "note.sign"
    # video
    ROOM_JOIN = "room.join"
    ROOM_ADMIT = "room.admit"
    ROOM_SIGNAL = "room.signal"
    ROOM_WATCH = "room.watch"
    DEVICE_TEST = "device_test.run"


# What an admitted seat keeps open when its session has otherwise timed out (decision 10d): the room, that
# visit's note, and proving again who one is.
WITHIN_A_ROOM = frozenset(
    {
        Permission.SESSION_STEP_UP,
        Permission.APPOINTMENT_READ,
        Permission.NOTE_READ,
        Permission.NOTE_WRITE,
        Permission.NOTE_SIGN,
        Permission.ROOM_JOIN,
        Permission.ROOM_ADMIT,
        Permission.ROOM_SIGNAL,
    }
)
