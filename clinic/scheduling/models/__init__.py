"""The tables of scheduling; `guard` holds the rule that nobody is in two visits at once."""

from clinic.scheduling.models.absence import Absence
from clinic.scheduling.models.appointment import Appointment, Attendance
from clinic.scheduling.models.calendars import CalendarFeed, ExternalBusy, ExternalCalendar
from clinic.scheduling.models.catalogue import PractitionerService, Service, Site
from clinic.scheduling.models.groups import GroupSeat, GroupSession
from clinic.scheduling.models.location import Location
from clinic.scheduling.models.on_call import OnCallCover, OnCallRota, OnCallRule
from clinic.scheduling.models.participant import Participant, Referral
from clinic.scheduling.models.schedule import (
    AvailabilityRule,
    AvailabilitySet,
    Holiday,
    Schedule,
    ScheduleException,
)
from clinic.scheduling.models.series import Series, SeriesGap
from clinic.scheduling.models.set_up_stamp import SetUpStamp
from clinic.scheduling.models.urgent_requests import UrgentRequest, UrgentRequestEvent
from clinic.scheduling.models.waitlist import WaitlistEntry, WaitlistOffer

__all__ = [
    "Absence",
    "Appointment",
    "Attendance",
    "AvailabilityRule",
    "AvailabilitySet",
    "CalendarFeed",
    "ExternalBusy",
    "ExternalCalendar",
    "GroupSeat",
    "GroupSession",
    "Holiday",
    "Location",
    "OnCallCover",
    "OnCallRota",
    "OnCallRule",
    "Participant",
    "PractitionerService",
    "Referral",
    "Schedule",
    "ScheduleException",
    "Series",
    "SeriesGap",
    "Service",
    "SetUpStamp",
    "Site",
    "UrgentRequest",
    "UrgentRequestEvent",
    "WaitlistEntry",
    "WaitlistOffer",
]
