"""Rooms of series in person: each date takes one, keeps the others out, and is refused where none is free."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic.access.actor import SYSTEM
from clinic.db.transaction import snapshot
from clinic.errors import Conflict
from clinic.ids import SeriesId, new_id
from clinic.scheduling.models import Appointment, AvailabilityRule, Holiday, Series, SeriesGap
from clinic.scheduling.queries.series import visits_of
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.series import Fate, Policy
from clinic.scheduling.services.catalogue import create_site
from clinic.scheduling.services.series import booking
from clinic.scheduling.services.series.moving import Move, reschedule
from clinic.scheduling.services.series.parts import Part, Scope
from clinic.scheduling.services.series.planning import Rounds, SeriesWish
from tests.factories.scheduling import PLACE, make_room
from tests.integration.scheduling.conftest import Clinic

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)  # ten in Jerusalem


def weekly(clinic: Clinic, number: int, policy: Policy = Policy.ALL_OR_NONE) -> SeriesWish:
    """Return two Mondays at ten with one of the practitioners, in person."""
    diary = clinic.diary
    rounds = Rounds(diary.practitioners[number], diary.service, Modality.IN_PERSON, diary.patients[number])
    return SeriesWish(rounds, Rhythm.WEEKLY, MONDAY, count=2, until=None, policy=policy)


def plan(clinic: Clinic, wish: SeriesWish) -> list[UUID | None]:
    """Book a series; return the rooms of its visits."""
    with clinic.act() as session:
        series = SeriesId(new_id())
        visits = booking.book(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            series_id=series,
            wish=wish,
        )
        gaps = session.scalars(select(SeriesGap.fate).where(SeriesGap.series_id == series))
        return [*(visit.room_id for visit in visits), *gaps]


def test_every_date_of_a_series_has_a_room_or_is_refused(clinic: Clinic) -> None:
    room = make_room(clinic.database, clinic.diary.site, "1")
    taken = clinic.wanted(clinic.first(0), starts_at=MONDAY, modality=Modality.IN_PERSON)
    clinic.book(clinic.diary.patient_actors[0], taken)
    with pytest.raises(Conflict) as caught:
        plan(clinic, weekly(clinic, 1))
    dates = caught.value.facts["occurrences"]
    assert isinstance(dates, list)
    assert [one["fate"] for one in dates] == [Fate.NO_ROOM, Fate.FREE]
    assert plan(clinic, weekly(clinic, 1, Policy.SKIP)) == [room, Fate.NO_ROOM]


def test_the_visits_of_a_series_that_move_take_rooms_where_they_go(clinic: Clinic) -> None:
    one, two = (make_room(clinic.database, clinic.diary.site, name) for name in ("1", "2"))
    assert plan(clinic, weekly(clinic, 0)) == [one, one]
    there = clinic.wanted(clinic.first(1), starts_at=MONDAY + timedelta(hours=1), modality=Modality.IN_PERSON)
    clinic.book(clinic.diary.patient_actors[1], there)
    with clinic.act() as session:
        series = session.scalars(select(Series)).one()
        first = visits_of(session, series.id)[0]
        part = Part(Scope.ALL, first.id)
        move = Move(part, MONDAY + timedelta(hours=1))
        reschedule(
            session,
            actor=clinic.diary.desk,
            clock=clinic.clock,
            fields=clinic.vault.fields,
            series_id=series.id,
            move=move,
        )
        assert [visit.room_id for visit in visits_of(session, series.id)] == [two, one]


def test_each_date_is_at_the_site_where_the_practitioner_is_then(clinic: Clinic) -> None:
    """From the second Monday on they work elsewhere; what is closed at home is closed to nobody there."""
    with clinic.act() as session:
        away = create_site(session, actor=SYSTEM, clock=clinic.clock, names=PLACE, tz="Africa/Casablanca")
        who, second = clinic.diary.practitioners[0], date(2026, 11, 30)
        old = session.scalars(
            select(AvailabilityRule).where(
                AvailabilityRule.practitioner_id == who, AvailabilityRule.weekday == 0
            )
        ).one()
        old.valid_to = date(2026, 11, 29)
        session.add(
            AvailabilityRule(
                id=new_id(),
                practitioner_id=who,
                site_id=away,
                weekday=0,
                starts=time(8),
                ends=time(17),
                tz="Africa/Casablanca",
                valid_from=second,
                modalities=old.modalities,
            )
        )
        shut = {"wall_start": f"{second}T00:00", "wall_end": f"{second}T23:59"}
        session.add(
            Holiday(
                id=new_id(), site_id=clinic.diary.site, names={"en": "Eid"}, closes=True, version=1, **shut
            )
        )
    here, there = (make_room(clinic.database, site, "1") for site in (clinic.diary.site, away))
    assert plan(clinic, weekly(clinic, 0)) == [here, there]
    where = select(Appointment.site_id, Appointment.wall_start, Appointment.tz).order_by(
        Appointment.starts_at
    )
    with snapshot(clinic.database) as session:
        assert session.execute(where).all() == [
            (clinic.diary.site, "2026-11-23T10:00", "Asia/Jerusalem"),
            (away, "2026-11-30T08:00", "Africa/Casablanca"),
        ]
