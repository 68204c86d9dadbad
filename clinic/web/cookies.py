"""The session cookie: its name and flags come from the settings and never from the request."""

from __future__ import annotations

from flask import Response

from clinic.config import Settings


def session_cookie_name(settings: Settings) -> str:
    """Return `__Host-sid`, or plain `sid` where BASE_URL is http on loopback."""
    return "__Host-sid" if settings.secure_cookies else "sid"


def set_session_cookie(response: Response, settings: Settings, token: str) -> None:
    """Hand the session token to the browser; scripts cannot read it, and it ends with the browser."""
    response.set_cookie(
        session_cookie_name(settings),
        token,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def clear_session_cookie(response: Response, settings: Settings) -> None:
    """Take the session token back, and the pages that the browser kept; sealed drafts stay."""
    response.delete_cookie(
        session_cookie_name(settings), secure=settings.secure_cookies, httponly=True, samesite="Lax", path="/"
    )
    response.headers["Clear-Site-Data"] = '"cache"'
