"""The desk in three languages: a series around leave, moves by keys and by hand, a clash, the waitlist."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import Watch, accessibility_faults
from tests.factories.desk import Hour, free_hour
from tests.factories.person import Person
from tests.servers.clinic import ClinicServer

_REASONS = {"ar": "بطلب من الشخص", "fr": "Demande de la personne", "en": "Asked by the person"}
_LEAVE, _HOLIDAY, _WEEKS = 2, 3, 6
_OFFER_IT = """(service) => fetch(`/api/v1/practitioners?limit=200&service=${service}`)
  .then((answer) => answer.json())
  .then(({ items }) => items.length)"""


def _part(page: Page, name: str, **more: str) -> Locator:
    return page.locator(f"[data-test={name}]" + "".join(f"[data-{key}='{of}']" for key, of in more.items()))


@pytest.mark.parametrize("lang", list(_REASONS))
def test_the_desk_plans_moves_goes_over_and_fills(
    open_page: OpenPage, clinic: ClinicServer, lang: str
) -> None:
    hour = free_hour(Person(clinic.base_url, "reception"), list(_REASONS).index(lang), weeks=_WEEKS)
    hour.close(leave=_LEAVE, holiday=_HOLIDAY)
    page = open_page("reception", lang)
    watch = Watch(page)
    _a_session_is_opened(page, hour)
    _a_series_is_built_around_leave(page, hour, _REASONS[lang])
    _it_moves_by_keyboard(page, hour, rtl=lang == "ar")
    _it_moves_by_hand(page, hour)
    _a_clash_is_gone_over_on_purpose(page, hour, _REASONS[lang])
    _a_time_that_is_free_again_is_filled(page, hour)
    assert watch.complaints == []


def _a_session_is_opened(page: Page, hour: Hour) -> None:
    """A group's session stands in the day, and leads to who sits in it."""
    session = hour.next_session()
    page.goto(f"/calendar?day={session['local'][:10]}")
    _part(page, "session", id=session["id"]).click()
    expect(_part(page, "filled")).to_be_visible()


def _a_series_is_built_around_leave(page: Page, hour: Hour, reason: str) -> None:
    """Six weeks: one goes over a visit, one is moved because of leave, one left out for a holiday."""
    other = hour.book(1, hour.local(0))
    page.goto(f"/calendar/new?patient={hour.people[0]['id']}&day={hour.first[:10]}")
    _part(page, "choose-service").select_option(hour.service)
    offer_it = page.evaluate(_OFFER_IT, hour.service)
    expect(_part(page, "choose-therapist").locator("option")).to_have_count(1 + offer_it)
    _part(page, "choose-therapist").select_option(hour.practitioner["id"])
    expect(page.locator(f"[data-test=slot][data-local='{hour.local(0, 60)}']")).to_be_visible()
    _part(page, "other-time").locator("summary").click()
    _part(page, "other-clock").fill(hour.first[11:])
    _part(page, "other-look").click()
    expect(_part(page, "conflict", code="taken")).to_be_visible()
    _part(page, "rhythm-weekly").click()
    _part(page, "series-count").fill(str(_WEEKS))
    dates = _part(page, "series-date")
    expect(dates.nth(_LEAVE)).to_have_attribute("data-fate", "leave")
    expect(dates.nth(_HOLIDAY)).to_have_attribute("data-fate", "holiday")
    expect(_part(page, "series-date", fate="free")).to_have_count(_WEEKS - 3)
    dates.nth(_LEAVE).locator("[data-test=alternative]").first.click()
    expect(dates.nth(_LEAVE)).to_have_attribute("data-fate", "free")
    dates.nth(0).locator("[data-test=go-over]").click()
    _part(page, "series-reason").fill(reason)
    _looked_at(page)
    _part(page, "book-now").click()
    page.wait_for_url("**/series/*")
    expect(_part(page, "series-visit")).to_have_count(_WEEKS - 1)
    regular = [hour.local(week) for week in range(_WEEKS) if week not in {_LEAVE, _HOLIDAY}]
    assert set(regular) < set(hour.visits(0))
    assert hour.visit(0, hour.local(0))["overbook_of"] == other["id"]


