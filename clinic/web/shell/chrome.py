"""The navigation around a page: what stands in it depends on the roles and on the pages that exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clinic.access.actor import Actor
from clinic.web.shell.matching import Frame, Page, page_for


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation.

    `text` is a key of the shell's texts, `count` names its live number, `under` are further paths whose pages
    belong to it.
    """

    path: str
    icon: str
    text: str
    count: str | None = None
    under: tuple[str, ...] = ()


_PATIENT = (
    Entry("/", "home", "home"),
    Entry("/visits", "calendar", "visits", under=("/wait",)),
    Entry("/messages", "message", "messages", "messages"),
    Entry("/privacy", "shield", "my_privacy"),
    Entry("/family", "users", "family"),
)
_STAFF = (
    Entry("/today", "home", "today", "arrivals"),
    Entry("/overview", "leaf", "overview"),
    Entry("/desk", "home", "desk"),
    Entry("/calendar", "calendar", "calendar", under=("/series", "/clock-changes")),
    Entry("/arrivals", "done", "arrivals", "desk"),
    Entry("/waitlist", "wait", "waitlist", "waitlist"),
    Entry("/on-call", "bell", "on_call", "urgent"),
    Entry("/hours", "clock", "hours"),
    Entry("/patients", "users", "patients", under=("/notes",)),
    Entry("/groups", "circle", "groups"),
    Entry("/deliveries", "message", "deliveries"),
    Entry("/team", "user", "team"),
    Entry("/sites", "pin", "places", under=("/services",)),
    Entry("/clinic", "building", "clinic"),
    Entry("/to-sign", "pen", "to_sign", "to-sign"),
)


def entries(frame: Frame, pages: Iterable[Page], actor: Actor | None) -> list[Entry]:
    """Return the links for `actor`, those only whose page exists and is meant for them."""
    if actor is None or frame is Frame.BARE:
        return []
    offered = _PATIENT if frame is Frame.PATIENT else _STAFF
    known = tuple(pages)
    return [entry for entry in offered if page_for(known, entry.path, actor) is not None]


def is_current(entry: Entry, path: str) -> bool:
    """Tell whether `path` lies at or below `entry`."""
    return any(
        path == top or (top != "/" and path.startswith(top + "/")) for top in (entry.path, *entry.under)
    )
