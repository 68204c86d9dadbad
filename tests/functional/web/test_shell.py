"""The HTML of pages, before any script runs. Needs the frontend build (`make frontend`)."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from flask.testing import FlaskClient

_BUDGET = 6 * 1024


@pytest.mark.parametrize(
    ("lang", "direction", "help_line"),
    [("ar", "rtl", "مساعدة عاجلة"), ("fr", "ltr", "Aide urgente"), ("en", "ltr", "Urgent help")],
)
def test_a_page_is_readable_before_its_script(
    client: FlaskClient, lang: str, direction: str, help_line: str
) -> None:
    html = client.get(f"/?lang={lang}").get_data(as_text=True)
    assert f'<html lang="{lang}" dir="{direction}">' in html
    assert re.search(r'<a class="crisis-line" href="/crisis" data-test="crisis">', html)
    assert help_line in html
    assert "<h1>" in html


@pytest.mark.parametrize(("lang", "name"), [("ar", "سكينة"), ("fr", "Sakina"), ("en", "Sakina")])
@pytest.mark.parametrize("path", ["/sign-in", "/crisis", "/no-such-page"])
def test_a_clinic_without_a_name_is_called_alike_on_every_page(
    client: FlaskClient, path: str, lang: str, name: str
) -> None:
    html = client.get(f"{path}?lang={lang}").get_data(as_text=True)
    assert f"· {name}</title>" in html
    boot = re.search(r'<script type="application/json" id="boot">(.+?)</script>', html)
    assert boot is None or json.loads(boot[1])["clinic"]["name"] == name


def test_the_language_is_kept_in_a_cookie(client: FlaskClient) -> None:
    client.get("/?lang=fr")
    assert 'lang="fr"' in client.get("/sign-in").get_data(as_text=True)


def test_inline_style_carries_the_nonce_of_the_policy(client: FlaskClient) -> None:
    response = client.get("/")
    nonce = re.search(r'<style nonce="([^"]+)">', response.get_data(as_text=True))
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in response.headers["Content-Security-Policy"]
    assert nonce[1] not in client.get("/").headers["Content-Security-Policy"]


def test_boot_data_says_that_nobody_is_signed_in(client: FlaskClient) -> None:
    html = client.get("/?lang=en").get_data(as_text=True)
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', html)
    assert found is not None
    boot = json.loads(found[1])
    assert (boot["user"], boot["csrf_token"], boot["language"], boot["dir"]) == (None, "", "en", "ltr")
    assert boot["clock"] == {"local": "2026-11-22T11:00", "offset": "+02:00", "tz": "Asia/Jerusalem"}


def test_what_does_not_exist_says_so_as_a_page_and_as_a_problem(client: FlaskClient) -> None:
    page = client.get("/nowhere?lang=en")
    assert page.status_code == 404
    assert "This page does not exist" in page.get_data(as_text=True)
    assert client.get("/api/nowhere").content_type == "application/problem+json"


def test_assets_come_compressed_and_are_kept_for_good(client: FlaskClient) -> None:
    html = client.get("/").get_data(as_text=True)
    script = re.search(r'<script type="module" src="([^"]+)">', html)
    assert script is not None
    with client.get(script[1], headers={"Accept-Encoding": "gzip, br"}) as response:
        assert response.headers["Content-Encoding"] == "br"
        assert "immutable" in response.headers["Cache-Control"]
        assert response.content_type.startswith("text/javascript")
    with client.get(script[1], headers={"Accept-Encoding": "identity"}) as plain:
        assert "Content-Encoding" not in plain.headers
    assert client.get("/static/app/../assets.py").status_code == 404


def test_the_shell_keeps_its_budget(client: FlaskClient) -> None:
    assert len(gzip.compress(client.get("/?lang=ar").data)) <= _BUDGET


def test_no_served_page_names_an_outside_host(client: FlaskClient) -> None:
    for path in ("/", "/sign-in", "/nowhere"):
        assert not re.search(r"https?://", client.get(path).get_data(as_text=True))


def test_a_page_comes_compressed_where_the_browser_accepts_it(client: FlaskClient) -> None:
    small = client.get("/?lang=en", headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert b"<h1>" in gzip.decompress(small.data)
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "identity"}).headers


def test_a_private_page_sends_strangers_to_sign_in_and_back(client: FlaskClient) -> None:
    response = client.get("/settings?tab=devices")
    assert response.status_code == 302
    assert response.headers["Location"] == "/sign-in?next=%2Fsettings%3Ftab%3Ddevices"
