"""People at their browsers: signing a test client in."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.factories.identity import PASSWORD


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> dict[str, str]:
    """Sign `client` in as `email`, out of whatever it was before; return its CSRF header."""
    client.delete_cookie("sid")
    response = client.post("/api/v1/session", json={"email": email, "password": password})
    assert response.status_code == 200, response.get_data(as_text=True)
    return {"X-CSRF-Token": response.get_json()["csrf_token"]}
