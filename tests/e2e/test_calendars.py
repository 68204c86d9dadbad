"""Calendars in the browser: a patient subscribes and downloads, a therapist adds one of their own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import OpenPage
from tests.servers.clinic import ClinicServer


def _part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-test={name}]")


def test_a_patient_makes_an_address_and_ends_it(open_page: OpenPage) -> None:
    page = open_page("patient2", "ar", phone=True)
    page.goto("/settings")
    _part(page, "my-calendar").click()
    _part(page, "make-feed").click()
    address = _part(page, "feed-address").input_value()
    found = page.request.get(address)
    assert found.status == 200
    assert "BEGIN:VCALENDAR" in found.text()
    expect(_part(page, "feed")).to_have_count(1)
    _part(page, "renew-feed").click()
    expect(_part(page, "feed-address")).not_to_have_value(address)
    renewed = _part(page, "feed-address").input_value()
    assert [page.request.get(one).status for one in (address, renewed)] == [404, 200]
    _part(page, "end-feed").click()
    expect(_part(page, "feed")).to_have_count(0)
    assert page.request.get(renewed).status == 404


def test_a_visit_is_downloaded_for_the_calendar(open_page: OpenPage) -> None:
    page = open_page("patient", "fr", phone=True)
    page.goto("/visits")
    page.locator("a[data-test=details]").first.click()
    with page.expect_download() as download:
        _part(page, "to-calendar").click()
    assert download.value.suggested_filename == "appointment.ics"
    assert "SUMMARY:Rendez-vous\n" in download.value.path().read_text()


def test_a_therapist_adds_a_calendar_and_removes_it(open_page: OpenPage) -> None:
    page = open_page("therapist2", "fr")
    page.goto("/settings/calendar")
    _part(page, "calendar-address").fill("http://calendar.example/secret.ics")
    _part(page, "add-calendar").click()
    expect(page.locator(".error-summary")).to_be_visible()
    _part(page, "calendar-address").fill("https://calendar.example/secret.ics")
    _part(page, "add-calendar").click()
    expect(_part(page, "external-calendar")).to_contain_text("calendar.example")
    expect(page.get_by_text("secret.ics")).to_have_count(0)
    _part(page, "remove-calendar").click()
    expect(_part(page, "external-calendar")).to_have_count(0)


def test_the_desk_keeps_the_promised_time_of_a_group(open_page: OpenPage, clinic: ClinicServer) -> None:
    page = open_page("reception", "ar")
    page.goto("/clock-changes")
    expect(_part(page, "no-clock-changes")).to_be_visible()
    let_a_session_be_an_hour_early(clinic)
    page.reload()
    expect(_part(page, "clock-change")).to_have_count(1)
    _part(page, "keep-times").click()
    expect(_part(page, "no-clock-changes")).to_be_visible()


def let_a_session_be_an_hour_early(clinic: ClinicServer) -> None:
    """Let the last session of the demo group lie an hour before the wall time that was promised."""
    with closing(sqlite3.connect(clinic.folder / "var/data/clinic.db")) as database, database:
        last = "SELECT id, wall_start FROM appointment WHERE is_group ORDER BY starts_at DESC LIMIT 1"
        session, wall = database.execute(last).fetchone()
        promised = datetime.fromisoformat(wall) + timedelta(hours=1)
        stale = "UPDATE appointment SET wall_start = ?, tzdb = '2026a' WHERE id = ?"
        database.execute(stale, (f"{promised:%Y-%m-%dT%H:%M}", session))
