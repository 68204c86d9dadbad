"""Reception moves visits in the calendar: by keyboard and by hand, in Arabic and French."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import Watch, accessibility_faults

# Books somebody into the first of three free times in a row, half an hour apart, some days ahead.
_BOOK = """async (skip) => {
  const csrf = JSON.parse(document.getElementById('boot').textContent).csrf_token;
  const read = async (path) => (await fetch(`/api/v1${path}`)).json();
  const service = (await read('/services')).items.find((one) => one.kind === 'follow_up');
  const from = new Date(Date.now() + skip * 86400000).toISOString();
  const slots = (await read(`/slots?service=${service.id}&modality=video&from=${from}&limit=200`)).items;
  const after = (slot, minutes) => slots.find((other) => other.practitioner === slot.practitioner
    && Date.parse(other.starts_at) - Date.parse(slot.starts_at) === minutes * 60000
    && other.local.slice(0, 10) === slot.local.slice(0, 10));
  const slot = slots.find((one) => after(one, 30) && after(one, 60));
  const people = (await read('/patients?limit=50')).items;
  for (const person of people) {
    const body = { service: service.id, practitioner: slot.practitioner, starts_at: slot.starts_at,
      modality: 'video', patient: person.id };
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf,
      'Idempotency-Key': crypto.randomUUID() };
    const answer = await fetch('/api/v1/appointments',
      { method: 'POST', body: JSON.stringify(body), headers });
    if (answer.ok) return { id: (await answer.json()).id, local: slot.local,
      half: after(slot, 30).local, hour: after(slot, 60).local };
  }
  return null;
}"""


# Puts the first who may onto the waitlist for the service of a visit.
_WAIT = """async (visit) => {
  const csrf = JSON.parse(document.getElementById('boot').textContent).csrf_token;
  const read = async (path) => (await fetch(`/api/v1${path}`)).json();
  const { service, patient: gone } = await read(`/appointments/${visit}`);
  for (const person of (await read('/patients?limit=50')).items.reverse()) {
    const body = { service, modality: 'video', patient: person.id, triage: 'urgent' };
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf,
      'Idempotency-Key': crypto.randomUUID() };
    if (person.id === gone) continue;
    const answer = await fetch('/api/v1/waitlist', { method: 'POST', body: JSON.stringify(body), headers });
    if (answer.ok) return (await answer.json()).id;
  }
  return null;
}"""


@dataclass(frozen=True, slots=True)
class _Visit:
    """A visit that was just booked, and the wall times half an hour and an hour later."""

    id: str
    local: str
    half: str
    hour: str


def _book(page: Page, days_ahead: int) -> _Visit:
    made: dict[str, Any] = page.evaluate(_BOOK, days_ahead)
    return _Visit(**made)


def _shown(page: Page, visit: _Visit) -> Locator:
    page.goto(f"/calendar?day={visit.local[:10]}")
    event = page.locator(f"[data-test=event][data-id='{visit.id}']")
    expect(event).to_have_attribute("data-local", visit.local)
    return event


def _place(event: Locator) -> tuple[int, int]:
    """Return which column a visit stands in, and of how many."""
    found: list[int] = event.evaluate("""one => {
      const all = [...document.querySelectorAll('[data-test=column]')];
      return [all.indexOf(one.closest('[data-test=column]')), all.length];
    }""")
    return found[0], found[1]


def test_keys_follow_the_eye_and_a_move_can_be_undone(open_page: OpenPage) -> None:
    page = open_page("reception", "ar")
    watch = Watch(page)
    visit = _book(page, 2)
    event = _shown(page, visit)
    event.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("[data-test=draft]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(event).to_have_attribute("data-local", visit.half)
    expect(event).to_be_focused()
    page.locator(".toast__undo").last.click()
    expect(event).to_have_attribute("data-local", visit.local)

    column, columns = _place(event)
    way, beside = ("ArrowLeft", column + 1) if column + 1 < columns else ("ArrowRight", column - 1)
    event.focus()
    page.keyboard.press(f"Alt+{way}")
    expect(page.locator("[data-test=column]").nth(beside).locator("[data-test=draft]")).to_be_visible()
    assert accessibility_faults(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-test=draft]")).to_have_count(0)

    event.focus()
    page.keyboard.press("Enter")
    page.locator("[data-test=move-time]").fill(visit.hour[11:])
    page.locator("[data-test=move-now]").click()
    expect(event).to_have_attribute("data-local", visit.hour)
    assert watch.complaints == []


def test_a_visit_is_dragged_and_what_is_in_its_way_is_said_first(open_page: OpenPage) -> None:
    page = open_page("reception", "fr")
    watch = Watch(page)
    visit = _book(page, 4)
    event = _shown(page, visit)
    _drag(page, event, hours=1)
    expect(event).to_have_attribute("data-local", visit.hour)

    _drag(page, event, hours=-24)
    expect(page.locator("[data-test=conflict]")).to_be_visible()
    expect(event).to_have_attribute("data-local", visit.hour)
    assert accessibility_faults(page) == []
    page.locator("[data-test=override-reason]").fill("Demande de la personne")
    page.locator("[data-test=override]").click()
    expect(event).not_to_have_attribute("data-local", visit.hour)
    page.locator(".toast__undo").last.click()
    expect(event).to_have_attribute("data-local", visit.hour)
    assert watch.complaints == []


def test_a_time_that_is_free_again_is_offered_to_who_waits(open_page: OpenPage) -> None:
    page = open_page("reception", "fr")
    watch = Watch(page)
    visit = _book(page, 6)
    entry = page.evaluate(_WAIT, visit.id)
    _shown(page, visit).click()
    page.locator("[data-test=cancel]").click()
    page.locator("[data-test=confirm-cancel]").click()
    page.locator(f"[data-test=free-again][data-local='{visit.local}']").click()
    page.locator(f"[data-test=waiting][data-id='{entry}'] [data-test=offer]").click()
    expect(page.locator("[data-test=open-offer]")).to_be_visible()
    assert accessibility_faults(page) == []
    page.locator("[data-test=withdraw]").click()
    expect(page.locator("[data-test=open-offer]")).to_have_count(0)
    assert watch.complaints == []


def _drag(page: Page, event: Locator, *, hours: int) -> None:
    """Take a visit in its middle and let it go so many hours lower; beyond the edge it stays at the edge."""
    event.scroll_into_view_if_needed()
    box, column = event.bounding_box(), page.locator("[data-test=column]").first.bounding_box()
    assert box is not None
    assert column is not None
    tall = page.locator(".cal").evaluate("one => Number(one.style.getPropertyValue('--slots')) / 2")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 10)
    page.mouse.move(x, y + hours * column["height"] / tall, steps=4)
    page.mouse.up()
