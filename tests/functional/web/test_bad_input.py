"""Input that no page sends: it is refused by name, and nothing breaks."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask.testing import FlaskClient


def test_json_nested_too_deep_is_a_bad_request(client: FlaskClient) -> None:
    response = client.post("/api/v1/session", data="[" * 100_000, content_type="application/json")
    assert response.status_code in {400, 422}
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_an_instant_beyond_the_calendar_is_refused_by_name(client: FlaskClient, moment: str) -> None:
    response = client.get("/api/v1/slots", query_string={"service": str(uuid4()), "from": moment})
    assert response.status_code == 422
    assert list(response.get_json()["errors"]) == ["from"]


def test_a_naive_instant_is_refused_by_name(client: FlaskClient) -> None:
    response = client.get(
        "/api/v1/slots", query_string={"service": str(uuid4()), "from": "2026-11-22T16:00:00"}
    )
    assert list(response.get_json()["errors"]) == ["from"]
