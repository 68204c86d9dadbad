"""The API describes itself truly, to programs and to people."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from clinic.web.reference import Operation, operations_of


def test_the_page_lists_every_operation(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    page = client.get("/api/docs")
    assert page.status_code == 200
    for operation in operations_of(document):
        assert f"<code>{operation.method} {operation.path}</code>" in page.text


def test_the_page_needs_no_script_and_asks_nobody(client: FlaskClient) -> None:
    page = client.get("/api/docs").text
    assert "<script" not in page
    assert "http" not in page.replace("/api/v1", "")


def test_errors_are_described_as_the_problem_documents_that_they_are(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    described = document["components"]["schemas"]["ProblemOut"]["required"]
    problem = client.get("/api/v1/me").get_json()
    assert set(described) <= set(problem)


def test_the_document_is_openapi_3_1(client: FlaskClient) -> None:
    assert client.get("/api/v1/openapi.json").get_json()["openapi"].startswith("3.1")


def test_every_list_is_read_in_parts(client: FlaskClient) -> None:
    operations = operations_of(client.get("/api/v1/openapi.json").get_json())
    lists = [one for one in operations if one.method == "GET" and "items" in _answered(one)]
    assert len(lists) > 10
    for one in lists:
        assert {"limit", "cursor"} <= {parameter.name for parameter in one.parameters}, one.path
        assert "next" in _answered(one), one.path


def _answered(operation: Operation) -> set[str]:
    return {field.name for _, fields in operation.answers for field in fields}


def test_the_document_says_how_one_is_known_and_which_headers_are_read(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    scheme = document["components"]["securitySchemes"]["session"]
    assert scheme == {"type": "apiKey", "in": "cookie", "name": "sid"}
    paths = document["paths"]
    assert paths["/api/v1/services"]["get"]["security"] == []
    note = paths["/api/v1/notes/{note_id}"]["put"]
    assert note["security"] == [{"session": []}]
    assert _headers(note) == {"If-Match": True, "X-Purpose-Of-Use": False, "X-CSRF-Token": True}
    booking = _headers(paths["/api/v1/appointments"]["post"])
    assert booking == {"Idempotency-Key": False, "X-CSRF-Token": True}
    assert _headers(paths["/api/v1/appointments"]["get"]) == {}


def _headers(operation: dict[str, Any]) -> dict[str, bool]:
    listed = operation.get("parameters", ())
    return {one["name"]: one["required"] for one in listed if one["in"] == "header"}
