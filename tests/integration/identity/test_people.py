"""Sessions and patients on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from clinic.access.actor import Actor, NoSeats, Role
from clinic.db.engine import Database
from clinic.db.transaction import audited_read, snapshot, transaction
from clinic.identity.actors import SessionActors
from clinic.identity.models import WebSession
from clinic.identity.services import patients, sessions
from clinic.identity.services.proof import Proof
from clinic.ids import AccountId, new_id
from clinic.vault import Vault
from tests.factories.identity import make_account, make_patient
from tests.fakes.clock import FakeClock

DESK = Actor(AccountId(new_id()), frozenset({Role.RECEPTION}))


def test_a_token_leads_to_its_actor_until_the_session_ends(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    with transaction(database) as session:
        account = make_account(session, vault, roles=(Role.RECEPTION,))
        opened = sessions.open_session(
            session,
            account_id=account.id,
            proof=Proof(True, account.password_hash),
            clock=clock,
            user_agent="",
            replacing=None,
        )
    actors = SessionActors(database, clock, NoSeats)
    found = actors.load(opened.token, touch=True)
    assert found is not None
    assert (found.session_id, found.roles) == (opened.session_id, frozenset({Role.RECEPTION}))
    assert actors.load("x" * 43, touch=True) is None
    with transaction(database) as session:
        sessions.end_all(session, account_id=account.id, clock=clock)
    assert actors.load(opened.token, touch=True) is None


def test_use_is_written_down_at_most_once_a_minute(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    with transaction(database) as session:
        account = make_account(session, vault)
        proof = Proof(True, account.password_hash)
        opened = sessions.open_session(
            session, account_id=account.id, proof=proof, clock=clock, user_agent="", replacing=None
        )
    actors, seen = SessionActors(database, clock, NoSeats), []
    for seconds, touch in ((59, True), (1, True), (70, False)):
        clock.advance(timedelta(seconds=seconds))
        actors.load(opened.token, touch=touch)
        with snapshot(database) as session:
            seen.append(clock.now() - session.scalars(select(WebSession.last_seen_at)).one())
    assert [one.total_seconds() for one in seen] == [59, 0, 70]


def test_lists_go_on_where_they_stopped(database: Database, clock: FakeClock, vault: Vault) -> None:
    with transaction(database) as session:
        made = {make_patient(session, vault, name=f"Person {n}", account=False).id for n in range(5)}
    found, after = [], None
    for _ in range(3):
        with audited_read(database) as session:
            rows = patients.list_patients(
                session, actor=DESK, clock=clock, fields=vault.fields, limit=2, after=after
            )
        found += [row.id for row in rows]
        after = (rows[-1].created_at, rows[-1].id)
    assert (set(found), len(found)) == (made, 5)


def test_people_are_found_by_name_whatever_the_spelling(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    with transaction(database) as session:
        for name in ("أمينة الخوري", "Amina Khoury", "Hélène Amin"):
            make_patient(session, vault, name=name, account=False)
    with audited_read(database) as session:
        found = patients.search_patients(
            session, actor=DESK, clock=clock, fields=vault.fields, query="amin", limit=10
        )
    assert [one.name for one in found] == ["Amina Khoury", "Hélène Amin"]
