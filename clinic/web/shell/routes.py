"""Every page of the application, and the files it is made of."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    send_from_directory,
)
from werkzeug.wrappers import Response as BaseResponse

from clinic.access.actor import Actor
from clinic.errors import NotFound
from clinic.web.guards import public
from clinic.web.language import language
from clinic.web.runtime import maybe_actor, profile, runtime
from clinic.web.shell.boot import boot_data
from clinic.web.shell.frame import around, assets, build, compressed
from clinic.web.shell.matching import Frame, Page, home_of, page_for

_A_YEAR = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
# First segments that belong to programs: what is not there answers as a problem, not as a page.
_NOT_PAGES = frozenset({"api", "static", "calendar.ics", "healthz", "readyz", "metrics", "socket.io"})

# The page that shows who works here and when they are free; clinics may keep it for those who sign in.
_DIRECTORY = "/book"

pages = Blueprint("shell", __name__, template_folder="templates")


@pages.route("/static/app/<path:name>")
@public
def asset(name: str) -> Response:
    """Serve a built file, as small as the browser accepts it; names carry a hash and never change."""
    folder = assets().folder
    accepted = request.accept_encodings
    for encoding, suffix in _ENCODINGS:
        if encoding in accepted.values() and (folder / (name + suffix)).is_file():
            response = send_from_directory(folder, name + suffix, mimetype=_mimetype(name))
            response.headers["Content-Encoding"] = encoding
            break
    else:
        response = send_from_directory(folder, name)
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _A_YEAR if name.startswith("assets/") else "no-cache"
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
    if page is None or _is_closed(page.path, actor):
        return _elsewhere(here, actor)
    return compressed(_draw(page, here, actor))


def _elsewhere(here: str, actor: Actor | None) -> BaseResponse:
    exists = any(page.fits(here) for page in build().pages)
    if exists and actor is None:
        return redirect("/sign-in?" + urlencode({"next": request.full_path.rstrip("?")}))
    if exists and actor is not None and home_of(actor) != here:
        return redirect(home_of(actor))
    return Response(render_template("shell/missing.html", **around(Frame.PATIENT, here, actor)), status=404)


def _draw(page: Page, here: str, actor: Actor | None) -> str:
    lang = language()
    return render_template(
        "shell/page.html",
        title=page.title[lang],
        files=build().page_files(page.module, lang, at_work=actor is not None and actor.is_staff),
        boot=boot_data(runtime().settings, profile(), actor, lang, runtime().clock.now()),
        **around(page.frame, here, actor),
    )


def _is_closed(path: str, actor: Actor | None) -> bool:
    """Tell whether this clinic has no such page, or shows it to those only who are signed in."""
    if path.startswith("/demo/"):
        return not runtime().settings.demo
    return path == _DIRECTORY and actor is None and profile().closed_directory
