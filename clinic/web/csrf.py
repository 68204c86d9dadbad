"""Cross-site requests change nothing: a token bound to the session, and the browser's own word.

Browsers send Sec-Fetch-Site (or at least Origin) with every state-changing request; a script sends
neither, and has no cookie of a victim to ride on.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import request

from clinic.access.actor import Actor
from clinic.errors import Denied
from clinic.ids import SessionId
from clinic.web.runtime import maybe_actor, runtime

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGN_IN = ("POST", "/api/v1/session")


def csrf_token(secret: bytes, session_id: SessionId) -> str:
    """Return the token that state-changing requests of this session carry."""
    return hmac.new(secret, b"csrf|" + session_id.bytes, hashlib.sha256).hexdigest()


def refuse_cross_site() -> None:
    """Refuse a state-changing request that another site sent or that lacks the session's token."""
    if request.method in _SAFE:
        return
    if not _same_origin():
        raise Denied("cross_site")
    if (request.method, request.path) == _SIGN_IN:
        return  # a password proves more than the token, and the page may be older than the session
    signed_in = maybe_actor()
    if signed_in is not None and not _token_matches(signed_in):
        raise Denied("csrf_token")


def _same_origin() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == runtime().settings.origin


def _token_matches(actor: Actor) -> bool:
    if actor.session_id is None:
        return False
    given = request.headers.get("X-CSRF-Token", "")
    return hmac.compare_digest(
        given.encode(), csrf_token(runtime().settings.secret_key, actor.session_id).encode()
    )
