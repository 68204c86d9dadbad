"""Urgent help, for anyone, without script."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("lang", "words"), [("ar", "لست وحدك"), ("fr", "Quelqu’un est là"), ("en", "You are not alone")]
)
def test_a_stranger_finds_numbers_in_their_language(client: FlaskClient, lang: str, words: str) -> None:
    html = client.get(f"/crisis?lang={lang}").get_data(as_text=True)
    assert words in html
    assert len(re.findall('href="tel:[0-9]+" data-test="crisis-number"', html)) >= 3


def test_the_page_needs_no_script(client: FlaskClient) -> None:
    assert "<script" not in client.get("/crisis").get_data(as_text=True)


def test_another_place_has_other_numbers(client: FlaskClient) -> None:
    html = client.get("/crisis?place=morocco&lang=fr").get_data(as_text=True)
    assert 'href="tel:177"' in html
    assert client.get("/crisis?place=moon").status_code == 200


def test_numbers_nobody_has_called_are_not_said_to_be_checked(client: FlaskClient) -> None:
    assert "not confirmed" in client.get("/crisis?lang=en").get_data(as_text=True)


def test_programs_get_the_same_numbers(client: FlaskClient) -> None:
    items = client.get("/api/v1/crisis?lang=fr").get_json()["items"]
    assert {"region", "name", "number", "hours", "languages", "last_checked"} <= set(items[0])
    assert {item["region"] for item in items} == {"jerusalem", "palestine", "morocco", "elsewhere"}
