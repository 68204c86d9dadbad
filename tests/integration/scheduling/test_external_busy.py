"""Busy times elsewhere take free times from the search, and from booking too."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import Invalid
from clinic.ids import AppointmentId, new_id
from clinic.scheduling.outside.reading import Found
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.slots import SlotSearch, find_slots
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.series import Fate
from clinic.scheduling.services import booking, external_calendars
from clinic.scheduling.services.planning import Wanted
from clinic.scheduling.services.series import booking as series
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from clinic.vault import Vault
from tests.factories.scheduling import Diary, make_diary
from tests.fakes.clock import FakeClock


def test_what_lies_in_a_busy_time_is_neither_offered_nor_booked(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    diary = make_diary(database, vault)
    first, second, third = (slots := free(database, diary, clock))[:3]
    calendar = new_id()
    with transaction(database) as session:
        external_calendars.add(
            session,
            actor=diary.therapist_actors[0],
            clock=clock,
            fields=vault.fields,
            calendar_id=calendar,
            practitioner=diary.practitioners[0],
            address="https://calendar.example/x",
            trusted=frozenset(),
        )
        busy = Interval(second, second + timedelta(minutes=1))
        external_calendars.keep(session, clock=clock, calendar_id=calendar, found=[Found(busy, None)])
    assert free(database, diary, clock)[:14] == [slot for slot in slots if slot != second]
    assert judged(database, diary, clock, second) == [Fate.CLASH, Fate.FREE]
    assert free(database, diary, clock, practitioner=1) == slots  # a colleague is free as ever
    with pytest.raises(Invalid, match="slot_not_offered"):
        book(database, vault, diary, clock, second)
    book(database, vault, diary, clock, third)
    with transaction(database) as session:
        external_calendars.remove(
            session,
            actor=diary.therapist_actors[0],
            clock=clock,
            practitioner=diary.practitioners[0],
            calendar_id=calendar,
        )
    assert free(database, diary, clock)[:2] == [first, second]
    book(database, vault, diary, clock, second)


def free(database: Database, diary: Diary, clock: FakeClock, *, practitioner: int = 0) -> list[datetime]:
    """Return when a practitioner is free in the coming days."""
    search = SlotSearch(diary.service, Wish(diary.practitioners[practitioner]), limit=20)
    with snapshot(database) as session:
        return [slot.starts_at for slot in find_slots(session, search, now=clock.now())][:15]


def book(database: Database, vault: Vault, diary: Diary, clock: FakeClock, starts_at: datetime) -> None:
    """Let the first patient book the first practitioner."""
    wanted = Wanted(diary.service, diary.practitioners[0], starts_at, Modality.VIDEO)
    with transaction(database) as session:
        booking.book(
            session,
            actor=diary.patient_actors[0],
            clock=clock,
            fields=vault.fields,
            appointment_id=AppointmentId(new_id()),
            booking=booking.Booking(wanted, None, None, None),
        )


def judged(database: Database, diary: Diary, clock: FakeClock, starts_at: datetime) -> list[Fate]:
    """Return what two weeks of a series would meet."""
    rounds = Rounds(diary.practitioners[0], diary.service, Modality.VIDEO, diary.patients[0])
    wish = SeriesWish(rounds, Rhythm.WEEKLY, starts_at, 2, None)
    with transaction(database) as session:
        return [each.fate for each in series.preview(session, actor=diary.desk, clock=clock, wish=wish)]
