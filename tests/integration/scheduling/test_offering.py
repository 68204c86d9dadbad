"""Who offers what, and rooms, on a real database."""

from __future__ import annotations

import pytest

from clinic.access.actor import SYSTEM
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import Conflict, NotFound, PreconditionFailed
from clinic.identity.models import Account, AccountStatus
from clinic.ids import PractitionerId, new_id
from clinic.scheduling.queries.set_up import set_up
from clinic.scheduling.rules.set_up import State, Task, is_ready
from clinic.scheduling.services import offering, places
from clinic.vault import Vault
from tests.factories.identity import make_practitioner
from tests.factories.scheduling import make_diary
from tests.fakes.clock import FakeClock


def test_a_schedule_is_opened_once_and_then_changed(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    diary = make_diary(database, vault)
    with transaction(database) as session:
        new = PractitionerId(make_practitioner(session, vault).id)
    wanted = {"practitioner": new, "site": diary.site, "services": [diary.service, diary.service]}
    with transaction(database) as session:
        offering.set_offering(session, actor=SYSTEM, clock=clock, version=0, **wanted)  # type: ignore[arg-type]
    with pytest.raises(PreconditionFailed), transaction(database) as session:
        offering.set_offering(session, actor=SYSTEM, clock=clock, version=0, **wanted)  # type: ignore[arg-type]
    with snapshot(database) as session:
        found = offering.read_offering(session, clock=clock, vault=vault, practitioner=new)
    assert (found.services, found.has_hours, found.version) == ([diary.service], False, 1)
    with pytest.raises(NotFound), snapshot(database) as session:
        offering.read_offering(session, clock=clock, vault=vault, practitioner=PractitionerId(new_id()))


def test_two_rooms_of_a_site_are_not_called_alike(database: Database, vault: Vault, clock: FakeClock) -> None:
    diary, first, second = make_diary(database, vault), new_id(), new_id()

    def add(id: object, name: str) -> None:
        with transaction(database) as session:
            places.create_location(
                session,
                actor=SYSTEM,
                clock=clock,
                id=id,  # type: ignore[arg-type]
                site_id=diary.site,
                name=name,
            )

    add(first, "Room 1")
    with pytest.raises(Conflict, match="name_taken"):
        add(second, "Room 1")
    add(second, "Room 2")
    with pytest.raises(Conflict, match="name_taken"), transaction(database) as session:
        places.change_location(
            session, actor=SYSTEM, clock=clock, location_id=second, name="Room 1", active=True, version=1
        )


def test_a_working_diary_is_a_clinic_that_is_set_up(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    diary = make_diary(database, vault)
    with transaction(database) as session:
        places.create_location(
            session, actor=SYSTEM, clock=clock, id=new_id(), site_id=diary.site, name="Room 1"
        )
    with snapshot(database) as session:
        found = set_up(session, unnamed=0, now=clock.now())
    assert is_ready(found.steps)
    assert found.soonest is not None
    assert found.soonest.service == diary.service


def test_who_is_invited_is_waited_for_and_who_has_left_is_not(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    with transaction(database) as session:
        account = make_practitioner(session, vault).account_id
    for status, state in (
        (AccountStatus.ACTIVE, State.DONE),
        (AccountStatus.DISABLED, State.TO_DO),
        (AccountStatus.INVITED, State.WAITING),
    ):
        with transaction(database) as session:
            session.get_one(Account, account).status = status
        with snapshot(database) as session:
            found = set_up(session, unnamed=0, now=clock.now())
        assert {step.task: step.state for step in found.steps}[Task.PEOPLE] is state
