"""A series on both databases: every visit in person has a room, and one date goes over another on purpose."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from clinic.ids import SeriesId, new_id
from clinic.scheduling.models import Appointment, SeriesGap
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.series import Fate, Policy
from clinic.scheduling.services.series import booking
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from tests.factories.scheduling import make_room
from tests.integration.scheduling.conftest import Clinic

WEEK = timedelta(weeks=1)


def test_a_date_without_a_room_is_left_out_and_one_that_is_taken_gone_over(clinic: Clinic) -> None:
    diary, slot = clinic.diary, clinic.slots()[0]
    room = make_room(clinic.database, diary.site, "Room 1")
    first, second = slot.starts_at + WEEK, slot.starts_at + 2 * WEEK
    ours = Rounds(slot.practitioner, slot.service, Modality.IN_PERSON, diary.patients[0])
    colleague = next(one for one in diary.practitioners if one != slot.practitioner)
    theirs = Rounds(colleague, slot.service, Modality.IN_PERSON, diary.patients[1])
    online = Rounds(slot.practitioner, slot.service, Modality.VIDEO, diary.patients[1])
    booked(clinic, SeriesWish(theirs, Rhythm.WEEKLY, first, 1, None))
    (other,) = booked(clinic, SeriesWish(online, Rhythm.WEEKLY, second, 1, None))
    wish = SeriesWish(
        ours, Rhythm.WEEKLY, slot.starts_at, 4, None, policy=Policy.SKIP, over=[second], override="Agreed so"
    )
    visits = booked(clinic, wish)
    assert [visit.starts_at for visit in visits] == [slot.starts_at, second, second + WEEK]
    assert [visit.overbook_of for visit in visits] == [None, other.id, None]
    assert [visit.room_id for visit in visits] == [room] * 3
    assert [visit.override_reason_sealed is None for visit in visits] == [True, False, True]
    with clinic.act() as session:
        gaps = session.scalars(select(SeriesGap).where(SeriesGap.series_id == visits[0].series_id)).all()
    assert [gap.fate for gap in gaps] == [Fate.NO_ROOM]


def booked(clinic: Clinic, wish: SeriesWish) -> list[Appointment]:
    """Book a series as the desk does."""
    with clinic.act() as session:
        found = booking.book(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            series_id=SeriesId(new_id()),
            wish=wish,
        )
        session.expunge_all()
        return list(found)
