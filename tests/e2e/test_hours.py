"""Hours that two people edit: what is typed outlasts leave saved beside it, and a colleague who was first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import Watch
from tests.factories.person import Person
from tests.servers.clinic import ClinicServer

_AHEAD = timedelta(days=400)  # nobody books so far ahead


def test_typed_hours_outlast_leave_and_a_colleague(open_page: OpenPage, clinic: ClinicServer) -> None:
    page, desk = open_page("therapist", "fr"), Person(clinic.base_url, "reception")
    watch, day = Watch(page), f"{(datetime.now(UTC) + _AHEAD).date()}"
    page.goto("/hours")
    rules, stretches = page.locator("[data-test=rule]"), page.locator("[data-test=stretch]")
    expect(rules.first).to_be_visible()
    hours, away = rules.count(), stretches.count()
    page.locator("[data-test=add-rule]").click()
    page.locator("[data-test=away-starts]").fill(f"{day}T08:00")
    page.locator("[data-test=away-ends]").fill(f"{day}T18:00")
    page.locator("[data-test=away-save]").click()
    page.locator("[data-test=away-keep]").click()  # after it was said who would be on call then
    expect(stretches).to_have_count(away + 1)
    expect(rules).to_have_count(hours + 1)

    therapist = Person(clinic.base_url, "therapist").user["practitioner_id"]
    path = f"/practitioners/{therapist}/availability"
    found = desk.get(path)
    other = {"kind": "other", "from": day, "to": day, "rules": []}
    body = {"rules": found.json()["rules"], "sets": [*found.json()["sets"], other]}
    assert desk.put(path, body, etag=found.headers["ETag"]).status_code == 200
    page.locator("[data-test=hours-form] [data-test=save]").click()
    expect(page.locator("[data-test=both-versions]")).to_be_visible()
    expect(rules).to_have_count(hours + 1)
    page.locator("[data-test=take-theirs]").click()
    expect(rules).to_have_count(hours)
    expect(page.locator("[data-test=hours-set]").last.locator("input[type=date]").first).to_have_value(day)

    for _ in range(hours):
        rules.first.locator("summary").click()
        rules.first.locator("[data-test=remove-rule]").click()
    page.locator("[data-test=hours-form] [data-test=save]").click()
    expect(page.locator("[data-test=hours-form] [data-test=in-the-way] li").first).to_be_visible()
    page.locator("[data-test=add-rule]").click()  # other hours than those that were asked about
    expect(page.locator("[data-test=in-the-way]")).to_have_count(0)
    expect(page.locator("[data-test=hours-keep]")).to_have_count(0)
    assert watch.complaints == []
