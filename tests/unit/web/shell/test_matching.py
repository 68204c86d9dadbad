"""Which page a path shows to whom."""

from __future__ import annotations

from uuid import UUID

import pytest

from clinic.access.actor import Actor, Role
from clinic.ids import AccountId
from clinic.web.shell.chrome import Entry, is_current
from clinic.web.shell.matching import Frame, Page, Who, home_of, page_for


def _page(path: str, who: Who, module: str = "x") -> Page:
    return Page(path=path, who=who, frame=Frame.PATIENT, module=module, title={"en": "X"})


def _actor(*roles: Role) -> Actor:
    return Actor(account_id=AccountId(UUID(int=1)), roles=frozenset(roles))


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/", "/", True),
        ("/visits/:id", "/visits/7", True),
        ("/visits/:id", "/visits/7/", True),
        ("/visits/:id", "/visits", False),
        ("/visits", "/visits/7", False),
        ("/book", "/books", False),
    ],
)
def test_a_name_after_a_colon_takes_one_segment(pattern: str, path: str, fits: bool) -> None:
    assert _page(pattern, Who.ANYONE).fits(path) is fits


def test_one_path_shows_different_people_different_pages() -> None:
    pages = [_page("/", Who.SIGNED_OUT, "public"), _page("/", Who.PATIENT, "home")]
    assert (found := page_for(pages, "/", None)) is not None
    assert found.module == "public"
    assert (found := page_for(pages, "/", _actor(Role.PATIENT))) is not None
    assert found.module == "home"
    assert page_for(pages, "/", _actor(Role.PRACTITIONER)) is None


@pytest.mark.parametrize(
    ("who", "role", "admitted"),
    [
        (Who.SIGNED_IN, None, False),
        (Who.SIGNED_IN, Role.AUDITOR, True),
        (Who.STAFF, Role.PATIENT, False),
        (Who.STAFF, Role.SYSTEM_ADMINISTRATOR, True),
        (Who.RECEPTION, Role.CLINIC_ADMIN, True),
        (Who.PRACTITIONER, Role.RECEPTION, False),
        (Who.PATIENT, Role.GUARDIAN, True),
        (Who.OVERSIGHT, Role.AUDITOR, True),
        (Who.OVERSIGHT, Role.PRACTITIONER, False),
    ],
)
def test_a_page_admits_those_it_is_for(who: Who, role: Role | None, admitted: bool) -> None:
    assert _page("/x", who).admits(_actor(role) if role else None) is admitted


def test_everybody_starts_somewhere() -> None:
    assert home_of(_actor(Role.PATIENT)) == "/"
    assert home_of(_actor(Role.PRACTITIONER)) == "/today"
    assert home_of(_actor(Role.CLINIC_ADMIN)) == "/overview"
    assert home_of(_actor(Role.RECEPTION)) == "/calendar"
    assert home_of(_actor(Role.AUDITOR)) == "/desk"
    assert home_of(_actor(Role.PRIVACY_OFFICER)) == "/desk"
    assert home_of(_actor(Role.SYSTEM_ADMINISTRATOR)) == "/desk"


def test_navigation_marks_where_one_is() -> None:
    assert is_current(Entry("/privacy", "shield", "x"), "/privacy/log")
    assert not is_current(Entry("/", "home", "x"), "/privacy")
    assert is_current(Entry("/", "home", "x"), "/")
    assert is_current(Entry("/calendar", "calendar", "x", under=("/series",)), "/series/1")
