"""A patient for whom no time fits waits, is offered one and takes it, on a phone, in three languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import Watch
from tests.factories.person import Person
from tests.servers.clinic import ClinicServer

BOOKED = {"ar": "تم حجز موعدك", "fr": "Votre rendez-vous est pris", "en": "Your visit is booked"}


@pytest.mark.parametrize("lang", list(BOOKED))
def test_who_waits_is_offered_a_time_and_takes_it(
    open_page: OpenPage, clinic: ClinicServer, lang: str
) -> None:
    page, desk = open_page("patient2", lang, phone=True), Person(clinic.base_url, "reception")
    page.goto("/book")
    page.locator("[data-test=service]").nth(1).click()
    page.locator("[data-test=wait]").click()
    service = parse_qs(urlparse(page.url).query)["service"][0]
    page.locator("input[type=checkbox][value=evening]").uncheck()
    page.locator("[data-test=join-waitlist]").click()
    expect(page.locator("[data-test=waiting-joined]")).to_be_visible()
    entry = next(
        one for one in desk.all("/waitlist", service=service) if one["parts"] == ["morning", "afternoon"]
    )
    taken = {one["local"][:10] for one in desk.all("/appointments", patient=entry["patient"])}
    free = (
        one
        for days in range(3, 30)
        for one in desk.get(
            "/slots",
            service=service,
            modality=entry["modality"],
            limit=9,
            **{"from": datetime.now(UTC).date() + timedelta(days=days)},
        ).json()["items"]
    )
    slot = next(one for one in free if one["local"][:10] not in taken and not one["reserved"])
    made = desk.post(
        f"/waitlist/{entry['id']}/offers",
        {"practitioner": slot["practitioner"], "starts_at": slot["starts_at"]},
    )
    assert made.status_code == 201, made.text
    page.goto("/visits")
    offer = page.locator("[data-test=offer]")
    expect(offer).to_contain_text(made.json()["expires_local"][-5:])
    offer.locator("[data-test=accept]").click()
    expect(page.get_by_role("status").filter(has_text=BOOKED[lang])).to_be_visible()
    expect(page.locator("[data-test=waiting]")).to_have_count(0)
    booked = desk.all("/appointments", patient=entry["patient"], **{"from": slot["starts_at"]})
    assert slot["starts_at"] in {visit["starts_at"] for visit in booked if visit["status"] == "booked"}


def test_the_desk_adds_to_the_list_says_how_urgent_it_is_and_takes_off(
    open_page: OpenPage, clinic: ClinicServer
) -> None:
    name = "سميح البرغوثي"
    made = Person(clinic.base_url, "reception").post("/patients", {"name": name, "language": "ar"})
    assert made.status_code == 201, made.text
    page = open_page("reception", "ar", phone=True)
    watch = Watch(page)
    page.goto(f"/patients/{made.json()['id']}")
    page.locator("[data-test=wait-for]").click()
    page.locator("[data-test=join-form] [data-test=need]").select_option("urgent")
    page.locator("[data-test=join-for]").click()
    row = page.locator("[data-test=waiting]", has_text=name)
    expect(row).to_have_attribute("data-need", "urgent")
    expect(page.locator("[data-count=waitlist]")).to_be_visible()
    row.locator("[data-test=need]").select_option("routine")
    expect(row).to_have_attribute("data-need", "routine")
    row.locator("[data-test=take-off]").click()
    page.locator("[data-test=confirm-take-off]").click()
    expect(row).to_have_count(0)
    assert watch.complaints == []
