"""Weekly hours are one document that two people may edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from clinic.access.actor import Actor
from clinic.db.transaction import snapshot
from clinic.errors import Conflict, Denied, Invalid, NotFound, PreconditionFailed
from clinic.ids import PractitionerId, SiteId, new_id
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.availability import Modality, WeeklyRule
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.services import hours, places
from clinic.scheduling.services.catalogue import create_site
from tests.factories.groups import add_group_service
from tests.factories.scheduling import PLACE
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.mutations import planned_session

FRIDAY = WeeklyRule(
    weekday=4,
    start=time(10),
    end=time(13),
    tz="Africa/Casablanca",
    valid_from=date(2026, 11, 1),
    valid_to=None,
    modalities=frozenset({Modality.PHONE}),
)


def read(clinic: Clinic, practitioner: PractitionerId) -> list[WeeklyRule]:
    with snapshot(clinic.database) as session:
        return list(hours.hours_of(session, practitioner).rules)


def version(clinic: Clinic) -> str:
    with snapshot(clinic.database) as session:
        return hours.etag_of(session, clinic.diary.practitioners[0])


def write(clinic: Clinic, actor: Actor, rules: list[WeeklyRule], etag: str | None = None) -> list[WeeklyRule]:
    who = clinic.diary.practitioners[0]
    with clinic.act() as session:
        found = hours.set_hours(
            session,
            actor=actor,
            clock=clinic.clock,
            practitioner=who,
            change=hours.Change(rules),
            etag=etag or hours.etag_of(session, who),
        )
        return list(found.rules)


def test_new_hours_are_searched_at_once(clinic: Clinic) -> None:
    assert write(clinic, clinic.diary.therapist_actors[0], [FRIDAY]) == [FRIDAY]
    found = clinic.slots(Wish(clinic.diary.practitioners[0]))
    assert {slot.starts_at.weekday() for slot in found} == {4}
    assert {slot.local[11:] for slot in found} == {"12:00", "13:00", "14:00"}


def test_hours_may_name_the_own_site_or_none(clinic: Clinic) -> None:
    write(clinic, clinic.diary.desk, [FRIDAY])
    unnamed = [slot.starts_at for slot in clinic.slots(Wish(clinic.diary.practitioners[0]))]
    write(clinic, clinic.diary.desk, [replace(FRIDAY, site=clinic.diary.site)])
    assert [slot.starts_at for slot in clinic.slots(Wish(clinic.diary.practitioners[0]))] == unnamed != []


def test_what_is_booked_outside_new_hours_is_shown_and_stays_and_holds_there_end(clinic: Clinic) -> None:
    who, (first, second) = clinic.diary.practitioners[0], clinic.diary.patient_actors
    one, two, three, *_, monday = clinic.slots(Wish(who), limit=5)
    inside, outside = clinic.book(first, clinic.wanted(one)), clinic.book(second, clinic.wanted(two))
    group = planned_session(clinic, add_group_service(clinic.database, clinic.vault, clinic.diary), three)
    held = clinic.hold(first, clinic.wanted(monday))
    sunday = replace(
        FRIDAY, weekday=6, start=time(9), end=time(14), tz="Asia/Jerusalem", modalities=frozenset(Modality)
    )
    reader, change, old = clinic.reader(clinic.diary.desk), hours.Change([sunday]), version(clinic)
    with clinic.act() as session:
        seen = hours.preview(session, reader, who, change, old)
    assert ([visit.id for visit in seen.visits], [one.id for one in seen.groups]) == ([outside.id], [group])
    assert (version(clinic), clinic.row(held.id).status) == (old, Status.HELD)
    with clinic.act() as session:
        done = hours.change_hours(session, reader, who, change, old)
    assert (done.hours.rules, [visit.id for visit in done.visits]) == ([sunday], [outside.id])
    assert (clinic.row(outside.id).status, clinic.row(held.id).status) == (Status.BOOKED, Status.EXPIRED)
    by_phone = hours.Change([replace(sunday, modalities=frozenset({Modality.PHONE}))])
    with clinic.act() as session:
        seen = hours.preview(session, reader, who, by_phone, version(clinic))
    assert [visit.id for visit in seen.visits] == [inside.id]


def test_the_second_of_two_editors_is_told(clinic: Clinic) -> None:
    old = version(clinic)
    write(clinic, clinic.diary.desk, [FRIDAY], old)
    with pytest.raises(PreconditionFailed, match="hours_changed"):
        write(clinic, clinic.diary.therapist_actors[0], [], old)
    assert read(clinic, clinic.diary.practitioners[0]) == [FRIDAY]


def test_a_colleague_and_a_patient_may_not_edit(clinic: Clinic) -> None:
    with pytest.raises(Denied):
        write(clinic, clinic.diary.therapist_actors[1], [])
    with pytest.raises(NotFound):
        write(clinic, clinic.diary.patient_actors[0], [])


def test_hours_that_cannot_be_meant_are_named(clinic: Clinic) -> None:
    wrong = [
        FRIDAY,
        replace(FRIDAY, end=time(10)),
        replace(FRIDAY, valid_to=date(2026, 10, 31)),
        replace(FRIDAY, tz="Mars/Olympus"),
        replace(FRIDAY, modalities=frozenset()),
    ]
    with pytest.raises(Invalid) as caught:
        write(clinic, clinic.diary.desk, wrong)
    assert set(caught.value.errors) == {"rules.1.end", "rules.2.valid_to", "rules.3.tz", "rules.4.modality"}


def test_somebody_without_a_schedule_has_no_hours(clinic: Clinic) -> None:
    with pytest.raises(NotFound):
        read(clinic, PractitionerId(new_id()))


def test_a_site_that_is_put_away_is_in_no_new_hours_and_offers_nothing(clinic: Clinic) -> None:
    with clinic.act() as session:
        old, gone = (
            create_site(session, actor=clinic.diary.desk, clock=clinic.clock, names=PLACE, tz="Asia/Hebron")
            for _ in range(2)
        )
    past = replace(FRIDAY, site=old, valid_to=date(2026, 11, 20))
    write(clinic, clinic.diary.desk, [past, replace(FRIDAY, site=gone)])
    assert {slot.site for slot in clinic.slots(Wish(clinic.diary.practitioners[0]))} == {gone}
    put_away(clinic, old)
    with pytest.raises(Conflict, match="site_in_use"):
        put_away(clinic, gone)
    assert write(clinic, clinic.diary.desk, [past]) == [past]
    put_away(clinic, gone)
    with pytest.raises(Invalid) as caught:
        write(clinic, clinic.diary.desk, [past, replace(FRIDAY, site=gone)])
    assert set(caught.value.errors) == {"rules.1.site"}
    write(clinic, clinic.diary.desk, [replace(past, valid_to=None)])
    assert clinic.slots(Wish(clinic.diary.practitioners[0])) == []


def put_away(clinic: Clinic, site: SiteId) -> None:
    wanted = places.SiteWish(PLACE, "Asia/Hebron", [], active=False)
    with clinic.act() as session:
        places.change_site(
            session, actor=clinic.diary.desk, clock=clinic.clock, site_id=site, wanted=wanted, version=1
        )
