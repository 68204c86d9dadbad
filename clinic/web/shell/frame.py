"""What stands around any server-drawn page, the crisis page of a higher slice included."""

from __future__ import annotations

import gzip
from typing import cast

from flask import Flask, Response, current_app, request

from clinic.access.actor import Actor
from clinic.web.headers import style_nonce
from clinic.web.language import direction, language
from clinic.web.runtime import profile
from clinic.web.shell import chrome
from clinic.web.shell.assets import Assets, Build
from clinic.web.shell.matching import Frame
from clinic.web.shell.texts import brand, texts

_KEY = "clinic.shell"


def install(app: Flask, built: Assets) -> None:
    """Give `app` its assets and the templates what they all need."""
    app.extensions[_KEY] = built
    app.context_processor(frame_context)


def assets() -> Assets:
    """Return the built files of the current application."""
    return cast(Assets, current_app.extensions[_KEY])


def build() -> Build:
    """Return the frontend build of the current application."""
    return assets().build()


def frame_context() -> dict[str, object]:
    """Return what the frame of any server-drawn page needs."""
    lang = language()
    return {
        "lang": lang,
        "dir": direction(lang),
        "s": texts(lang),
        "brand_name": brand(profile(), lang),
        "languages": profile().languages,
        "nonce": style_nonce(),
        "build": build(),
    }


def around(frame: Frame, here: str, actor: Actor | None) -> dict[str, object]:
    """Return the template variables of `frame` around the page at `here`, for `actor`."""
    return {
        "frame": frame.value,
        "here": here,
        "signed_in": actor is not None,
        "entries": chrome.entries(frame, build().pages, actor),
        "is_current": chrome.is_current,
    }


def compressed(html: str) -> Response:
    """Return a page as small as the browser accepts it.

    Pages repeat nothing that a request brings, so that their length tells an eavesdropper nothing about
    the token in them (BREACH, 2013); answers of the API stay as they are.
    """
    response = Response(html)
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(gzip.compress(html.encode(), compresslevel=6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding, Cookie, Accept-Language"
    return response
