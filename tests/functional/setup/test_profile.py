"""What the clinic says of itself: changed by its administration, seen on every page at once."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from clinic.vault import Vault
from clinic.web.runtime import Runtime
from tests.factories.scheduling import make_diary
from tests.functional.setup.conftest import PROFILE, Browser, Open, browser_of


def boot(browser: Browser, path: str = "/sign-in") -> dict[str, Any]:
    """Return what a page is told of itself."""
    html = browser.client.get(path).get_data(as_text=True)
    found = re.search(r'<script type="application/json" id="boot">(.+?)</script>', html)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


def save(admin: Browser, **changes: object) -> TestResponse:
    """Change the profile as it is now."""
    _, version = admin.read("/clinic")
    return admin.put("/clinic", {**PROFILE, **changes}, version)


def test_before_it_is_saved_the_settings_hold(admin: Browser) -> None:
    found, version = admin.read("/clinic")
    assert (found["saved"], found["tz"], found["languages"]) == (False, "Asia/Jerusalem", ["ar", "fr", "en"])
    assert version == {"If-Match": '"0"'}
    assert found["changed"] == {"by": None, "at": None}


def test_pages_follow_what_is_saved(admin: Browser, open_browser: Open) -> None:
    saved = save(admin, digits="arab", week_start=5)
    assert saved.status_code == 200, saved.get_data(as_text=True)
    assert saved.get_json()["changed"] == {"by": "Huda", "at": "2026-11-22T09:00:00+00:00"}
    stranger = open_browser()
    told = boot(stranger, "/sign-in?lang=ar")["clinic"]
    expected = {
        "name": "عيادة النور",
        "tz": "Africa/Casablanca",
        "languages": ["fr", "ar", "en"],
        "digits": "arab",
        "week_start": 5,
        "phone": "+212522000000",
    }
    assert {name: told[name] for name in expected} == expected


def test_a_language_that_is_not_offered_any_more_is_not_chosen(admin: Browser, open_browser: Open) -> None:
    save(admin, languages=["fr", "ar"])
    html = open_browser().client.get("/sign-in?lang=en").get_data(as_text=True)
    assert '<html lang="fr"' in html
    assert 'hreflang="en"' not in html


def test_of_two_who_change_it_the_second_sees_both_versions(admin: Browser) -> None:
    _, version = admin.read("/clinic")
    assert admin.put("/clinic", PROFILE, version).status_code == 200
    late = admin.put("/clinic", {**PROFILE, "week_start": 6}, version)
    assert (late.status_code, late.get_json()["code"]) == (412, "document_changed")
    assert admin.read("/clinic")[0]["week_start"] == 0
    assert admin.put("/clinic", PROFILE, {}).status_code == 422


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tz": "Asia/Nowhere"}, "tz"),
        ({"languages": []}, "languages"),
        ({"languages": ["fr", "fr"]}, "languages"),
        ({"names": {"ar": "النور"}}, "names.fr"),
        ({"names": {"de": "Klinik"}}, "names"),
        ({"digits": "roman"}, "digits"),
        ({"week_start": 7}, "week_start"),
        ({"phone": "call us"}, "phone"),
        ({"motto": "calm"}, "motto"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_field(
    admin: Browser, changes: dict[str, object], field: str
) -> None:
    refused = save(admin, **changes)
    assert refused.status_code == 422
    assert field in {name.split(".de")[0] for name in refused.get_json()["errors"]}


def test_a_closed_directory_opens_after_sign_in(
    admin: Browser, open_browser: Open, parts: Runtime, vault: Vault
) -> None:
    diary = make_diary(parts.database, vault)
    paths: list[tuple[str, dict[str, object]]] = [
        ("/practitioners", {}),
        ("/slots", {"service": diary.service}),
    ]
    stranger = open_browser()
    assert [stranger.get(path, **query).status_code for path, query in paths] == [200, 200]
    save(admin, closed_directory=True)
    for path, query in paths:
        refused = stranger.get(path, **query)
        assert (refused.status_code, refused.get_json()["code"]) == (401, "signed_out")
        assert admin.get(path, **query).get_json()["items"] != []
    assert stranger.get("/services").get_json()["items"] != []  # what is offered names nobody
    patient = browser_of(open_browser, parts, diary.patient_actors[0])
    for path, query in paths:
        assert patient.get(path, **query).get_json()["items"] != []
    page = stranger.client.get("/book")
    assert (page.status_code, page.headers["Location"]) == (302, "/sign-in?next=%2Fbook")


def test_only_the_administration_reads_and_changes_it(open_browser: Open, admin: Browser) -> None:
    assert open_browser().get("/clinic").status_code == 401
