"""Registration, tokens, resets and invitations on both databases, two at once included."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from clinic.access.actor import SYSTEM, Role
from clinic.db.engine import Database
from clinic.db.transaction import snapshot, transaction
from clinic.errors import ClinicError, Conflict, Invalid, NotFound
from clinic.identity.models import Account, AccountRole, AccountStatus, OneTimeToken, Patient, TokenKind
from clinic.identity.services import accounts, invitations, recovery, registration, tokens
from clinic.identity.services.accounts import NewAccount
from clinic.identity.services.registration import Registration
from clinic.ids import new_id
from clinic.notifications.models import OutboxMessage
from clinic.vault import Vault
from tests.factories.identity import make_account, make_patient
from tests.fakes.clock import FakeClock

SECRET = b"s" * 32
EMAIL = "nour@clinic.example"
PROFILE = invitations.Profile("psychologist", "female", ("ar",), ())


def register(database: Database, clock: FakeClock, vault: Vault, *, hash: str = "first") -> None:
    """Register Nour."""
    with transaction(database) as session:
        registration.register(
            session,
            clock=clock,
            fields=vault.fields,
            secret=SECRET,
            wanted=Registration(EMAIL, "Nour Aloui", "ar", "Asia/Jerusalem", None),
            password_hash=hash,
        )


def newest(database: Database) -> tuple[str, str | None]:
    """Return the kind of the newest message and the token that its letter would have."""
    with snapshot(database) as session:
        row = session.scalars(
            select(OutboxMessage).order_by(OutboxMessage.created_at.desc(), OutboxMessage.id).limit(1)
        ).one()
        found = session.scalars(
            select(OneTimeToken).where(OneTimeToken.used_at.is_(None)).order_by(OneTimeToken.id)
        ).first()
        return row.kind, None if found is None else tokens.token_of(SECRET, found.kind, found.id)


def count(database: Database, *tables: type) -> list[int]:
    """Return how many rows there are."""
    with snapshot(database) as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_registration_waits_for_its_verification(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    register(database, clock, vault)
    kind, token = newest(database)
    assert (kind, count(database, Account, Patient)) == ("identity.verification", [1, 1])
    assert token is not None
    with transaction(database) as session:
        registration.verify(session, clock=clock, token=token)
    with snapshot(database) as session:
        assert session.scalars(select(Account.status)).one() is AccountStatus.ACTIVE


def test_of_two_who_redeem_at_once_one_is_refused(database: Database, clock: FakeClock, vault: Vault) -> None:
    register(database, clock, vault)
    token = newest(database)[1]
    assert token is not None

    def redeem(_number: int) -> bool:
        try:
            with transaction(database) as session:
                registration.verify(session, clock=clock, token=token)
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(redeem, range(8))) == 1


def test_of_two_registrations_neither_password_counts_but_the_one_the_reader_chooses(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    register(database, clock, vault)
    first = newest(database)[1]
    register(database, clock, vault, hash="second")
    assert count(database, Account, AccountRole, Patient) == [1, 1, 1]
    assert first is not None
    with pytest.raises(Invalid, match="token_invalid"), transaction(database) as session:
        registration.verify(session, clock=clock, token=first)
    second = newest(database)[1]
    assert second is not None
    with transaction(database) as session:
        recovery.reset_password(session, clock=clock, token=second, password_hash="chosen")
    with snapshot(database) as session:
        status, password = session.execute(select(Account.status, Account.password_hash)).one()
    assert (status, password) == (AccountStatus.ACTIVE, "chosen")


def test_a_registration_whose_letter_is_too_old_makes_way(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    register(database, clock, vault)
    clock.advance(tokens.LIFETIMES[TokenKind.VERIFICATION])
    register(database, clock, vault, hash="second")
    assert count(database, Account, AccountRole, Patient, OneTimeToken) == [1, 1, 1, 1]
    with snapshot(database) as session:
        assert session.scalars(select(Account.password_hash)).one() == "second"


def test_registering_a_known_address_leaves_nothing_but_a_letter(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    with transaction(database) as session:
        make_patient(session, vault, email=EMAIL)
    before = count(database, Account, AccountRole, Patient, OneTimeToken)
    register(database, clock, vault)
    assert count(database, Account, AccountRole, Patient, OneTimeToken) == before
    assert newest(database) == ("identity.already_registered", None)


def test_registering_at_once_makes_one_account(database: Database, clock: FakeClock, vault: Vault) -> None:
    def attempt(_number: int) -> None:
        register(database, clock, vault)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(attempt, range(6)))
    assert count(database, Account, Patient) == [1, 1]


def test_a_registration_nobody_verified_is_forgotten(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    register(database, clock, vault)
    clock.advance(registration.KEPT_UNVERIFIED + timedelta(seconds=1))
    with transaction(database) as session:
        make_account(session, vault)
        registration.forget_stale(session, clock=clock)
    assert count(database, Account, Patient, OneTimeToken) == [1, 0, 0]


def test_a_reset_sets_the_password(database: Database, clock: FakeClock, vault: Vault) -> None:
    with transaction(database) as session:
        make_account(session, vault, email=EMAIL)
        index = vault.fields.index("email", EMAIL)
        recovery.request_reset(session, clock=clock, secret=SECRET, email_index=index)
    token = newest(database)[1]
    assert token is not None
    with transaction(database) as session:
        recovery.reset_password(session, clock=clock, token=token, password_hash="new")
    with snapshot(database) as session:
        assert session.scalars(select(Account.password_hash)).one() == "new"


def test_a_reset_for_nobody_leaves_nothing(database: Database, clock: FakeClock) -> None:
    with transaction(database) as session:
        recovery.request_reset(session, clock=clock, secret=SECRET, email_index=b"nobody")
    assert count(database, OneTimeToken, OutboxMessage) == [0, 0]


def test_a_token_disabled_with_its_account_is_none(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    with transaction(database) as session:
        make_account(session, vault, email=EMAIL)
        index = vault.fields.index("email", EMAIL)
        recovery.request_reset(session, clock=clock, secret=SECRET, email_index=index)
    token = newest(database)[1]
    assert token is not None
    with transaction(database) as session:
        accounts.disable(session, actor=SYSTEM, clock=clock, email_index=index)
    with pytest.raises(Invalid, match="token_invalid"), transaction(database) as session:
        recovery.reset_password(session, clock=clock, token=token, password_hash="new")


def invite(database: Database, clock: FakeClock, vault: Vault, *roles: Role) -> str:
    """Invite Nour and return the token."""
    with transaction(database) as session:
        made = invitations.invite(
            session,
            actor=SYSTEM,
            clock=clock,
            fields=vault.fields,
            secret=SECRET,
            id=new_id(),
            wanted=NewAccount(EMAIL, "Nour Aloui", "ar", "Asia/Jerusalem", roles),
        )
    return tokens.token_of(SECRET, TokenKind.INVITATION, made.id)


def test_an_invitation_is_taken_up_once(database: Database, clock: FakeClock, vault: Vault) -> None:
    first = invite(database, clock, vault, Role.PRACTITIONER)
    second = invite(database, clock, vault, Role.SUPERVISOR)
    errors: list[ClinicError] = []
    for token in (first, second, second):
        try:
            with transaction(database) as session:
                invitations.accept(
                    session,
                    clock=clock,
                    fields=vault.fields,
                    token=token,
                    password_hash="h",
                    profile=PROFILE,
                )
        except ClinicError as error:
            errors.append(error)
    assert [error.code for error in errors] == ["token_invalid", "token_invalid"]
    with snapshot(database) as session:
        assert session.scalars(select(AccountRole.role)).all() == [Role.SUPERVISOR]
    with pytest.raises(Conflict, match="email_taken"):
        invite(database, clock, vault, Role.RECEPTION)


def test_an_invitation_that_is_none_is_not_read(database: Database) -> None:
    with pytest.raises(NotFound), snapshot(database) as session:
        invitations.read_invitation(session, id=new_id())