def _it_moves_by_keyboard(page: Page, hour: Hour, *, rtl: bool) -> None:
    """Keys follow the eye, a move can be undone, the following go along, and "Move to" takes any time."""
    event = _shown(page, hour.local(1), hour)
    column, columns = _place(event)
    forward, back = ("ArrowLeft", "ArrowRight") if rtl else ("ArrowRight", "ArrowLeft")
    way, beside = (forward, column + 1) if column + 1 < columns else (back, column - 1)
    event.focus()
    page.keyboard.press(f"Alt+{way}")
    expect(_part(page, "column").nth(beside).locator("[data-test=draft]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(_part(page, "draft")).to_have_count(0)
    page.keyboard.press("Enter")
    _part(page, "move-time").fill(hour.local(1, 60)[11:])
    page.keyboard.press("Enter")
    expect(event).to_have_attribute("data-local", hour.local(1, 60))
    page.locator(".toast__undo").last.click()
    expect(event).to_have_attribute("data-local", hour.local(1))

    event = _shown(page, hour.local(_WEEKS - 2), hour)
    event.focus()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Enter")
    _part(page, "scope-this").locator("input").focus()
    page.keyboard.press("ArrowDown")
    _part(page, "move-there").press("Enter")
    expect(_part(page, "move-dates").locator("li")).to_have_count(2)
    _looked_at(page)
    _part(page, "confirm-move-part").press("Enter")
    expect(event).to_have_attribute("data-local", hour.local(_WEEKS - 2, 30))
    assert {hour.local(0), hour.local(1), hour.local(_WEEKS - 1, 30)} < set(hour.visits(0))


def _it_moves_by_hand(page: Page, hour: Hour) -> None:
    """A visit is dragged with those that follow it, and another one alone."""
    event = _part(page, "event", local=hour.local(_WEEKS - 2, 30)).and_(_of(page, hour))
    _drag(page, event, minutes=30)
    _part(page, "scope-following").click()
    _part(page, "move-there").click()
    _part(page, "confirm-move-part").click()
    expect(_part(page, "event", local=hour.local(_WEEKS - 2, 60)).and_(_of(page, hour))).to_be_visible()
    event = _shown(page, hour.local(1), hour)
    _drag(page, event, minutes=60)
    _part(page, "move-there").click()
    expect(event).to_have_attribute("data-local", hour.local(1, 60))
    assert {hour.local(0), hour.local(1, 60), hour.local(_WEEKS - 1, 60)} < set(hour.visits(0))


def _a_clash_is_gone_over_on_purpose(page: Page, hour: Hour, reason: str) -> None:
    """What a colleague does appears by itself; what is dragged onto it is refused first, then marked."""
    other, held = hour.book(1, hour.local(1)), hour.hold(hour.local(1, 120))
    expect(_part(page, "event", id=other["id"])).to_be_visible()
    expect(_part(page, "hold").and_(page.locator(f"[data-id='{held['id']}']"))).to_be_visible()
    event = _part(page, "event", local=hour.local(1, 60)).and_(_of(page, hour))
    _drag(page, event, minutes=-60)
    _part(page, "move-there").click()
    expect(_part(page, "conflict", code="taken")).to_be_visible()
    assert hour.local(1, 60) in hour.visits(0)
    _looked_at(page)
    _part(page, "override-reason").fill(reason)
    _part(page, "override").click()
    over = _part(page, "event", over=other["id"])
    expect(over).to_have_attribute("data-local", hour.local(1))
    expect(_part(page, "over")).to_contain_text(reason)
    assert hour.visit(0, hour.local(1))["overbook_of"] == other["id"]


def _a_time_that_is_free_again_is_filled(page: Page, hour: Hour) -> None:
    """A visit is called off, its time offered to who waits from now on, and accepted for them."""
    local = hour.local(_WEEKS - 2, 60)
    _shown(page, local, hour).click()
    _part(page, "cancel").click()
    _part(page, "confirm-cancel").click()
    _part(page, "free-again", local=local).click()
    expect(_part(page, "waitlist")).to_be_visible()
    entry = hour.wait(2)  # the open page hears of it
    _part(page, "waiting", id=entry["id"]).locator("[data-test=offer]").click()
    expect(_part(page, "accept-for").last).to_be_visible()
    _looked_at(page)
    _part(page, "open-offer", entry=entry["id"]).locator("[data-test=accept-for]").click()
    filled = page.locator("[data-test=event]", has_text=hour.people[2]["name"])
    expect(filled.and_(_part(page, "event", local=local))).to_be_visible()
    expect(_part(page, "open-offer", entry=entry["id"])).to_have_count(0)
    assert local in hour.visits(2)


def _looked_at(page: Page) -> None:
    """Run axe on what stands open now; in one language, since the words are all that differs."""
    if page.locator("html").get_attribute("lang") == "ar":
        assert accessibility_faults(page) == []


def _of(page: Page, hour: Hour) -> Locator:
    """Return the visits of the person whose series it is."""
    return page.locator("[data-test=event]", has_text=hour.people[0]["name"])


def _shown(page: Page, local: str, hour: Hour) -> Locator:
    """Open the day of a visit and return the visit, by its id, wherever it goes."""
    visit = hour.visit(0, local)
    page.goto(f"/calendar?day={local[:10]}")
    event = _part(page, "event", id=visit["id"])
    expect(event).to_have_attribute("data-local", local)
    return event


def _place(event: Locator) -> tuple[int, int]:
    """Return which column a visit stands in, and of how many."""
    found: list[int] = event.evaluate("""one => {
      const all = [...document.querySelectorAll('[data-test=column]')];
      return [all.indexOf(one.closest('[data-test=column]')), all.length];
    }""")
    return found[0], found[1]


def _drag(page: Page, event: Locator, *, minutes: int) -> None:
    """Take a visit in its middle and let it go so many minutes lower."""
    event.scroll_into_view_if_needed()
    box, column = event.bounding_box(), _part(page, "column").first.bounding_box()
    assert box is not None
    assert column is not None
    shown = page.locator(".cal").evaluate("one => Number(one.style.getPropertyValue('--slots')) * 30")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 10)
    page.mouse.move(x, y + minutes * column["height"] / shown, steps=4)
    page.mouse.up()
