"""Every page of the application, and the files it is made of."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    send_from_directory,
)
from werkzeug.wrappers import Response as BaseResponse

from clinic.access.actor import Actor
from clinic.errors import NotFound
from clinic.web.guards import public
from clinic.web.headers import style_nonce
from clinic.web.language import direction, language
from clinic.web.runtime import maybe_actor, runtime
from clinic.web.shell import chrome
from clinic.web.shell.assets import Assets, Build
from clinic.web.shell.boot import boot_data
from clinic.web.shell.matching import Frame, Page, home_of, page_for
from clinic.web.shell.texts import texts

_KEY = "clinic.shell"
_A_YEAR = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
# First segments that belong to programs: what is not there answers as a problem, not as a page.
_NOT_PAGES = frozenset({"api", "static", "calendar.ics", "healthz", "readyz", "metrics", "socket.io"})

pages = Blueprint("shell", __name__, template_folder="templates")


def install(app: Flask, assets: Assets) -> None:
    """Give `app` its assets and the templates what they all need."""
    app.extensions[_KEY] = assets
    app.context_processor(frame_context)


def build() -> Build:
    """Return the frontend build of the current application."""
    return cast(Assets, current_app.extensions[_KEY]).build()


def frame_context() -> dict[str, object]:
    """Return what the frame of any server-rendered page needs."""
    lang = language()
    return {
        "lang": lang,
        "dir": direction(lang),
        "s": texts(lang),
        "languages": runtime().settings.clinic_languages,
        "nonce": style_nonce(),
        "clinic_name": texts(lang)["brand"],
        "build": build(),
    }


@pages.route("/static/app/<path:name>")
@public
def asset(name: str) -> Response:
    """Serve a built file, as small as the browser accepts it; names carry a hash and never change."""
    folder = cast(Assets, current_app.extensions[_KEY]).folder
    accepted = request.accept_encodings
    for encoding, suffix in _ENCODINGS:
        if encoding in accepted.values() and (folder / (name + suffix)).is_file():
            response = send_from_directory(folder, name + suffix, mimetype=_mimetype(name))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_from_directory(folder, name)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _A_YEAR
    return response


def _mimetype(name: str) -> str:
    kinds = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "json": "application/json"}
    return kinds.get(name.rsplit(".", 1)[-1], "application/octet-stream")


@pages.route("/")
@pages.route("/<path:path>")
@public
def show(path: str = "") -> BaseResponse:
    """Draw the page at `path` for whoever asks; its data has guards of its own."""
    if path.split("/", 1)[0] in _NOT_PAGES:
        raise NotFound
    here = "/" + path
    actor = maybe_actor()
    page = page_for(build().pages, here, actor)
    return Response(_draw(page, here, actor)) if page else _elsewhere(here, actor)


def _elsewhere(here: str, actor: Actor | None) -> BaseResponse:
    exists = any(page.fits(here) for page in build().pages)
    if exists and actor is None:
        return redirect("/sign-in?" + urlencode({"next": request.full_path.rstrip("?")}))
    if exists and actor is not None and home_of(actor) != here:
        return redirect(home_of(actor))
    return Response(render_template("shell/missing.html", **_frame(Frame.PATIENT, here, actor)), status=404)


def _draw(page: Page, here: str, actor: Actor | None) -> str:
    lang = language()
    return render_template(
        "shell/page.html",
        title=page.title[lang],
        files=build().files(page.module, f"virtual:catalog/{lang}"),
        boot=boot_data(runtime().settings, actor, lang),
        **_frame(page.frame, here, actor),
    )


def _frame(frame: Frame, here: str, actor: Actor | None) -> dict[str, object]:
    return {
        "frame": frame.value,
        "here": here,
        "signed_in": actor is not None,
        "entries": chrome.entries(frame, build().pages, actor),
        "is_current": chrome.is_current,
    }
