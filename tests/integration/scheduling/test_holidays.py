"""A holiday that was decided on closes its site; calendars only propose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest
from sqlalchemy import update

from clinic.db.transaction import snapshot
from clinic.errors import Invalid, NotFound, PreconditionFailed
from clinic.ids import AppointmentId, new_id
from clinic.scheduling.models import AvailabilityRule
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.holidays import Country
from clinic.scheduling.services import holidays
from clinic.scheduling.services.catalogue import create_site
from clinic.scheduling.services.holidays import Closing, Wanted, Year
from tests.factories.scheduling import PLACE
from tests.integration.scheduling.conftest import Clinic

EID = {"ar": "عيد الفطر السعيد", "en": "Eid"}
TODAY = Wanted(datetime(2026, 11, 22), datetime(2026, 11, 23), EID)  # noqa: DTZ001


def add(clinic: Clinic, new: Wanted, number: UUID | None = None) -> Closing:
    with clinic.act() as session:
        return holidays.add(
            session, clinic.reader(clinic.diary.desk, "ar"), clinic.diary.site, new, number or new_id()
        )


def year(clinic: Clinic, number: int = 2027, country: Country | None = None) -> Year:
    with snapshot(clinic.database) as session:
        return holidays.year_of(session, clinic.reader(clinic.diary.desk), clinic.diary.site, number, country)


def test_a_closed_site_is_not_offered(clinic: Clinic) -> None:
    visit = clinic.book(clinic.diary.patient_actors[0], clinic.wanted(clinic.first()))
    held = clinic.hold(clinic.diary.patient_actors[1], clinic.wanted(clinic.first(1)))
    closing = add(clinic, TODAY)
    assert [one.id for one in closing.visits] == [visit.id]
    assert closing.holiday.name == EID["ar"]
    assert {slot.local[:10] for slot in clinic.slots()} == {"2026-11-23"}
    assert clinic.row(AppointmentId(held.id)).status is Status.EXPIRED
    assert clinic.row(visit.id).status is Status.BOOKED


def test_a_holiday_is_of_those_who_come_to_the_site_and_of_none_who_are_elsewhere(clinic: Clinic) -> None:
    with clinic.act() as session:
        away = create_site(
            session, actor=clinic.diary.desk, clock=clinic.clock, names=PLACE, tz="Asia/Jerusalem"
        )
        comes = AvailabilityRule.practitioner_id == clinic.diary.practitioners[0]
        session.execute(update(AvailabilityRule).where(comes).values(site_id=away))
    there, here = (
        clinic.book(clinic.diary.patient_actors[n], clinic.wanted(clinic.first(n))) for n in (0, 1)
    )
    held = clinic.hold(clinic.diary.patient_actors[1], clinic.wanted(clinic.first(0)))
    assert [one.id for one in add(clinic, TODAY).visits] == [here.id]
    assert clinic.row(AppointmentId(held.id)).status is Status.HELD
    with clinic.act() as session:
        closing = holidays.add(session, clinic.reader(clinic.diary.desk), away, TODAY, new_id())
    assert [one.id for one in closing.visits] == [there.id]
    assert clinic.row(AppointmentId(held.id)).status is Status.EXPIRED


def test_half_a_day_closes_half_a_day(clinic: Clinic) -> None:
    add(clinic, replace(TODAY, starts=datetime(2026, 11, 22, 14)))  # noqa: DTZ001
    assert [slot.local[5:] for slot in clinic.slots(limit=3)] == ["11-22T13:00"] * 2 + ["11-23T09:00"]


def test_a_day_that_stays_open_closes_nothing_and_is_not_proposed_again(clinic: Clinic) -> None:
    before = clinic.slots()
    closing = add(clinic, replace(TODAY, closes=False))
    assert (clinic.slots(), closing.visits) == (before, [])


def test_a_calendar_proposes_until_somebody_decides(clinic: Clinic) -> None:
    found = year(clinic)
    assert (found.country, found.items) == (Country.ISRAEL, [])
    palestine = year(clinic, country=Country.PALESTINE)
    [fitr] = [one for one in palestine.proposals if one.days.first == date(2027, 3, 9)]
    assert (fitr.days.last, fitr.estimated, fitr.names["ar"]) == (date(2027, 3, 11), True, EID["ar"])
    add(clinic, Wanted(datetime(2027, 3, 10), datetime(2027, 3, 11), EID))  # noqa: DTZ001
    after = year(clinic, country=Country.PALESTINE)
    assert fitr not in after.proposals
    assert [one.starts for one in after.items] == ["2027-03-10T00:00"]


def test_is_edited_by_whoever_has_read_it_and_forgotten(clinic: Clinic) -> None:
    number, reader = new_id(), clinic.reader(clinic.diary.desk)
    add(clinic, TODAY, number)
    later = Wanted(datetime(2026, 11, 23), datetime(2026, 11, 24), {"fr": "Fête", "en": ""})  # noqa: DTZ001
    with clinic.act() as session:
        changed = holidays.change(session, reader, clinic.diary.site, number, later, "1")
    assert (changed.holiday.version, changed.holiday.names) == (2, {"fr": "Fête"})
    assert {slot.local[:10] for slot in clinic.slots(limit=8)} == {"2026-11-22"}
    with clinic.act() as session, pytest.raises(PreconditionFailed, match="holiday_changed"):
        holidays.change(session, reader, clinic.diary.site, number, later, "1")
    with clinic.act() as session:
        assert holidays.closing_of(session, reader, clinic.diary.site, number).holiday.version == 2
        holidays.remove(session, reader, clinic.diary.site, number)
    assert year(clinic, 2026).items == []
    with clinic.act() as session, pytest.raises(NotFound):
        holidays.remove(session, reader, clinic.diary.site, number)


def test_looking_at_it_first_keeps_nothing(clinic: Clinic) -> None:
    visit = clinic.book(clinic.diary.patient_actors[0], clinic.wanted(clinic.first()))
    with clinic.act() as session:
        seen = holidays.preview(session, clinic.reader(clinic.diary.desk), clinic.diary.site, TODAY)
    assert ([one.id for one in seen.visits], seen.holiday.id) == ([visit.id], None)
    assert year(clinic, 2026).items == []


def test_what_cannot_be_meant_is_named(clinic: Clinic) -> None:
    for wrong, fields in (
        (replace(TODAY, ends=TODAY.starts), {"ends"}),
        (replace(TODAY, names={"ar": ""}), {"names"}),
    ):
        with pytest.raises(Invalid) as caught:
            add(clinic, wrong)
        assert set(caught.value.errors) == fields
    with clinic.act() as session, pytest.raises(NotFound):
        holidays.add(session, clinic.reader(clinic.diary.desk), new_id(), TODAY, new_id())
