"""What anybody may see without signing in: services, practitioners, free times; nothing of patients."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from clinic.ids import new_id
from clinic.scheduling.schemas.catalogue import SlotsQuery
from clinic.web.paging import encode_cursor
from tests.functional.scheduling.conftest import World, wish


def test_a_date_begins_when_the_clinics_clocks_say_so(world: World) -> None:
    """Clocks in Jerusalem went forward at 02:00 on 27 March 2026: that day had 23 hours."""
    query = {"service": str(world.diary.service), "from": "2026-03-27", "to": "2026-03-28"}
    with world.app.app_context():
        read = SlotsQuery().load(query)
    assert (read["start"].isoformat(), read["end"].isoformat()) == (
        "2026-03-26T22:00:00+00:00",
        "2026-03-27T21:00:00+00:00",
    )


def test_free_times_are_searched_by_dates(world: World) -> None:
    found = world.slots(**{"from": "2026-11-24", "to": "2026-11-25"}, limit=200)
    assert {slot["local"][:10] for slot in found} == {"2026-11-24"}
    for wrong in ("2026-13-01", "1999-01-01"):
        answer = world.browser().get("/slots", service=world.diary.service, **{"from": wrong})
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["from"])


@pytest.mark.parametrize(("language", "name"), [("ar", "متابعة"), ("fr", "Suivi"), ("en", "Follow-up")])
def test_services_speak_the_callers_language(world: World, language: str, name: str) -> None:
    client = world.app.test_client()
    (service,) = client.get("/api/v1/services", headers={"Accept-Language": language}).get_json()["items"]
    assert service["name"] == name
    assert set(service) == {
        "id",
        "code",
        "name",
        "description",
        "minutes",
        "grid_minutes",
        "notice_minutes",
        "modalities",
        "kind",
        "seats",
        "joinable",
        "booking_rule",
    }


@pytest.mark.parametrize(("language", "name"), [("ar", "القدس"), ("fr", "Jérusalem"), ("en", "Jerusalem")])
def test_sites_speak_the_callers_language(world: World, language: str, name: str) -> None:
    client = world.app.test_client()
    listed = client.get("/api/v1/practitioners", headers={"Accept-Language": language}).get_json()["items"]
    assert {one["site"]["name"] for one in listed} == {name}


def test_practitioners_are_listed_by_name_and_page(world: World) -> None:
    browser = world.browser()
    page = browser.get("/practitioners", limit=1).get_json()
    (first,) = page["items"]
    assert (first["name"], first["modalities"]) == ("Therapist 0", ["in_person", "phone", "video"])
    assert first["site"] == {"id": str(world.diary.site), "name": "Jerusalem", "tz": "Asia/Jerusalem"}
    rest = browser.get("/practitioners", limit=1, cursor=page["next"]).get_json()
    assert [item["name"] for item in rest["items"]] == ["Therapist 1"]
    assert rest["next"] is None
    assert browser.get("/practitioners", language="he").get_json()["items"] == []


def test_slots_carry_instant_wall_time_zone_and_offset(world: World) -> None:
    slot = world.slots(limit=1)[0]
    assert slot["starts_at"] == "2026-11-22T11:00:00+00:00"
    assert slot["local"] == "2026-11-22T13:00"
    assert (slot["tz"], slot["offset"]) == ("Asia/Jerusalem", "+02:00")
    assert set(slot) == {
        "practitioner",
        "practitioner_name",
        "service",
        "site",
        "site_names",
        "starts_at",
        "ends_at",
        "local",
        "tz",
        "offset",
        "reserved",
    }


@pytest.mark.parametrize(
    ("modality", "told"),
    [("in_person", {"ar": "القدس", "fr": "Jérusalem", "en": "Jerusalem"}), ("video", None)],
)
def test_times_in_person_say_where_one_goes(
    world: World, modality: str, told: Mapping[str, str] | None
) -> None:
    first, second = (world.browser(actor) for actor in world.diary.patient_actors)
    slot = world.slots(modality=modality)[0]
    assert slot["site_names"] == told
    assert first.post("/appointments", wish(slot, modality=modality)).status_code == 201
    near = second.post("/appointments", wish(slot, modality=modality)).get_json()["alternatives"]
    assert [one["site_names"] for one in near] == [told] * 3


def test_staff_see_times_that_are_too_near_for_patients(world: World) -> None:
    query: dict[str, object] = {"service": world.diary.service, "limit": 1}
    seen = [
        world.browser(actor).get("/slots", **query).get_json()["items"][0]["starts_at"]
        for actor in (world.diary.patient_actors[0], world.diary.desk)
    ]
    assert seen == ["2026-11-22T11:00:00+00:00", "2026-11-22T09:00:00+00:00"]


def test_pages_of_slots_go_on_where_the_last_one_ended(world: World) -> None:
    browser, seen = world.browser(), []
    query: dict[str, object] = {"service": world.diary.service, "limit": 3}
    for _ in range(4):
        page = browser.get("/slots", **query).get_json()
        seen += [(item["starts_at"], item["practitioner"]) for item in page["items"]]
        query["cursor"] = page["next"]
    expected = [(item["starts_at"], item["practitioner"]) for item in world.slots(limit=12)]
    assert seen == expected


def test_the_public_search_says_nothing_of_who_has_booked(world: World) -> None:
    before = world.slots(limit=200)
    patient = world.browser(world.diary.patient_actors[0])
    assert patient.post("/appointments", wish(before[0], reason="I cannot sleep")).status_code == 201
    after = world.browser().get("/slots", service=world.diary.service, limit=200).get_data(as_text=True)
    for secret in (str(world.diary.patients[0]), "Samar", "sleep", "booked", "held"):
        assert secret not in after
    assert len(world.slots(limit=200)) == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-11-22T10:00:00"}, "from"),
        ({"from": "tomorrow"}, "from"),
        ({"from": "2026-11-23T10:00:00Z", "to": "2026-11-22T10:00:00Z"}, "to"),
        ({"limit": 201}, "limit"),
        ({"limit": 0}, "limit"),
        ({"modality": "letter"}, "modality"),
        ({"practitioner": "somebody"}, "practitioner"),
        ({"language": "%"}, "language"),
        ({"cursor": "e30"}, "cursor"),
        ({"cursor": "WyJ4IiwgInkiXQ"}, "cursor"),
        ({"service": "00000000-0000-4000-8000-000000000000"}, "service"),
        ({"patient": "1"}, "patient"),
    ],
)
def test_a_bad_search_is_refused_by_field(world: World, query: dict[str, object], field: str) -> None:
    response = world.browser().get("/slots", **{"service": world.diary.service, **query})
    assert response.status_code == 422
    assert response.content_type == "application/problem+json"
    assert list(response.get_json()["errors"]) == [field]


def test_the_service_is_needed(world: World) -> None:
    assert list(world.browser().get("/slots").get_json()["errors"]) == ["service"]
    assert list(world.browser().get("/practitioners", cursor="WyJ4IiwgInkiXQ").get_json()["errors"]) == [
        "cursor"
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/practitioners", "a\0b"),
        ("/practitioners", "\ud800"),
        ("/slots", "2026-11-22T10:00:00"),
        ("/slots", "0001-01-01T00:00:00+14:00"),
        ("/slots", "9999-12-31T23:59:59-14:00"),
    ],
)
def test_a_made_up_cursor_is_refused(world: World, path: str, text: str) -> None:
    query = {"service": world.diary.service} if path == "/slots" else {}
    refused = world.browser().get(path, cursor=encode_cursor(text, str(new_id())), **query)
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["cursor"])
