"""Every page of the table, in three languages, wide and at 320 px.

In Arabic each is opened by its address and in dark colours, in the others by a link in the page before.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import ROOT, Watch, accessibility_faults, overflows

_TABLE = ROOT / "clinic/web/shell/static/app/shell.json"
_AUDIENCE: dict[str | None, tuple[str, ...]] = {
    None: ("anyone", "signed-out"),
    "patient": ("patient", "signed-in"),
    "guardian": ("guardian",),
    "therapist": ("practitioner", "staff"),
    "reception": ("reception", "staff"),
    "manager": ("clinic_admin",),
}
# Paths with an id: the list that a first id is taken from.
_IDS = {
    **dict.fromkeys(("/visits/:id", "/visits/:id/details", "/visits/:id/move"), "/appointments"),
    "/room/:id": "/appointments",
    "/patients/:id": "/patients",
    "/team/:id": "/staff",
    "/sites/:id": "/sites",
    "/services/:id": "/services",
    "/groups/:id": "/groups",
}
_FIRST_ID = """async (path) => {
  const answer = await fetch(`/api/v1${path}?limit=1`);
  return answer.ok ? ((await answer.json()).items[0]?.id ?? null) : null;
}"""
_SERIES = """async () => {
  const answer = await fetch(`/api/v1/appointments?limit=200&from=${new Date().toISOString()}`);
  return (await answer.json()).items.find((visit) => visit.series_id)?.series_id ?? null;
}"""

_NEW = "#app > :not([data-before])"
_FOLLOW_LINK = """(address) => {
  if (address === location.pathname) return;
  const app = document.querySelector('#app');
  for (const part of app.children) part.dataset.before = '';
  const link = app.appendChild(document.createElement('a'));
  link.href = address;
  link.click();
  link.remove();
}"""


def _paths(audience: tuple[str, ...]) -> list[str]:
    table = json.loads(_TABLE.read_text("utf-8"))["routes"]
    return list(dict.fromkeys(row["path"] for row in table if row["who"] in audience))


def _address(page: Page, path: str) -> str | None:
    if ":" not in path:
        return path
    if path == "/series/:id":
        found = page.evaluate(_SERIES)
    else:
        found = page.evaluate(_FIRST_ID, _IDS[path]) if path in _IDS else None
    return path.replace(":id", found) if found else None


def _open(page: Page, address: str) -> None:
    page.goto(address)
    _settle(page)


def _follow(page: Page, address: str) -> None:
    page.evaluate(_FOLLOW_LINK, address)
    _settle(page)


def _settle(page: Page) -> None:
    page.wait_for_selector(f"{_NEW} h1, {_NEW} [data-test], {_NEW}[data-test]", state="attached")
    page.wait_for_selector("[aria-busy=true]", state="detached")


def _faults(page: Page, address: str) -> list[str]:
    found = [f"{address} {fault}" for fault in accessibility_faults(page)]
    page.set_viewport_size({"width": 320, "height": 640})
    if overflows(page):
        found.append(f"{address} is wider than 320 px")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
@pytest.mark.parametrize("person", list(_AUDIENCE), ids=lambda person: person or "stranger")
def test_every_page_is_accessible_and_keeps_to_its_policy(
    open_page: OpenPage, person: str | None, lang: str
) -> None:
    page = open_page(person, lang)
    watch = Watch(page)
    page.emulate_media(color_scheme="dark" if lang == "ar" else "light")
    page.goto(f"/?lang={lang}")
    arrive = _open if lang == "ar" else _follow
    faults = []
    for path in _paths(_AUDIENCE[person]):
        if address := _address(page, path):
            arrive(page, address)
            faults += _faults(page, address)
    assert faults + watch.complaints == []


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_urgent_help_is_accessible_without_script(open_page: OpenPage, lang: str) -> None:
    page = open_page(None, lang)
    watch = Watch(page)
    page.goto(f"/crisis?lang={lang}")
    assert page.locator("[data-test=crisis-number]").count() >= 3
    assert _faults_of_a_plain_page(page) + watch.complaints == []


def _faults_of_a_plain_page(page: Page) -> list[str]:
    found = accessibility_faults(page)
    page.set_viewport_size({"width": 320, "height": 640})
    return [*found, "wider than 320 px"] if overflows(page) else found
