"""Writes that the database may refuse: every visit and every move goes through here, and only here.

On PostgreSQL locks are taken in one order, so that nobody waits crosswise: people (`take_turns`), schedules
(`lock_schedules`), rooms (`lock_rooms`), patients (`lock_patients`); then the insert gives way instead of
waiting. A deadlock that still happens is tried again up to three times. SQLite has one writer at a time.
"""

from clinic.scheduling.services.guarded.kept import (
    confirm,
    end_hold,
    end_holds,
    forget_holds,
    give_up_holds,
    give_up_lapsed,
)
from clinic.scheduling.services.guarded.locks import lock_patients, lock_rooms, lock_schedules, take_turns
from clinic.scheduling.services.guarded.refusal import Overlap, guarded
from clinic.scheduling.services.guarded.visits import change, change_over, place, place_many, stamp

__all__ = [
    "Overlap",
    "change",
    "change_over",
    "confirm",
    "end_hold",
    "end_holds",
    "forget_holds",
    "give_up_holds",
    "give_up_lapsed",
    "guarded",
    "lock_patients",
    "lock_rooms",
    "lock_schedules",
    "place",
    "place_many",
    "stamp",
    "take_turns",
]
