"""The language of a request: asked for in the URL, kept in a cookie, the account's, the browser's."""

from __future__ import annotations

from flask import Flask, Response, g, has_request_context, request

from clinic.access.actor import Actor
from clinic.web.runtime import profile, runtime

COOKIE = "lang"
RIGHT_TO_LEFT = frozenset({"ar"})


def language() -> str:
    """Return `ar`, `fr` or `en`, always one that the clinic serves."""
    offered = profile().languages
    if not has_request_context():
        return offered[0]
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted in offered:
            return wanted
    who = g.get("actor")  # not asked for here: an error that is told must not ask the database
    if isinstance(who, Actor) and who.language in offered:
        return who.language
    return request.accept_languages.best_match(offered, default=offered[0]) or offered[0]


def direction(lang: str) -> str:
    """Return `rtl` or `ltr`."""
    return "rtl" if lang in RIGHT_TO_LEFT else "ltr"


def register(app: Flask) -> None:
    """Keep the language that a URL asks for."""

    @app.after_request
    def keep_language(response: Response) -> Response:
        wanted = request.args.get("lang")
        if wanted and wanted != request.cookies.get(COOKIE) and wanted in profile().languages:
            response.set_cookie(
                COOKIE,
                wanted,
                max_age=365 * 86_400,
                samesite="Lax",
                httponly=True,
                secure=runtime().settings.secure_cookies,
            )
        return response
