"""Sites, rooms, services and who offers them, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from clinic.access.actor import Role
from clinic.db.transaction import transaction
from clinic.vault import Vault
from clinic.web.runtime import Runtime
from tests.factories.identity import make_account
from tests.factories.scheduling import Diary, make_diary
from tests.functional.setup.conftest import Browser, Open
from tests.functional.setup.test_from_nothing import SERVICE

SITE = {"names": {"fr": "Rabat", "en": ""}, "tz": "Africa/Casablanca", "weekend": [6, 5]}


@pytest.fixture
def diary(parts: Runtime, vault: Vault) -> Diary:
    """A diary in Jerusalem with one service."""
    return make_diary(parts.database, vault, practitioners=1)


def made(admin: Browser, path: str, body: object) -> str:
    """Create something and return its address."""
    found = admin.post(path, body)
    assert found.status_code == 201, found.get_data(as_text=True)
    return str(found.get_json()["id"])


def test_a_site_is_made_changed_and_put_away(admin: Browser) -> None:
    path = f"/sites/{made(admin, '/sites', SITE)}"
    found, version = admin.read(path)
    assert (found["names"], found["weekend"], found["active"]) == ({"fr": "Rabat"}, [5, 6], True)
    changed = admin.put(path, {**SITE, "names": {"fr": "Rabat-Agdal"}, "active": False}, version)
    assert (changed.get_json()["names"], changed.get_json()["active"]) == ({"fr": "Rabat-Agdal"}, False)
    assert admin.put(path, SITE, version).get_json()["code"] == "document_changed"


def test_a_site_where_somebody_works_is_not_put_away(admin: Browser, diary: Diary) -> None:
    path = f"/sites/{diary.site}"
    refused = admin.put(path, {**SITE, "active": False}, admin.read(path)[1])
    assert (refused.status_code, refused.get_json()["code"]) == (409, "site_in_use")


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"tz": "Asia/Nowhere"}, "tz"), ({"names": {"fr": " "}}, "names"), ({"weekend": [7]}, "weekend.0")],
)
def test_a_site_that_cannot_be_meant_is_refused_by_field(
    admin: Browser, changes: dict[str, object], field: str
) -> None:
    refused = admin.post("/sites", {**SITE, **changes})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])


def test_the_rooms_of_a_site_have_names_of_their_own(admin: Browser) -> None:
    place = made(admin, "/sites", SITE)
    room = made(admin, f"/sites/{place}/locations", {"name": "Salle 1"})
    twice = admin.post(f"/sites/{place}/locations", {"name": " Salle 1 "})
    assert (twice.status_code, twice.get_json()["code"]) == (409, "name_taken")
    path = f"/locations/{room}"
    away = admin.put(path, {"name": "Salle bleue", "active": False}, admin.read(path)[1]).get_json()
    assert (away["name"], away["active"], away["changed"]["by"]) == ("Salle bleue", False, "Huda")
    listed = admin.get(f"/sites/{place}/locations").get_json()["items"]
    assert [one["name"] for one in listed] == ["Salle bleue"]


def test_one_key_makes_one_site(admin: Browser) -> None:
    found = [admin.post("/sites", SITE, **{"Idempotency-Key": "k"}).get_json()["id"] for _ in range(2)]
    assert found[0] == found[1]
    assert len(admin.get("/sites").get_json()["items"]) == 1


def test_a_service_is_changed_and_archived_and_its_visits_keep_their_name(
    admin: Browser, open_browser: Open, diary: Diary
) -> None:
    path, stranger = f"/services/{diary.service}", open_browser()
    found, version = admin.read(path)
    wanted = {name: found[name] for name in SERVICE}
    assert admin.put(path, {**wanted, "minutes": 30}, version).get_json()["minutes"] == 30
    assert stranger.get("/services").get_json()["items"][0]["minutes"] == 30
    assert stranger.get("/slots", service=diary.service).get_json()["items"] != []
    admin.put(path, {**wanted, "active": False}, admin.read(path)[1])
    assert stranger.get("/services").get_json()["items"] == []
    assert stranger.get("/slots", service=diary.service).get_json()["items"] == []
    listed = admin.get("/setup/services").get_json()["items"]
    assert [(one["texts"]["en"]["name"], one["active"]) for one in listed] == [("Follow-up", False)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"grid_minutes": 7}, "grid_minutes"),
        ({"modalities": []}, "modalities"),
        ({"texts": {"fr": {"name": "", "description": "x"}}}, "texts"),
        ({"kind": "exorcism"}, "kind"),
        ({"booking_rule": "anyone"}, "booking_rule"),
        ({"horizon_days": 0}, "horizon_days"),
        ({"reserved_percent": 101}, "reserved_percent"),
        ({"reserved_percent": 10, "seats": 8, "kind": "group"}, "reserved_percent"),
        ({"seats": 8}, "seats"),
        ({"kind": "group"}, "seats"),
        ({"release_at": "seven"}, "release_at"),
    ],
)
def test_a_service_that_cannot_be_meant_is_refused_by_field(
    admin: Browser, changes: dict[str, Any], field: str
) -> None:
    refused = admin.post("/services", {**SERVICE, **changes})
    assert refused.status_code == 422
    assert [name.split(".")[0] for name in refused.get_json()["errors"]] == [field]


def test_who_offers_nothing_is_not_offered(admin: Browser, open_browser: Open, diary: Diary) -> None:
    path = f"/practitioners/{diary.practitioners[0]}/offers"
    found, version = admin.read(path)
    assert (found["services"], found["has_hours"], found["visits_ahead"]) == ([str(diary.service)], True, 0)
    assert admin.put(path, {"site": str(diary.site), "services": []}, version).status_code == 200
    assert open_browser().get("/slots", service=diary.service).get_json()["items"] == []
    stale = admin.put(path, {"site": str(diary.site), "services": []}, version)
    assert stale.get_json()["code"] == "document_changed"
    unknown = admin.put(
        path, {"site": str(diary.service), "services": [str(diary.site)]}, admin.read(path)[1]
    )
    assert set(unknown.get_json()["errors"]) == {"site", "services"}


def test_the_desk_reads_the_places_and_changes_none(
    admin: Browser, open_browser: Open, parts: Runtime, vault: Vault
) -> None:
    with transaction(parts.database) as session:
        make_account(session, vault, email="rana@clinic.example", roles=(Role.RECEPTION,))
    rana, place = open_browser("rana@clinic.example"), made(admin, "/sites", SITE)
    assert rana.get("/sites").status_code == 200
    assert rana.get(f"/sites/{place}/locations").status_code == 200
    assert rana.post("/sites", SITE).status_code == 403
    assert rana.get("/setup").status_code == 403
    assert open_browser().get("/sites").status_code == 401
