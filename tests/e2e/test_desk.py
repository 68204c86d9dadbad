"""Reception registers, books, calls off and checks in; the management invites."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, OpenPage
from tests.e2e.soundness import Watch
from tests.factories.person import Person
from tests.servers.clinic import ClinicServer

_NAME = "وداد الشامي"
# The person of the demo clinic whose visit can be joined now.
_HERE_TODAY = "ليلى حمدان"


def test_reception_registers_books_and_cancels(open_page: OpenPage) -> None:
    page = open_page("reception", "ar", phone=True)
    watch = Watch(page)
    page.goto("/patients?new")
    page.locator("[data-test=new-name]").fill(_NAME)
    page.locator("[data-test=new-phone]").fill("+970 2 555 0177")
    page.locator("[data-test=confirm-register]").click()
    expect(page.locator("[data-test=patient-file] h1")).to_have_text(_NAME)
    page.locator("[data-test=book-for]").click()
    page.locator("[data-test=slot-day] > summary").last.click()
    page.locator("[data-test=slot]").last.click()
    page.locator("[data-test=book-now]").click()
    page.wait_for_url("**/calendar?day=*")
    _pick(page, _NAME)
    page.locator("[data-test=cancel]").click()
    page.locator("[data-test=confirm-cancel]").click()
    expect(page.locator("[data-test=event]", has_text=_NAME)).to_have_count(0)
    expect(page.locator("[data-test=picked]")).to_be_focused()
    expect(page.locator("[data-test=free-again]").first).to_be_visible()
    assert watch.complaints == []


def test_reception_invites_whom_it_registered_and_is_told_of_a_second_file(open_page: OpenPage) -> None:
    page = open_page("reception", "fr")
    watch = Watch(page)
    _fill_in(page, "Nadia Chraibi", "nadia.chraibi@clinic.example")
    page.locator("[data-test=confirm-register]").click()
    page.locator("[data-test=invite-online]").click()
    expect(page.locator("[role=status]", has_text="nadia.chraibi@clinic.example")).to_be_visible()
    _fill_in(page, "Nadia C.", "Nadia.Chraibi@clinic.example")
    page.locator("[data-test=confirm-register]").click()
    expect(page.locator("[data-test=known-person]")).to_have_text("Nadia Chraibi")
    page.locator("[data-test=register-anyway]").click()
    expect(page.locator("[data-test=patient-file] h1")).to_have_text("Nadia C.")
    assert watch.complaints == []


def test_reception_checks_in_who_has_come(open_page: OpenPage) -> None:
    page = open_page("reception", "fr")
    page.wait_for_selector("[data-test=event]")
    _pick(page, _HERE_TODAY)
    arrive = page.locator("[data-test=check-in]")
    if arrive.count():  # another story may have brought them in before
        arrive.click()
    event = page.locator("[data-test=event]", has_text=_HERE_TODAY).first
    expect(event).to_have_attribute("data-status", "arrived")


def test_a_search_finds_people_by_address(open_page: OpenPage) -> None:
    page = open_page("reception", "en")
    page.goto("/patients")
    page.wait_for_selector("[data-test=person]")
    page.keyboard.press("/")
    page.keyboard.type("zzzz-nobody")
    expect(page.locator("[data-test=person]")).to_have_count(0)
    page.locator("[data-test=search]").fill("patient@demo")
    expect(page.locator("[data-test=person]").first).to_be_visible()


def test_management_invites_after_proving_who_asks(open_page: OpenPage) -> None:
    page = open_page("manager", "fr")
    page.goto("/team")
    page.locator("[data-test=invite-name]").fill("Rana Abu Ghazaleh")
    page.locator("[data-test=invite-email]").fill("rana@clinic.example")
    page.locator("[data-test=invite]").click()
    page.locator("[data-test=step-up]").fill(PASSWORD)
    page.locator("[data-test=confirm-sign]").click()
    expect(page.locator("[role=status]", has_text="rana@clinic.example")).to_be_visible()


def test_the_desk_refers_to_a_service_and_changes_a_room(open_page: OpenPage, clinic: ClinicServer) -> None:
    manager, desk = Person(clinic.base_url, "manager"), Person(clinic.base_url, "reception")
    family = next(one for one in manager.all("/setup/services") if one["kind"] == "family")
    _booked_by(manager, family["id"], "referral")
    coming = desk.all("/appointments", **{"from": datetime.now(UTC).isoformat()})
    visit = next(one for one in coming if one["modality"] == "in_person" and one["may_cancel"])
    page = open_page("reception", "ar")
    page.goto(f"/patients/{visit['patient']}")
    page.locator("[data-test=refer]").click()
    expect(page.locator("[data-test=referral]")).to_have_count(1)
    page.locator("[data-test=end-referral]").click()
    expect(page.locator("[data-test=referral]")).to_have_count(0)
    _booked_by(manager, family["id"], "self")
    page.goto(f"/calendar?day={visit['local'][:10]}")
    page.locator(f"[data-test=event][data-id='{visit['id']}']").click()
    free = page.locator(f"[data-test=room-of] option:enabled:not([value='{visit['location']}'])").last
    room = free.get_attribute("value") or ""
    page.locator("[data-test=room-of]").select_option(room)
    expect(page.locator("[role=status]", has_text="تم الحفظ")).to_be_visible()
    assert desk.get(f"/appointments/{visit['id']}").json()["location"] == room


def test_the_desk_moves_a_session_with_all_who_sit_in_it(open_page: OpenPage, clinic: ClinicServer) -> None:
    desk = Person(clinic.base_url, "reception")
    session = desk.all("/groups", **{"from": datetime.now(UTC).isoformat()})[-1]
    page = open_page("reception", "fr")
    page.goto(f"/groups/{session['id']}")
    page.locator("[data-test=move-group]").click()
    page.locator("[data-test=session-time]").fill("")
    page.locator("[data-test=confirm-move-group]").click()
    expect(page.locator("dialog [data-test=error]")).to_be_visible()
    page.locator("[data-test=session-time]").fill("15:00")
    page.locator("[data-test=confirm-move-group]").click()
    expect(page.locator("#app time").first).to_have_text("15:00")
    assert desk.get(f"/groups/{session['id']}").json()["local"] == f"{session['local'][:10]}T15:00"
    page.locator("[data-test=change-seats]").click()
    page.locator("[data-test=session-capacity]").fill("1")
    page.locator("[data-test=confirm-seats]").click()
    expect(page.get_by_role("dialog")).to_contain_text(f"Au moins {session['taken']}.")
    page.locator("[data-test=session-capacity]").fill("9")
    page.locator("[data-test=confirm-seats]").click()
    expect(page.locator("[data-test=filled]")).to_contain_text("sur 9")


def _booked_by(manager: Person, service: str, rule: str) -> None:
    found = manager.get(f"/services/{service}")
    body = {name: value for name, value in found.json().items() if name not in {"id", "code", "changed"}}
    done = manager.put(f"/services/{service}", {**body, "booking_rule": rule}, etag=found.headers["ETag"])
    assert done.status_code == 200, done.text


def _fill_in(page: Page, name: str, email: str) -> None:
    page.goto("/patients?new")
    page.locator("[data-test=new-name]").fill(name)
    page.locator("[name=email]").fill(email)


def _pick(page: Page, name: str) -> None:
    page.locator("[data-test=event]", has_text=name).first.click()
    expect(page.locator("[data-test=picked]")).to_contain_text(name)
