"""Errors, headers and languages of any response."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from clinic.web.problems import problem


def test_an_unknown_path_is_a_problem_document(client: FlaskClient) -> None:
    response = client.get("/api/v1/nothing?lang=fr")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    assert response.get_json()["code"] == "not_found"
    assert response.get_json()["detail"] == "Il n’y a rien ici."


@pytest.mark.parametrize(("header", "language"), [("fr", "fr"), ("en-GB,en", "en"), ("de", "ar"), ("", "ar")])
def test_errors_speak_the_callers_language(client: FlaskClient, header: str, language: str) -> None:
    response = client.get("/api/v1/nothing", headers={"Accept-Language": header})
    assert response.headers["Content-Language"] == language


def test_every_response_carries_the_policy(client: FlaskClient) -> None:
    headers = client.get("/api/v1/nothing").headers
    assert "default-src 'none'; script-src 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_another_site_cannot_change_anything(client: FlaskClient) -> None:
    response = client.post("/api/v1/nothing", headers={"Sec-Fetch-Site": "cross-site"})
    assert (response.status_code, response.get_json()["code"]) == (403, "cross_site")
    response = client.post("/api/v1/nothing", headers={"Origin": "https://elsewhere.example"})
    assert (response.status_code, response.get_json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize(
    ("language", "needed", "unknown"),
    [
        ("ar", "هذا الحقل مطلوب.", "هذا الحقل غير معروف هنا."),
        ("fr", "Ce champ est nécessaire.", "Ce champ n’est pas connu ici."),
        ("en", "This is needed.", "This field is not known here."),
    ],
)
def test_the_reason_at_a_field_speaks_the_callers_language(
    client: FlaskClient, language: str, needed: str, unknown: str
) -> None:
    response = client.post(f"/api/v1/session?lang={language}", json={"email": "a@clinic.example", "x": 1})
    assert response.status_code == 422
    assert response.get_json()["errors"] == {"password": [needed], "x": [unknown]}


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_a_body_that_is_not_json_is_refused_as_such(client: FlaskClient, kind: str) -> None:
    response = client.post("/api/v1/session", data="email=a%40clinic.example&password=x", content_type=kind)
    assert (response.status_code, response.get_json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_who_is_too_quick_hears_how_many_seconds_to_wait(app: Flask, language: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        response = problem(429, "too_many", retry_after=47)
    assert response.headers["Retry-After"] == "47"
    assert " 47 " in response.get_json()["detail"]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize(
    "reason", ["no_relationship", "relationship_unconfirmed", "role_not_allowed", "purpose_not_allowed"]
)
def test_a_refusal_says_its_own_reason(app: Flask, language: str, reason: str) -> None:
    with app.test_request_context(f"/?lang={language}"):
        said, plain = (problem(403, "consent_denied", reasons=reasons) for reasons in ([reason], []))
    assert said.get_json()["detail"] != plain.get_json()["detail"]
