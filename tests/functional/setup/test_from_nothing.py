"""A clinic is made from an empty database over HTTP alone, and a stranger books a visit in it."""

from __future__ import annotations

from typing import Any

from click.testing import CliRunner
from flask.testing import FlaskClient

from clinic.clock import SystemClock
from clinic.config import Settings
from clinic.identity.cli import users
from tests.fakes.clock import FakeClock
from tests.functional.identity.conftest import Letterbox
from tests.functional.setup.conftest import PROFILE, Browser, Open

SERVICE = {
    "kind": "intake",
    "texts": {
        "ar": {"name": "لقاء أول", "description": "للتعارف"},
        "fr": {"name": "Premier entretien", "description": ""},
        "en": {"name": "First talk", "description": "To get to know each other"},
    },
    "minutes": 50,
    "before_minutes": 0,
    "after_minutes": 10,
    "grid_minutes": 30,
    "lead_minutes": 120,
    "horizon_days": 42,
    "notice_minutes": 1440,
    "modalities": ["video", "in_person"],
    "booking_rule": "self",
}


def states(admin: Browser) -> dict[str, str]:
    """Return how far each task of the set-up is."""
    found = admin.get("/setup").get_json()
    return {step["task"]: step["state"] for step in found["tasks"]}


def accept(client: FlaskClient, token: str, password: str) -> None:
    """Take an invitation up."""
    taken = client.post(f"/api/v1/invitations/{token}/accept", json={"password": password})
    assert taken.status_code == 201, taken.get_data(as_text=True)


def first_admin(settings: Settings, open_browser: Open) -> Browser:
    """Invite the first administrator from the machine and sign them in."""
    made = CliRunner().invoke(users, ("create-admin", "huda@clinic.example", "--name", "Huda"), obj=settings)
    assert made.exit_code == 0, made.output
    accept(open_browser().client, made.output.splitlines()[0].partition("#")[2], "premiere-Huda-7")
    admin = open_browser("huda@clinic.example", "premiere-Huda-7")
    admin.post("/session/step-up", {"password": "premiere-Huda-7"})
    return admin


def place_and_service(admin: Browser) -> tuple[str, str]:
    """Make the clinic's profile, a site with a room and a service; return the ids of site and service."""
    _, version = admin.read("/clinic")
    assert admin.put("/clinic", PROFILE, version).status_code == 200
    site = admin.post(
        "/sites", {"names": {"fr": "Rabat", "ar": "الرباط"}, "tz": "Africa/Casablanca", "weekend": [5, 6]}
    )
    assert site.status_code == 201, site.get_data(as_text=True)
    place = site.get_json()["id"]
    assert admin.post(f"/sites/{place}/locations", {"name": "Salle 1"}).status_code == 201
    service = admin.post("/services", SERVICE)
    assert service.status_code == 201, service.get_data(as_text=True)
    return place, service.get_json()["id"]


def therapist(admin: Browser, open_browser: Open, letterbox: Letterbox) -> str:
    """Invite a therapist, who accepts; return the practitioner's id."""
    wanted = {
        "email": "yara@clinic.example",
        "name": "Yara Salem",
        "roles": ["practitioner"],
        "language": "fr",
    }
    assert admin.post("/invitations", {**wanted, "roles": ["practitioner"]}).status_code == 201
    assert states(admin)["people"] == "waiting"
    accept(open_browser().client, letterbox.token("/invitation"), "bienvenue-A-Yara-7")
    people = admin.get("/staff").get_json()["items"]
    return str(next(one for one in people if one["name"] == "Yara Salem")["profile"]["practitioner"])


def open_for_visits(admin: Browser, practitioner: str, site: str, service: str) -> None:
    """Say what the practitioner offers where, and when they are open."""
    _, version = admin.read(f"/practitioners/{practitioner}/offers")
    offered = admin.put(
        f"/practitioners/{practitioner}/offers", {"site": site, "services": [service]}, version
    )
    assert offered.status_code == 200, offered.get_data(as_text=True)
    rules = [_rule(weekday) for weekday in range(5)]
    _, version = admin.read(f"/practitioners/{practitioner}/availability")
    opened = admin.put(f"/practitioners/{practitioner}/availability", {"rules": rules}, version)
    assert opened.status_code == 200, opened.get_data(as_text=True)


def _rule(weekday: int) -> dict[str, Any]:
    return {
        "weekday": weekday,
        "start": "09:00",
        "end": "17:00",
        "tz": "Africa/Casablanca",
        "valid_from": "2026-01-01",
        "modality": ["video", "in_person"],
    }


def patient(open_browser: Open, letterbox: Letterbox) -> Browser:
    """Register somebody and sign them in."""
    email, password = "nour@clinic.example", "nour-Aloui-2028"
    stranger = open_browser()
    stranger.post("/registrations", {"name": "Nour", "email": email, "password": password, "language": "fr"})
    stranger.post("/registrations/verify", {"token": letterbox.token("/verify")})
    return open_browser(email, password)


def test_a_clinic_is_made_from_nothing_and_takes_its_first_visit(
    settings: Settings, clock: FakeClock, open_browser: Open, letterbox: Letterbox
) -> None:
    clock.set(SystemClock().now())
    admin = first_admin(settings, open_browser)
    letterbox.collect()
    assert set(states(admin).values()) == {"to_do", "optional"}
    site, service = place_and_service(admin)
    practitioner = therapist(admin, open_browser, letterbox)
    assert states(admin)["slot"] == "to_do"
    open_for_visits(admin, practitioner, site, service)
    found = admin.get("/setup").get_json()
    assert found["ready"], found["tasks"]
    nour = patient(open_browser, letterbox)
    slot = nour.get("/slots", service=service).get_json()["items"][0]
    assert (slot["tz"], slot["starts_at"]) == ("Africa/Casablanca", found["soonest"]["starts_at"])
    wanted = {name: slot[name] for name in ("service", "practitioner", "starts_at")}
    booked = nour.post("/appointments", {**wanted, "modality": "video"})
    assert booked.status_code == 201, booked.get_data(as_text=True)
    assert booked.get_json()["service_name"] == "Premier entretien"


def test_the_machine_invites_the_first_administrator_and_no_second_one(
    settings: Settings, clock: FakeClock, open_browser: Open
) -> None:
    clock.set(SystemClock().now())
    first_admin(settings, open_browser)
    again = CliRunner().invoke(users, ("create-admin", "rana@clinic.example", "--name", "Rana"), obj=settings)
    assert again.exit_code == 1
    assert "has an administrator already" in again.output
