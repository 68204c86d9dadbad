"""Becoming known to the clinic: by oneself, by invitation, and again after a forgotten password.

Whoever is asked for, the answer is the same and takes as long: the password is hashed in any case.
"""

from __future__ import annotations

from typing import Any

from clinic.access.permissions import Permission
from clinic.errors import TooMany
from clinic.identity.models import TokenKind
from clinic.identity.parts import passwords
from clinic.identity.rules.contacts import checked_email, email_key
from clinic.identity.rules.passwords import checked_password
from clinic.identity.schemas.registration import (
    AcceptanceIn,
    AccountOut,
    InvitationIn,
    InvitationOut,
    NothingOut,
    RegistrationIn,
    ResetIn,
    ResetRequestIn,
    TokenIn,
)
from clinic.identity.services import invitations, patient_invitations, recovery, registration, tokens
from clinic.identity.services.accounts import NewAccount
from clinic.ids import AccountId
from clinic.web import idempotency
from clinic.web.blueprint import Blueprint
from clinic.web.guards import public, requires
from clinic.web.limits import caller, limits
from clinic.web.runtime import actor, profile, runtime, snapshot, transaction

bp = Blueprint("registration", __name__, description="Becoming known to the clinic")


@bp.route("/registrations", methods=["POST"])
@public
@bp.arguments(RegistrationIn)
@bp.response(202, NothingOut)
def register(body: dict[str, Any]) -> dict[str, object]:
    """Ask for an account; the address is told what came of it, the caller is not."""
    parts, email = runtime(), checked_email(body["email"])
    _limit_mail("registration", email)
    encoded = passwords().hash(checked_password(body["password"], email=email))
    with transaction() as session:
        registration.register(
            session,
            clock=parts.clock,
            fields=parts.vault.fields,
            secret=parts.settings.secret_key,
            wanted=registration.Registration(
                email, body["name"], body["language"], profile().tz, body["birth_date"]
            ),
            password_hash=encoded,
        )
    return {}


@bp.route("/registrations/verify", methods=["POST"])
@public
@bp.arguments(TokenIn)
@bp.response(204)
def verify(body: dict[str, str]) -> None:
    """Prove with the token of the letter that one reads the address's mail."""
    _limit_tokens()
    with transaction() as session:
        registration.verify(session, clock=runtime().clock, token=body["token"])


@bp.route("/password-resets", methods=["POST"])
@public
@bp.arguments(ResetRequestIn)
@bp.response(202, NothingOut)
def request_reset(body: dict[str, str]) -> dict[str, object]:
    """Ask for a new password; the address is told, the caller is not, nor that it has letters enough."""
    parts, email = runtime(), email_key(body["email"])
    _limit_caller("reset")
    try:
        _limit_letters("reset", email)
    except TooMany:
        return {}
    with transaction() as session:
        recovery.request_reset(
            session,
            clock=parts.clock,
            secret=parts.settings.secret_key,
            email_index=parts.vault.fields.index("email", email),
        )
    return {}


@bp.route("/password-resets/confirm", methods=["POST"])
@public
@bp.arguments(ResetIn)
@bp.response(204)
def reset_password(body: dict[str, str]) -> None:
    """Set a new password with the token of the letter; every session of the account ends."""
    encoded = _hash_for(TokenKind.PASSWORD_RESET, body["token"], body["password"])
    with transaction() as session:
        recovery.reset_password(session, clock=runtime().clock, token=body["token"], password_hash=encoded)


@bp.route("/invitations", methods=["POST"])
@requires(Permission.INVITE, step_up=True)
@bp.arguments(InvitationIn)
@bp.response(201, InvitationOut)
def invite(body: dict[str, Any]) -> invitations.Invitation:
    """Invite somebody to work here; an earlier invitation to the address is void."""
    parts, who = runtime(), actor()
    wanted = NewAccount(
        checked_email(body["email"]),
        body["name"],
        body["language"],
        profile().tz,
        tuple(body["roles"] or (body["role"],)),
    )
    with transaction() as session:
        claim = idempotency.claim(
            session,
            actor=who,
            clock=parts.clock,
            secret=parts.settings.secret_key,
            route="invitations",
            payload=body,
        )
        if claim.replayed:
            return invitations.read_invitation(session, id=claim.id)
        return invitations.invite(
            session,
            actor=who,
            clock=parts.clock,
            fields=parts.vault.fields,
            secret=parts.settings.secret_key,
            id=claim.id,
            wanted=wanted,
        )


@bp.route("/invitations/<string:token>/accept", methods=["POST"])
@public
@bp.arguments(AcceptanceIn)
@bp.response(201, AccountOut)
def accept(body: dict[str, Any], token: str) -> dict[str, object]:
    """Take an invitation up with a password of one's own."""
    parts = runtime()
    _limit_tokens()
    with snapshot() as session:
        on_file = patient_invitations.is_one(session, token=token)
    if on_file:
        return {"id": _accept_on_file(token, body["password"])}
    encoded = _hash_for(TokenKind.INVITATION, token, body["password"])
    told = invitations.Profile(
        body["profession"],
        body["gender"],
        invitations.several(body["languages"]),
        invitations.several(body["specialties"]),
    )
    with transaction() as session:
        account_id = invitations.accept(
            session,
            clock=parts.clock,
            fields=parts.vault.fields,
            token=token,
            password_hash=encoded,
            profile=told,
        )
    return {"id": account_id}


def _accept_on_file(token: str, password: str) -> AccountId:
    """Let somebody on file have an account for it."""
    parts, encoded = runtime(), passwords().hash(checked_password(password))
    with transaction() as session:
        return patient_invitations.accept(
            session,
            clock=parts.clock,
            fields=parts.vault.fields,
            token=token,
            password_hash=encoded,
            tz=profile().tz,
        )


def _hash_for(kind: TokenKind, token: str, password: str) -> str:
    """Return the hash of a new password; nothing is hashed for who has no token."""
    _limit_tokens()
    checked_password(password)
    with snapshot() as session:
        tokens.check(session, clock=runtime().clock, kind=kind, token=token)
    return passwords().hash(password)


def _limit_mail(act: str, email: str) -> None:
    """Limit what makes the clinic write letters: few to one address, more from one network."""
    _limit_caller(act)
    _limit_letters(act, email)


def _limit_caller(act: str) -> None:
    limits().hit(f"{act}.address", "200/hour", caller())


def _limit_letters(act: str, email: str) -> None:
    index = runtime().vault.fields.index("email", email_key(email)).hex()
    limits().hit(f"{act}.email", "5/hour", index)


def _limit_tokens() -> None:
    limits().hit("token", "100/minute", caller())
