"""Signing in and out, proving again, and the list of one's own sessions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Response, after_this_request, request

from clinic.access.permissions import Permission
from clinic.errors import Unauthenticated
from clinic.identity import queries
from clinic.identity.parts import passwords
from clinic.identity.rules.contacts import email_key
from clinic.identity.rules.sessions import expires_at
from clinic.identity.schemas.sessions import DevicePage, SessionOut, SignInIn, StepUpIn, StepUpOut
from clinic.identity.services import people, sessions
from clinic.identity.services.proof import Attempt, Proof, prove
from clinic.web.blueprint import Blueprint
from clinic.web.cookies import clear_session_cookie, session_cookie_name, set_session_cookie
from clinic.web.csrf import csrf_token
from clinic.web.guards import public, requires
from clinic.web.limits import caller, limits
from clinic.web.paging import Page, part
from clinic.web.runtime import actor, forget_actor, maybe_actor, runtime, snapshot, transaction
from clinic.web.schema import ShortListQuery

bp = Blueprint("sessions", __name__, description="Signing in and out")


@bp.route("/session", methods=["POST"])
@public
@bp.arguments(SignInIn)
@bp.response(200, SessionOut)
def sign_in(body: dict[str, str]) -> dict[str, object]:
    """Begin a session; the token travels in the cookie only."""
    index = runtime().vault.fields.index("email", email_key(body["email"]))
    with snapshot() as session:
        known = queries.account_by_email(session, index=index)
        account_id, encoded = (known.id, known.password_hash) if known else (None, None)
    proof = _prove(index.hex(), encoded, body["password"])
    with transaction() as session:
        opened = sessions.open_session(
            session,
            account_id=account_id,
            proof=proof,
            clock=runtime().clock,
            user_agent=request.headers.get("User-Agent", ""),
            replacing=_token(),
        )
    _hand_over(opened.token)
    return _describe(opened.token)


@bp.route("/session", methods=["GET"])
@public
@bp.response(200, SessionOut)
def read_session() -> dict[str, object]:
    """Tell who is signed in and until when; asking does not put the idle limit off."""
    return _describe(_token())


@bp.route("/session", methods=["DELETE"])
@public
@bp.response(204)
def sign_out() -> None:
    """End the session, if there is one, and clear the browser of it."""
    token, who = _token(), maybe_actor()
    if token is not None:
        with transaction() as session:
            sessions.sign_out(session, actor=who, token=token, clock=runtime().clock)
    forget_actor()
    after_this_request(_clear)


@bp.route("/session/step-up", methods=["POST"])
@requires(Permission.SESSION_STEP_UP)
@bp.arguments(StepUpIn)
@bp.response(200, StepUpOut)
def step_up(body: dict[str, str]) -> dict[str, object]:
    """Prove again who is signed in, for ten minutes."""
    who = actor()
    with snapshot() as session:
        encoded = queries.password_hash(session, account_id=who.account_id)
    proof = _prove(who.account_id.hex, encoded, body["password"])
    with transaction() as session:
        until = sessions.step_up(session, actor=who, proof=proof, clock=runtime().clock)
    return {"stepped_up_until": until}


@bp.route("/me/sessions", methods=["GET"])
@requires(Permission.SESSION_OWN)
@bp.arguments(ShortListQuery, location="query")
@bp.response(200, DevicePage)
def list_sessions(query: dict[str, Any]) -> Page[dict[str, Any]]:
    """List the browsers that are signed in to one's account."""
    who = actor()
    with snapshot() as session:
        devices = queries.live_devices(session, account_id=who.account_id, now=runtime().clock.now())
    shown = [{**asdict(device), "current": device.id == who.session_id} for device in devices]
    return part(shown, query, lambda device: device["id"])


@bp.route("/me/sessions/<uuid:session_id>", methods=["DELETE"])
@requires(Permission.SESSION_OWN)
@bp.response(204)
def end_session(session_id: UUID) -> None:
    """Sign one of one's own browsers out."""
    with transaction() as session:
        sessions.end_own(session, actor=actor(), session_id=session_id, clock=runtime().clock)


def _token() -> str | None:
    return request.cookies.get(session_cookie_name(runtime().settings))


def _prove(account: str, encoded: str | None, password: str) -> Proof:
    attempt = Attempt(account, caller())
    return prove(attempt, encoded=encoded, password=password, passwords=passwords(), limits=limits())


def _describe(token: str | None) -> dict[str, object]:
    """Return the session of `token` as it stands; raises Unauthenticated when it is none."""
    parts = runtime()
    who = parts.actors.load(token, touch=False) if token else None
    if who is None or who.session_id is None:
        raise Unauthenticated("signed_out")
    with snapshot() as session:
        return {
            "user": people.user_of(session, actor=who, fields=runtime().vault.fields),
            "csrf_token": csrf_token(parts.settings.secret_key, who.session_id),
            "needs": [],
            "expires_at": expires_at(queries.session_times(session, session_id=who.session_id)),
            "confined_to": who.confined_to,
        }


def _hand_over(token: str) -> None:
    """Put `token` on the response and forget whom the old cookie named."""
    forget_actor()

    @after_this_request
    def hand_over(response: Response) -> Response:
        set_session_cookie(response, runtime().settings, token)
        return response


def _clear(response: Response) -> Response:
    clear_session_cookie(response, runtime().settings)
    return response
