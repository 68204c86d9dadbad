"""Which page a path shows to whom; the same rule as the browser (frontend/src/lib/router/match.ts)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from clinic.access.actor import STAFF, Actor, Role


class Who(StrEnum):
    """Whom a page is for."""

    ANYONE = "anyone"
    SIGNED_OUT = "signed-out"
    SIGNED_IN = "signed-in"
    PATIENT = "patient"
    GUARDIAN = "guardian"
    PRACTITIONER = "practitioner"
    RECEPTION = "reception"
    CLINIC_ADMIN = "clinic_admin"
    OVERSIGHT = "oversight"
    STAFF = "staff"


class Frame(StrEnum):
    """What stands around a page."""

    PATIENT = "patient"
    STAFF = "staff"
    BARE = "bare"


_ANY_OF: Mapping[Who, frozenset[Role]] = {
    Who.PATIENT: frozenset({Role.PATIENT, Role.GUARDIAN}),
    Who.GUARDIAN: frozenset({Role.GUARDIAN}),
    Who.PRACTITIONER: frozenset({Role.PRACTITIONER, Role.SUPERVISOR}),
    Who.RECEPTION: frozenset({Role.RECEPTION, Role.CLINIC_ADMIN}),
    Who.CLINIC_ADMIN: frozenset({Role.CLINIC_ADMIN}),
    Who.OVERSIGHT: frozenset({Role.PRIVACY_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR}),
    Who.STAFF: STAFF,
}
_HOMES: tuple[tuple[frozenset[Role], str], ...] = (
    (frozenset({Role.PATIENT, Role.GUARDIAN}), "/"),
    (frozenset({Role.PRACTITIONER, Role.SUPERVISOR}), "/today"),
    (frozenset({Role.CLINIC_ADMIN}), "/overview"),
    (frozenset({Role.RECEPTION}), "/calendar"),
    (frozenset({Role.PRIVACY_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR}), "/desk"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """One row of the frontend's table of pages."""

    path: str
    who: Who
    frame: Frame
    module: str
    title: Mapping[str, str]

    @classmethod
    def of(cls, row: Mapping[str, object]) -> Page:
        """Read a row of `shell.json`."""
        return cls(
            path=str(row["path"]),
            who=Who(str(row["who"])),
            frame=Frame(str(row["frame"])),
            module=str(row["module"]),
            title=cast(Mapping[str, str], row["title"]),
        )

    def fits(self, path: str) -> bool:
        """Tell whether `path` is one of this page's; `:name` stands for one segment."""
        given = (path.rstrip("/") or "/").split("/")
        wanted = self.path.split("/")
        return len(wanted) == len(given) and all(
            want == have or want.startswith(":") for want, have in zip(wanted, given, strict=True)
        )

    def admits(self, actor: Actor | None) -> bool:
        """Tell whether the page is meant for `actor`; the data in it has its own guards."""
        if self.who is Who.ANYONE:
            return True
        if self.who is Who.SIGNED_OUT:
            return actor is None
        if actor is None:
            return False
        return self.who is Who.SIGNED_IN or actor.has(*_ANY_OF[self.who])


def page_for(pages: Iterable[Page], path: str, actor: Actor | None) -> Page | None:
    """Return the first page at `path` that is meant for `actor`."""
    return next((page for page in pages if page.fits(path) and page.admits(actor)), None)


def home_of(actor: Actor) -> str:
    """Return the path where `actor` starts; settings for those without a page of their own."""
    return next((path for roles, path in _HOMES if actor.has(*roles)), "/settings")
