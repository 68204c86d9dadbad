"""A consent that is given until a day holds to the end of that day at the clinic, wherever the browser is."""

from __future__ import annotations

import pytest
from flask import Flask

from clinic.vault import Vault
from tests.factories.story import Clinic, open_clinic
from tests.fakes.clock import FakeClock


@pytest.fixture
def clinic(app: Flask, vault: Vault, clock: FakeClock) -> Clinic:
    """A clinic with a patient and two therapists."""
    return open_clinic(app, vault, clock)


def _body(clinic: Clinic, **end: object) -> dict[str, object]:
    return {"practitioner": str(clinic.cast.therapist.practitioner_id), **end}


def test_a_consent_holds_to_the_end_of_its_last_day(clinic: Clinic) -> None:
    path = f"/patients/{clinic.cast.patient_id}/consents"
    patient = clinic.browser("patient")
    made = patient.ask("POST", path, _body(clinic, ends_on="2027-03-26"))
    assert made.status_code == 201, made.get_data(as_text=True)
    # Clocks in Jerusalem go forward at 02:00 on that day.
    assert (made.get_json()["ends_at"], made.get_json()["ends_on"]) == (
        "2027-03-26T21:00:00+00:00",
        "2027-03-26",
    )
    assert patient.get(path)["items"][0]["ends_on"] == "2027-03-26"


@pytest.mark.parametrize(
    "end",
    [
        {"ends_on": "2026-11-21"},
        {"ends_on": "9999-12-31"},
        {"ends_on": "2026-12-01", "ends_at": "2026-12-01T00:00:00Z"},
    ],
)
def test_a_day_that_cannot_be_says_why(clinic: Clinic, end: dict[str, str]) -> None:
    path = f"/patients/{clinic.cast.patient_id}/consents"
    refused = clinic.browser("patient").ask("POST", path, _body(clinic, **end))
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["ends_on"])
