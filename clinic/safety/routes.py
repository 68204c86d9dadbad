"""The crisis page, drawn by the server alone, and the same numbers for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint as PageBlueprint
from flask import Response, render_template, request

from clinic.safety import queries
from clinic.safety.rules.helplines import Helpline, Kind, Region, oldest_check, region_of
from clinic.safety.schemas import HelplinePage
from clinic.web.blueprint import Blueprint
from clinic.web.guards import public
from clinic.web.language import language
from clinic.web.paging import Page, part
from clinic.web.runtime import maybe_actor, profile, runtime
from clinic.web.schema import ShortListQuery
from clinic.web.shell.frame import around, compressed
from clinic.web.shell.matching import Frame
from clinic.web.shell.texts import texts

blueprint = Blueprint("safety", __name__, description="Help in danger")
pages = PageBlueprint("crisis", __name__, template_folder="templates")
_TEXTS = Path(__file__).parent / "texts"


@blueprint.route("/crisis", methods=["GET"])
@public
@blueprint.arguments(ShortListQuery, location="query")
@blueprint.response(200, HelplinePage)
def numbers(query: dict[str, Any]) -> Page[dict[str, object]]:
    """List the numbers to call in danger, for every region."""
    lang = language()
    lines = [_shown(line, lang) for line in queries.helplines(runtime().settings.data_dir)]
    return part(lines, query, lambda line: (line["region"], line["number"]))


@pages.route("/crisis")
@public
def crisis() -> Response:
    """Draw the page; it needs no sign-in, no script and leaves nothing in the file."""
    lang = language()
    clinic = profile()
    place = _place(request.args.get("place"), clinic.tz)
    lines = [line for line in queries.helplines(runtime().settings.data_dir) if line.region is place]
    html = render_template(
        "safety/crisis.html",
        c=texts(lang, _TEXTS),
        place=place,
        places=list(Region),
        danger=[_shown(line, lang) for line in lines if line.kind is Kind.DANGER],
        talk=[_shown(line, lang) for line in lines if line.kind is Kind.TALK],
        clinic_phone=clinic.phone,
        checked=oldest_check(lines),
        **around(Frame.PATIENT, "/crisis", maybe_actor()),
    )
    return compressed(html)


def _place(asked: str | None, tz: str) -> Region:
    return Region(asked) if asked in set(Region) else region_of(tz)


def _shown(line: Helpline, lang: str) -> dict[str, object]:
    return {
        "region": line.region.value,
        "kind": line.kind.value,
        "name": line.name[lang],
        "number": line.number,
        "hours": line.hours[lang],
        "languages": list(line.languages),
        "last_checked": line.last_checked,
    }
