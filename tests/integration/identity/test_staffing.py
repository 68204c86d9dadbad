"""Roles and documents of staff on a real database, also when two act at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from uuid import UUID

import pytest

from clinic.access.actor import Actor, Role
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import ClinicError, Conflict, PreconditionFailed
from clinic.identity.services import staffing
from clinic.identity.services.clinic_profile import change_profile, read_profile
from clinic.ids import AccountId
from clinic.vault import Vault
from clinic.web.profile import ClinicProfile
from tests.factories.identity import make_account
from tests.fakes.clock import FakeClock

PROFILE = ClinicProfile(tz="Asia/Hebron", languages=("ar", "en"), names={"ar": "النور"})


def admins(database: Database, vault: Vault, count: int) -> list[Actor]:
    """Make people who administer the clinic."""
    with transaction(database) as session:
        rows = [make_account(session, vault, roles=(Role.CLINIC_ADMIN, Role.RECEPTION)) for _ in range(count)]
        return [Actor(AccountId(row.id), frozenset({Role.CLINIC_ADMIN})) for row in rows]


def demote(database: Database, vault: Vault, clock: Clock, actor: Actor, whom: UUID) -> None:
    """Take the administration away from somebody."""
    with transaction(database) as session:
        staffing.change_roles(
            session,
            actor=actor,
            clock=clock,
            fields=vault.fields,
            account_id=whom,
            roles=frozenset({Role.RECEPTION}),
            version=1,
        )


def test_of_two_administrators_who_demote_each_other_one_stays(
    database: Database, vault: Vault, clock: FakeClock
) -> None:
    first, second = admins(database, vault, 2)
    refusals: list[str] = []
    start = threading.Barrier(2)

    def act(actor: Actor, whom: Actor) -> None:
        start.wait()
        try:
            demote(database, vault, clock, actor, whom.account_id)
        except ClinicError as error:
            refusals.append(error.code)

    threads = [threading.Thread(target=act, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with snapshot(database) as session:
        assert len(staffing.admins(session, lock=False)) == 1
    assert refusals == ["last_admin"]


def test_the_last_administrator_is_not_shut_out(database: Database, vault: Vault, clock: FakeClock) -> None:
    (only,) = admins(database, vault, 1)
    with pytest.raises(Conflict, match="last_admin"), transaction(database) as session:
        staffing.deactivate(session, actor=only, clock=clock, account_id=only.account_id, version=1)


def test_the_profile_is_one_document(database: Database, vault: Vault, clock: FakeClock) -> None:
    (admin,) = admins(database, vault, 1)
    with transaction(database) as session:
        assert read_profile(session, otherwise=PROFILE).version == 0
        saved = change_profile(session, actor=admin, clock=clock, wanted=PROFILE, version=0)
    assert (saved.version, saved.change.by) == (1, admin.account_id)
    with transaction(database) as session:
        wanted = replace(PROFILE, week_start=5)
        assert change_profile(session, actor=admin, clock=clock, wanted=wanted, version=1).version == 2
    for stale in (0, 1):
        with pytest.raises(PreconditionFailed), transaction(database) as session:
            change_profile(session, actor=admin, clock=clock, wanted=PROFILE, version=stale)
    with snapshot(database) as session:
        assert read_profile(session, otherwise=PROFILE).profile == wanted
