"""What the set-up page says of a service is what the server does: each setting, changed and then felt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clinic.scheduling.rules.offering import Kind
from clinic.vault import Vault
from clinic.web.runtime import Runtime
from tests.factories.scheduling import Diary, make_diary
from tests.fakes.clock import START
from tests.functional.setup.conftest import Browser, Open, browser_of
from tests.functional.setup.test_from_nothing import SERVICE

HOUR = timedelta(hours=1)


@pytest.fixture
def diary(parts: Runtime, vault: Vault) -> Diary:
    """Two practitioners who are open from 9 to 17, and two patients."""
    return make_diary(parts.database, vault)


@pytest.fixture
def patient(parts: Runtime, diary: Diary, open_browser: Open) -> Browser:
    """The browser of the first patient."""
    return browser_of(open_browser, parts, diary.patient_actors[0])


def change(admin: Browser, diary: Diary, **settings: object) -> None:
    """Save the service with these settings."""
    found, version = admin.read(f"/services/{diary.service}")
    body = {name: found[name] for name in SERVICE} | settings
    saved = admin.put(f"/services/{diary.service}", body, version)
    assert saved.status_code == 200, saved.get_data(as_text=True)
    assert {name: saved.get_json()[name] for name in settings} == settings


def slots(browser: Browser, diary: Diary, **query: object) -> list[dict[str, Any]]:
    """Search as anyone may."""
    found = browser.get("/slots", service=diary.service, limit=200, **query)
    items: list[dict[str, Any]] = found.get_json()["items"]
    return items


def starts(found: list[dict[str, Any]]) -> list[datetime]:
    """Return when the slots start."""
    return [datetime.fromisoformat(slot["starts_at"]) for slot in found]


def book(browser: Browser, slot: dict[str, Any], modality: str = "video") -> Any:
    """Book a slot; return the answer."""
    body = {name: slot[name] for name in ("service", "practitioner", "starts_at")}
    return browser.post("/appointments", {**body, "modality": modality}).get_json()


def test_length_breaks_and_grid_make_the_times(admin: Browser, patient: Browser, diary: Diary) -> None:
    one = diary.practitioners[0]
    change(admin, diary, minutes=40, before_minutes=5, after_minutes=10, grid_minutes=5, lead_minutes=0)
    found = slots(patient, diary, practitioner=one, **{"from": "2026-11-23"})
    first = found[0]
    assert first["local"].endswith("09:05")
    ends = datetime.fromisoformat(first["ends_at"])
    assert ends - starts(found)[0] == timedelta(minutes=40)
    assert starts(found)[1] - starts(found)[0] == timedelta(minutes=5)
    book(patient, first)
    later = slots(patient, diary, practitioner=one, **{"from": "2026-11-23"})[
        0
    ]  # the break after the one and before the next add up
    assert datetime.fromisoformat(later["starts_at"]) - ends == timedelta(minutes=15)


def test_lead_horizon_and_notice_bound_what_patients_do(
    admin: Browser, patient: Browser, diary: Diary
) -> None:
    change(admin, diary, lead_minutes=24 * 60, horizon_days=3, notice_minutes=30 * 60)
    found = slots(patient, diary)
    assert START + timedelta(days=1) <= min(starts(found)) < START + timedelta(days=2)
    assert START + timedelta(days=2) < max(starts(found)) < START + timedelta(days=3)
    early, late = found[0], found[-1]
    for slot, code in ((early, "too_late"), (late, None)):
        visit = book(patient, slot)
        answer = patient.post(f"/appointments/{visit['id']}/cancel", {}).get_json()
        assert answer.get("code") == code
    assert datetime.fromisoformat(early["starts_at"]).tzinfo == UTC


def test_a_visit_is_held_in_the_ways_that_are_set_and_where_there_is_a_room(
    admin: Browser, patient: Browser, diary: Diary
) -> None:
    change(admin, diary, modalities=["in_person"])
    assert slots(patient, diary, modality="video") == []
    first, second, *_ = slots(patient, diary, modality="in_person")
    assert first["starts_at"] == second["starts_at"]
    assert book(patient, first, "phone")["code"] == "slot_not_offered"
    assert admin.post(f"/sites/{diary.site}/locations", {"name": "1"}).status_code == 201
    assert book(patient, first, "in_person")["location_name"] == "1"
    assert first["starts_at"] not in [one["starts_at"] for one in slots(patient, diary, modality="in_person")]


@pytest.mark.parametrize(("rule", "code"), [("referral", "referral_needed"), ("staff", "booked_by_staff")])
def test_who_may_book_is_who_can(
    admin: Browser, patient: Browser, diary: Diary, rule: str, code: str
) -> None:
    slot = slots(patient, diary)[0]
    change(admin, diary, booking_rule=rule)
    assert book(patient, slot)["code"] == code
    change(admin, diary, booking_rule="self")
    assert book(patient, slot)["status"] == "booked"


@pytest.mark.parametrize("kind", Kind)
def test_a_service_is_of_any_kind_and_that_of_groups_is_not_searched(
    admin: Browser, patient: Browser, diary: Diary, kind: Kind
) -> None:
    alone = kind is not Kind.GROUP
    change(admin, diary, kind=kind.value, seats=1 if alone else 8, reserved_percent=0)
    assert bool(slots(patient, diary)) is alone
    (listed,) = patient.get("/services", groups=int(not alone)).get_json()["items"]
    assert listed["kind"] == kind


def test_a_service_with_visits_ahead_stays_for_one_person(
    admin: Browser, patient: Browser, diary: Diary
) -> None:
    visit = book(patient, slots(patient, diary)[-1])
    found, version = admin.read(f"/services/{diary.service}")
    group = {name: found[name] for name in SERVICE} | {"kind": "group", "seats": 8}
    refused = admin.put(f"/services/{diary.service}", group, version)
    assert (refused.status_code, refused.get_json()["code"]) == (409, "service_booked")
    assert patient.post(f"/appointments/{visit['id']}/cancel", {}).status_code == 200
    assert admin.put(f"/services/{diary.service}", group, version).status_code == 200
