"""`clinic users ...`: the first administrator, and shutting somebody out, from the machine itself."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from sqlalchemy.orm import Session

from clinic.access.actor import STAFF, SYSTEM, Role
from clinic.audit import SESSION_KEY, AuditKeys
from clinic.clock import Clock, SystemClock
from clinic.config import Settings
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import ClinicError
from clinic.identity import queries
from clinic.identity.models import TokenKind
from clinic.identity.rules.contacts import checked_email, email_key
from clinic.identity.services import accounts, invitations
from clinic.identity.services.accounts import NewAccount
from clinic.identity.services.tokens import token_of
from clinic.ids import new_id
from clinic.vault import Vault, build_vault
from clinic.web.problems import sentence


@dataclass(frozen=True, slots=True)
class _Desk:
    session: Session
    vault: Vault
    clock: Clock


@click.group("users")
def users() -> None:
    """Look after who can sign in; patients register themselves or at the desk."""


@users.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option(
    "--role",
    required=True,
    type=click.Choice([role.value for role in sorted(STAFF)]),
    help="What they are here.",
)
@click.option("--language", type=click.Choice(("ar", "fr", "en")), default="ar", show_default=True)
@click.pass_obj
def invite(settings: Settings, email: str, name: str, role: str, language: str) -> None:
    """Invite somebody to work here; prints the link that the letter has too, good for seven days."""
    with _desk(settings) as desk:
        wanted = NewAccount(checked_email(email), name, language, settings.clinic_tz, (Role(role),))
        made = invitations.invite(
            desk.session,
            actor=SYSTEM,
            clock=desk.clock,
            fields=desk.vault.fields,
            secret=settings.secret_key,
            id=new_id(),
            wanted=wanted,
        )
    token = token_of(settings.secret_key, TokenKind.INVITATION, made.id)
    click.echo(f"{settings.base_url}/invitation#{token}")


@users.command("list")
@click.pass_obj
def list_staff(settings: Settings) -> None:
    """List who works here: e-mail address, state and roles. Patients are not listed."""
    with _desk(settings) as desk:
        for account in queries.staff(desk.session):
            sealed = account.email_sealed
            email = desk.vault.fields.open(account.id, "account.email", sealed) if sealed else "-"
            click.echo(
                f"{email}  {account.status}  {','.join(sorted(entry.role for entry in account.roles))}"
            )


@users.command("disable")
@click.argument("email")
@click.pass_obj
def disable(settings: Settings, email: str) -> None:
    """Shut an account out: its sessions end now and it cannot sign in again."""
    with _desk(settings) as desk:
        index = desk.vault.fields.index("email", email_key(email))
        accounts.disable(desk.session, actor=SYSTEM, clock=desk.clock, email_index=index)
    click.echo("disabled")


@contextmanager
def _desk(settings: Settings) -> Iterator[_Desk]:
    """Open the clinic for one act; what it refuses is said in a sentence."""
    clock = SystemClock()
    vault = build_vault(settings, clock)
    database = Database(settings.database_url, info={SESSION_KEY: AuditKeys.of(vault)})
    try:
        with transaction(database) as session:
            yield _Desk(session, vault, clock)
    except ClinicError as error:
        sys.exit(f"clinic: {sentence(error.code, 'en')}")
    finally:
        database.dispose()
        vault.close()
