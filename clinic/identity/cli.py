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
from clinic.errors import ClinicError, Conflict, NotFound
from clinic.identity import queries
from clinic.identity.models import TokenKind
from clinic.identity.rules.contacts import checked_email, email_key
from clinic.identity.services import accounts, invitations, staffing
from clinic.identity.services.accounts import NewAccount
from clinic.identity.services.clinic_profile import read_profile
from clinic.identity.services.tokens import token_of
from clinic.ids import new_id
from clinic.vault import Vault, build_vault
from clinic.web.problems import sentence
from clinic.web.profile import profile_from


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
        link = _invite(desk, settings, email, name, Role(role), language)
    click.echo(link)


@users.command("create-admin")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--language", type=click.Choice(("ar", "fr", "en")), default="ar", show_default=True)
@click.pass_obj
def create_admin(settings: Settings, email: str, name: str, language: str) -> None:
    """Invite who is to set up the clinic; refused once it has an administrator, who invites others."""
    with _desk(settings) as desk:
        if staffing.admins(desk.session):
            raise Conflict("admin_exists")
        link = _invite(desk, settings, email, name, Role.CLINIC_ADMIN, language)
    click.echo(f"{link}\nOpen this link within seven days, choose a password and set up the clinic.")


@users.command("grant")
@click.argument("email")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in sorted(STAFF)]), help="The new role."
)
@click.pass_obj
def grant(settings: Settings, email: str, role: str) -> None:
    """Give somebody who works here one more role: the way for who works alone and may not raise themself.

    Those who administer the clinic or guard privacy are written to.
    """
    with _desk(settings) as desk:
        index = desk.vault.fields.index("email", email_key(email))
        account = queries.account_by_email(desk.session, index=index)
        if account is None:
            raise NotFound
        changed = staffing.change_roles(
            desk.session,
            actor=SYSTEM,
            clock=desk.clock,
            fields=desk.vault.fields,
            account_id=account.id,
            roles=frozenset({Role(role), *(entry.role for entry in account.roles)}),
            version=None,
        )
        roles = sorted(entry.role for entry in changed.roles)
    click.echo(",".join(roles))


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


def _invite(desk: _Desk, settings: Settings, email: str, name: str, role: Role, language: str) -> str:
    """Invite somebody and return the link that the letter has too."""
    tz = read_profile(desk.session, otherwise=profile_from(settings)).profile.tz
    made = invitations.invite(
        desk.session,
        actor=SYSTEM,
        clock=desk.clock,
        fields=desk.vault.fields,
        secret=settings.secret_key,
        id=new_id(),
        wanted=NewAccount(checked_email(email), name, language, tz, (role,)),
    )
    return f"{settings.base_url}/invitation#{token_of(settings.secret_key, TokenKind.INVITATION, made.id)}"


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
