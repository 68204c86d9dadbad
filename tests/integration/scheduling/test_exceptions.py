"""Leave, closings and one-off openings change what is offered; what is booked is listed and stays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic.access.actor import Actor
from clinic.db.transaction import snapshot
from clinic.errors import Conflict, Denied, Invalid, NotFound
from clinic.identity.models import Account, AccountStatus
from clinic.ids import AppointmentId, PractitionerId, SiteId, new_id
from clinic.scheduling.models import Appointment, WaitlistEntry
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.slots import FoundSlot
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import LIVE, Status
from clinic.scheduling.rules.exceptions import DIFFERING, LEAVE, ExceptionKind
from clinic.scheduling.rules.waitlist import Wishes
from clinic.scheduling.services import exceptions, hours, offers, waitlist
from clinic.scheduling.services.catalogue import create_site
from clinic.scheduling.services.exceptions import Effect, NewStretch
from clinic.scheduling.services.waitlist import Joining
from tests.factories.groups import add_group_service
from tests.factories.identity import make_practitioner
from tests.factories.scheduling import PLACE, open_hours
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.mutations import planned_session

TODAY = NewStretch(ExceptionKind.LEAVE, datetime(2026, 11, 22, 9), datetime(2026, 11, 22, 15))  # noqa: DTZ001
FRIDAY = NewStretch(ExceptionKind.OPEN, datetime(2026, 11, 27, 9), datetime(2026, 11, 27, 11))  # noqa: DTZ001


def add(clinic: Clinic, new: NewStretch, actor: Actor | None = None, number: UUID | None = None) -> Effect:
    reader = clinic.reader(actor or clinic.diary.therapist_actors[0])
    with clinic.act() as session:
        return exceptions.add(session, reader, clinic.diary.practitioners[0], new, number or new_id())


def local(clinic: Clinic, practitioner: int = 0, limit: int = 3) -> list[str]:
    return [
        slot.local[5:] for slot in clinic.slots(Wish(clinic.diary.practitioners[practitioner]), limit=limit)
    ]


def test_leave_is_not_offered_and_cannot_be_booked(clinic: Clinic) -> None:
    slot = clinic.first()
    add(clinic, TODAY)
    assert local(clinic) == ["11-22T15:00", "11-22T16:00", "11-23T09:00"]
    assert local(clinic, 1)[0] == "11-22T13:00"
    with pytest.raises(Invalid, match="slot_not_offered"):
        clinic.book(clinic.diary.patient_actors[0], clinic.wanted(slot))


def test_visits_in_it_are_listed_and_stay(clinic: Clinic) -> None:
    visit = clinic.book(clinic.diary.patient_actors[0], clinic.wanted(clinic.first()))
    group = planned_session(
        clinic, add_group_service(clinic.database, clinic.vault, clinic.diary), clinic.first()
    )
    reader = clinic.reader(clinic.diary.desk)
    with clinic.act() as session:
        seen = exceptions.preview(session, reader, clinic.diary.practitioners[0], TODAY)
    assert ([one.id for one in seen.visits], seen.stretch.id) == ([visit.id], None)
    assert [(one.id, one.service_name) for one in seen.groups] == [(group, "Tuesday circle")]
    assert local(clinic)[0] == "11-22T15:00"
    number = new_id()
    assert [one.id for one in add(clinic, TODAY, number=number).visits] == [visit.id]
    assert clinic.row(visit.id).status is Status.BOOKED
    with clinic.act() as session:
        again = exceptions.effect_of(session, reader, clinic.diary.practitioners[0], number)
    assert (again.stretch.id, len(again.visits)) == (number, 1)


def test_a_hold_in_it_ends(clinic: Clinic) -> None:
    patient, wanted = clinic.diary.patient_actors[0], clinic.wanted(clinic.first())
    held = clinic.hold(patient, wanted)
    add(clinic, TODAY)
    with pytest.raises(Invalid, match="slot_not_offered"):
        clinic.book(patient, wanted, hold=AppointmentId(held.id))


def test_taken_back_the_usual_hours_hold_again(clinic: Clinic) -> None:
    before, number = local(clinic), new_id()
    add(clinic, TODAY, number=number)
    with clinic.act() as session, pytest.raises(NotFound):
        exceptions.take_back(
            session, clinic.reader(clinic.diary.desk), clinic.diary.practitioners[0], number, DIFFERING
        )
    with clinic.act() as session:
        exceptions.take_back(
            session, clinic.reader(clinic.diary.desk), clinic.diary.practitioners[0], number, LEAVE
        )
    assert local(clinic) == before


def test_why_somebody_is_away_is_theirs_and_the_desks(clinic: Clinic) -> None:
    add(clinic, replace(TODAY, reason="An operation", cover=clinic.diary.practitioners[1]))
    own, colleague = clinic.diary.therapist_actors
    for actor, reason in ((own, "An operation"), (clinic.diary.desk, "An operation"), (colleague, None)):
        with snapshot(clinic.database) as session:
            [one] = exceptions.listed(
                session, clinic.reader(actor), clinic.diary.practitioners[0], LEAVE, clinic.clock.now()
            )
        assert (one.reason, one.cover_name) == (reason, "Therapist 1")


def test_leave_is_listed_until_it_is_over_on_the_clocks_of_its_own_zone(clinic: Clinic) -> None:
    starts, ends = TODAY.starts.replace(hour=1), TODAY.ends.replace(hour=5)
    add(clinic, replace(TODAY, starts=starts, ends=ends, tz="America/New_York"))

    def shown() -> int:
        with snapshot(clinic.database) as session:
            reader, now = clinic.reader(clinic.diary.desk), clinic.clock.now()
            return len(exceptions.listed(session, reader, clinic.diary.practitioners[0], LEAVE, now))

    assert shown() == 1
    clinic.clock.advance(timedelta(hours=1))  # it is five in New York and noon in Jerusalem
    assert shown() == 0


def test_a_colleague_enters_nothing_for_others(clinic: Clinic) -> None:
    with pytest.raises(Denied):
        add(clinic, TODAY, clinic.diary.therapist_actors[1])
    with pytest.raises(NotFound):
        add(clinic, TODAY, clinic.diary.patient_actors[0])


def test_what_cannot_be_meant_is_named(clinic: Clinic) -> None:
    for wrong, field in (
        (replace(TODAY, ends=TODAY.starts), "ends"),
        (replace(TODAY, ends=TODAY.ends.replace(year=2028)), "ends"),
        (replace(TODAY, cover=clinic.diary.practitioners[0]), "cover"),
        (replace(TODAY, cover=PractitionerId(new_id())), "cover"),
        (replace(FRIDAY, site=SiteId(new_id())), "site"),
    ):
        with pytest.raises(Invalid) as caught:
            add(clinic, wrong)
        assert set(caught.value.errors) == {field}


def test_a_colleague_who_is_away_or_has_left_covers_nobody(clinic: Clinic) -> None:
    with clinic.act() as session:
        left = make_practitioner(session, clinic.vault, name="Nour")
        open_hours(session, PractitionerId(left.id), clinic.diary.site, [])
        session.get_one(Account, left.account_id).status = AccountStatus.DISABLED
    with pytest.raises(Invalid):
        add(clinic, replace(TODAY, cover=PractitionerId(left.id)))
    add(clinic, TODAY)
    with clinic.act() as session, pytest.raises(Invalid) as caught:
        new = replace(TODAY, cover=clinic.diary.practitioners[0])
        exceptions.add(
            session, clinic.reader(clinic.diary.desk), clinic.diary.practitioners[1], new, new_id()
        )
    assert set(caught.value.errors) == {"cover"}


def test_of_two_who_leave_at_once_one_covers_for_the_other_and_not_both(clinic: Clinic) -> None:
    one, other = clinic.diary.practitioners
    reader = clinic.reader(clinic.diary.desk)

    def leave(who: PractitionerId, cover: PractitionerId) -> None:
        with clinic.act() as session:
            exceptions.add(session, reader, who, replace(TODAY, cover=cover), new_id())

    with ThreadPoolExecutor(1) as pool:
        with clinic.act() as session:
            exceptions.add(session, reader, one, replace(TODAY, cover=other), new_id())
            second = pool.submit(leave, other, one)
            wait([second], timeout=0.2)
        with pytest.raises(Invalid) as caught:
            second.result()
    assert set(caught.value.errors) == {"cover"}


def test_a_one_off_opening_is_offered_and_booked(clinic: Clinic) -> None:
    add(clinic, replace(FRIDAY, modalities=frozenset({Modality.PHONE})))
    add(clinic, replace(TODAY, ends=datetime(2026, 11, 26, 23)))  # noqa: DTZ001
    found = clinic.slots(Wish(clinic.diary.practitioners[0]), limit=3)
    assert [slot.local[5:] for slot in found] == ["11-27T09:00", "11-27T10:00", "11-29T09:00"]
    patient = clinic.diary.patient_actors[0]
    with pytest.raises(Invalid, match="slot_not_offered"):
        clinic.book(patient, clinic.wanted(found[0]))
    assert clinic.book(patient, clinic.wanted(found[0], modality=Modality.PHONE)).status is Status.BOOKED


def test_open_once_at_another_site_is_told_in_its_clock(clinic: Clinic) -> None:
    with clinic.act() as session:
        rabat = create_site(
            session, actor=clinic.diary.desk, clock=clinic.clock, names=PLACE, tz="Africa/Casablanca"
        )
    add(clinic, replace(FRIDAY, site=rabat))
    found = clinic.slots(Wish(clinic.diary.practitioners[0], site=rabat))
    assert [(slot.local, slot.tz, slot.site) for slot in found] == [
        (f"2026-11-27T{hour:02}:00", "Africa/Casablanca", rabat) for hour in (9, 10)
    ]
    visit = clinic.book(clinic.diary.patient_actors[0], clinic.wanted(found[0]))
    assert (visit.wall_start, visit.tz) == ("2026-11-27T09:00", "Africa/Casablanca")


def test_every_change_is_another_version_of_the_hours(clinic: Clinic) -> None:
    def version() -> str:
        with snapshot(clinic.database) as session:
            return hours.etag_of(session, clinic.diary.practitioners[0])

    versions = [version()]
    number = new_id()
    add(clinic, TODAY, number=number)
    versions.append(version())
    add(clinic, FRIDAY)
    versions.append(version())
    assert len(set(versions)) == 3


def test_a_visit_is_not_moved_into_leave(clinic: Clinic) -> None:
    patient = clinic.diary.patient_actors[0]
    visit = clinic.book(patient, clinic.wanted(clinic.slots(Wish(clinic.diary.practitioners[1]))[0]))
    add(clinic, TODAY)
    slot = clinic.wanted(clinic.slots(Wish(clinic.diary.practitioners[1]))[0])
    assert isinstance(visit, Appointment)
    with pytest.raises((Invalid, Conflict)):
        clinic.book(patient, replace(slot, practitioner=clinic.diary.practitioners[0]))


def _entry(clinic: Clinic, slot: FoundSlot) -> WaitlistEntry:
    joining = Joining(slot.service, Modality.VIDEO, Wishes())
    with clinic.act() as session:
        actor = clinic.diary.patient_actors[0]
        return waitlist.join(session, actor=actor, clock=clinic.clock, entry_id=new_id(), joining=joining)


def _act(clinic: Clinic, name: str, slot: FoundSlot) -> Callable[[], object]:
    """Prepare and return an act that puts a visit or a hold at `slot`."""
    patient, wanted = clinic.diary.patient_actors[0], clinic.wanted(slot)
    if name == "hold":
        return lambda: clinic.hold(patient, wanted)
    if name == "book":
        return lambda: clinic.book(patient, wanted)
    if name == "move":
        later = clinic.slots(Wish(clinic.diary.practitioners[1]), limit=20)[-1]
        visit = clinic.book(patient, clinic.wanted(later))
        return lambda: clinic.move(
            clinic.diary.desk, visit.id, slot.starts_at, practitioner=slot.practitioner
        )
    entry = _entry(clinic, slot)

    def offer() -> None:
        with clinic.act() as session:
            offers.offer(
                session,
                actor=clinic.diary.desk,
                clock=clinic.clock,
                offer_id=new_id(),
                entry=session.get_one(WaitlistEntry, entry.id),
                practitioner=slot.practitioner,
                starts_at=slot.starts_at,
            )

    return offer


@pytest.mark.parametrize("name", ["hold", "book", "move", "offer"])
def test_nothing_gets_into_leave_that_is_entered_at_the_same_moment(clinic: Clinic, name: str) -> None:
    slot = clinic.first()
    act = _act(clinic, name, slot)
    with (
        clinic.meanwhile(lambda: add(clinic, TODAY), before="FOR NO KEY UPDATE OF schedule"),
        suppress(Invalid),
    ):
        act()
    with snapshot(clinic.database) as session:
        live = select(Appointment.id).where(
            Appointment.practitioner_id == slot.practitioner,
            Appointment.starts_at == slot.starts_at,
            Appointment.status.in_(LIVE),
        )
        assert session.scalars(live).all() == []
