"""The first administrator comes in from the machine itself, and anybody can be shut out from there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from clinic.clock import SystemClock
from clinic.config import Settings
from clinic.identity.cli import users
from tests.factories.http import sign_in
from tests.fakes.clock import FakeClock
from tests.functional.identity.conftest import Browser, People

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    """Run `clinic users ...` on the clinic of the test."""

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(users, arguments, obj=settings)

    return invoke


def test_the_first_administrator_is_invited_from_the_machine(
    run: Run, client: FlaskClient, clock: FakeClock
) -> None:
    clock.set(SystemClock().now())
    done = run("invite", "huda@clinic.example", "--name", "Huda", "--role", "clinic_admin")
    assert done.exit_code == 0
    address, _, token = done.output.strip().partition("#")
    assert address == "http://localhost:8000/invitation"
    accepted = client.post(f"/api/v1/invitations/{token}/accept", json={"password": "premiere-Huda-7"})
    assert accepted.status_code == 201
    sign_in(client, "huda@clinic.example", "premiere-Huda-7")
    assert client.get("/api/v1/me").get_json()["roles"] == ["clinic_admin"]
    assert run("list").output == "huda@clinic.example  active  clinic_admin\n"


def test_who_is_shut_out_is_out_at_once(run: Run, browser: Callable[[str], Browser]) -> None:
    leila = browser("leila")
    assert run("disable", "Leila@clinic.example").output == "disabled\n"
    assert leila.get("/me").status_code == 401
    refused = leila.client.post(
        "/api/v1/session", json={"email": "leila@clinic.example", "password": "correct-Horse-2026"}
    )
    assert refused.get_json()["code"] == "wrong_credentials"


def test_patients_are_not_listed(run: Run, people: People) -> None:
    assert "samar" not in run("list").output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("disable", "nobody@clinic.example"), "There is nothing here."),
        (
            ("invite", "leila@clinic.example", "--name", "X", "--role", "reception"),
            "This address has an account already.",
        ),
        (
            ("invite", "nobody", "--name", "X", "--role", "reception"),
            "Some of what was sent cannot be accepted. Each field says why.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run, people: People, arguments: tuple[str, ...], sentence: str
) -> None:
    done = run(*arguments)
    assert done.exit_code == 1
    assert sentence in done.output
