"""Patients by name and contact, over HTTP: the desk, therapists, patients themselves and strangers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from clinic.access.actor import Actor, Role
from clinic.audit import queries as trail
from clinic.db.transaction import snapshot, transaction
from clinic.identity.models import Practitioner
from clinic.identity.services.relationships import relate
from clinic.ids import AccountId, PatientId, PractitionerId
from clinic.web.paging import encode_cursor
from clinic.web.runtime import Runtime
from tests.functional.identity.conftest import Browser, People, names

Open = Callable[[str], Browser]


def assign(desk: Browser, patient: object, practitioner: object) -> None:
    """Let the desk bring a practitioner in."""
    done = desk.send("POST", f"/patients/{patient}/care-team", {"practitioner": str(practitioner)})
    assert done.status_code == 201, done.get_json()


def test_the_desk_registers_somebody_who_called(browser: Open) -> None:
    desk = browser("reception")
    made = desk.send("POST", "/patients", {"name": "سميرة بنعلي", "phone": "052-765-4321", "language": "ar"})
    assert made.status_code == 201
    body = made.get_json()
    assert body == {
        "id": body["id"],
        "name": "سميرة بنعلي",
        "preferred_name": None,
        "phone": "+972527654321",
        "email": None,
        "language": "ar",
        "reminders": True,
        "birth_date": None,
        "has_account": False,
    }
    read = desk.get(f"/patients/{body['id']}")
    assert (read.get_json(), read.headers["ETag"]) == (body, made.headers["ETag"])


def test_registering_twice_with_one_key_makes_one_patient(browser: Open) -> None:
    desk, key = browser("reception"), str(uuid4())
    body = {"name": "Samira Benali", "language": "fr"}
    made = [desk.send("POST", "/patients", body, **{"Idempotency-Key": key}).get_json() for _ in range(2)]
    assert made[0] == made[1]
    assert names(desk.get("/patients")).count("Samira Benali") == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "call me"}, "phone"),
        ({"email": "samira"}, "email"),
        ({"birth_date": "2030-01-01"}, "birth_date"),
        ({"birth_date": "yesterday"}, "birth_date"),
        ({"language": "de"}, "language"),
        ({"name": ""}, "name"),
        ({"name": " \t "}, "name"),
        ({"name": "12"}, "name"),
        ({"roles": ["clinic_admin"]}, "roles"),
    ],
)
def test_each_field_that_cannot_be_says_why(browser: Open, change: dict[str, object], field: str) -> None:
    body = {"name": "Samira Benali", "language": "fr", **change}
    refused = browser("reception").send("POST", "/patients", body)
    assert refused.status_code == 422
    assert list(refused.get_json()["errors"]) == [field]


def test_the_desk_lists_everybody_page_by_page(browser: Open) -> None:
    desk = browser("reception")
    first = desk.get("/patients?limit=1").get_json()
    second = desk.get(f"/patients?limit=1&cursor={first['next']}").get_json()
    assert {*names_of(first), *names_of(second)} == {"Samar Haddad", "أمينة الخوري"}
    assert second["next"] is None


def names_of(body: dict[str, list[dict[str, str]]]) -> list[str]:
    """Return the names in a list that has been read."""
    return [item["name"] for item in body["items"]]


ID = "5b0f0b0e-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "WyJhIiwgImIiXQ",
        "WyIyMDI2LTAxLTAxIl0",
        encode_cursor("2026-01-01T00:00:00", ID),
        encode_cursor("0001-01-01T00:00:00+14:00", ID),
        encode_cursor("9999-12-31T23:59:59-14:00", ID),
        encode_cursor("2026-01-01T00:00:00+00:00", "\x00" + ID),
        encode_cursor("2026-01-01T00:00:00+00:00", "\ud800"),
    ],
)
def test_a_cursor_from_elsewhere_is_refused(browser: Open, cursor: str) -> None:
    refused = browser("reception").get(f"/patients?cursor={cursor}")
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["cursor"])


@pytest.mark.parametrize(
    ("query", "found"),
    [("haddad", ["Samar Haddad"]), ("امينه", ["أمينة الخوري"]), ("0521234", ["Samar Haddad"]), ("zz", [])],
)
def test_the_desk_finds_people_by_what_it_heard(browser: Open, query: str, found: list[str]) -> None:
    assert names(browser("reception").send("POST", "/patients/search", {"q": query})) == found


def test_therapists_find_those_they_treat_and_nobody_else(browser: Open, people: People) -> None:
    assign(browser("reception"), people.samar, people.leila)
    leila, karim = browser("leila"), browser("karim")
    assert names(leila.get("/patients")) == ["Samar Haddad"]
    assert names(leila.send("POST", "/patients/search", {"q": "samar"})) == ["Samar Haddad"]
    assert leila.get(f"/patients/{people.samar}").status_code == 200
    assert names(karim.get("/patients")) == []
    assert names(karim.send("POST", "/patients/search", {"q": "samar"})) == []


def test_a_therapist_who_does_not_treat_is_refused_with_the_reason_and_on_record(
    browser: Open, people: People, parts: Runtime
) -> None:
    refused = browser("karim").get(f"/patients/{people.samar}")
    assert refused.status_code == 403
    assert (refused.get_json()["code"], refused.get_json()["reasons"]) == (
        "consent_denied",
        ["no_relationship"],
    )
    with snapshot(parts.database) as session:
        entry = trail.access_log(session, patient_id=people.samar, limit=1)[0]
        assert (entry.action, entry.outcome, entry.reason) == ("patient.read", "refused", "no_relationship")
        assert entry.actor_id == session.get_one(Practitioner, people.karim).account_id


@pytest.mark.parametrize(("name", "status"), [("auditor", 403), ("amina", 404)])
def test_other_people_look_nobody_up(browser: Open, name: str, status: int) -> None:
    who = browser(name)
    assert who.get("/patients").status_code == status
    assert who.send("POST", "/patients/search", {"q": "samar"}).status_code == status
    assert who.send("POST", "/patients", {"name": "X", "language": "ar"}).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/patients/{}", None),
        ("PATCH", "/patients/{}", {"preferred_name": "Sam"}),
        ("GET", "/patients/{}/care-team", None),
        ("POST", "/patients/{}/care-team", {"practitioner": "5b0f0b0e-0000-4000-8000-000000000000"}),
    ],
)
def test_another_patient_is_like_nobody(
    browser: Open, people: People, method: str, path: str, body: object
) -> None:
    amina = browser("amina")
    theirs = amina.send(method, path.format(people.samar), body)
    nobodys = amina.send(method, path.format(uuid4()), body)
    assert theirs.status_code == 404
    assert theirs.get_data() == nobodys.get_data()


def test_patients_see_and_correct_their_own_contacts(browser: Open, people: People) -> None:
    samar = browser("samar")
    assert samar.get(f"/patients/{people.samar}").get_json()["birth_date"] == "1990-05-17"
    changed = samar.send(
        "PATCH", f"/patients/{people.samar}", {"preferred_name": "Sam", "phone": None, "language": "ar"}
    )
    body = changed.get_json()
    assert (body["preferred_name"], body["phone"], body["language"]) == ("Sam", None, "ar")


def test_names_and_dates_of_birth_are_changed_at_the_desk(browser: Open, people: People) -> None:
    change, path = {"name": "Samar Khoury", "birth_date": "1991-05-17"}, f"/patients/{people.samar}"
    refused = browser("samar").send("PATCH", path, change)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "at_the_desk")
    assert set(refused.get_json()["errors"]) == {"name", "birth_date"}
    assert browser("reception").send("PATCH", path, change).get_json()["name"] == "Samar Khoury"
    assert browser("samar").get("/me").get_json()["name"] == "Samar Khoury"


def test_of_two_who_change_at_once_the_second_is_told(browser: Open, people: People) -> None:
    desk, samar, path = browser("reception"), browser("samar"), f"/patients/{people.samar}"
    tag = desk.get(path).headers["ETag"]
    assert samar.send("PATCH", path, {"phone": "+33612345678"}, **{"If-Match": tag}).status_code == 200
    refused = desk.send("PATCH", path, {"phone": "+33687654321"}, **{"If-Match": tag})
    assert (refused.status_code, refused.get_json()["code"]) == (412, "patient_changed")
    assert desk.get(path).get_json()["phone"] == "+33612345678"


def test_a_new_contact_is_the_one_that_is_found(browser: Open, people: People) -> None:
    desk = browser("reception")
    desk.send("PATCH", f"/patients/{people.samar}", {"email": "Samar.New@Clinic.example"})
    assert names(desk.send("POST", "/patients/search", {"q": "samar.new"})) == ["Samar Haddad"]


def test_the_desk_brings_a_practitioner_in(browser: Open, people: People) -> None:
    assign(browser("reception"), people.samar, people.leila)
    members = browser("samar").get(f"/patients/{people.samar}/care-team").get_json()["items"]
    assert [(one["practitioner_name"], one["kind"], one["confirmed"]) for one in members] == [
        ("Dr. Leila Mansour", "treating", True)
    ]


def test_assigning_twice_comes_to_the_same(browser: Open, people: People) -> None:
    desk = browser("reception")
    assign(desk, people.samar, people.leila)
    assign(desk, people.samar, people.leila)
    assert len(desk.get(f"/patients/{people.samar}/care-team").get_json()["items"]) == 1


def test_a_practitioner_cannot_bring_themselves_in(browser: Open, people: People) -> None:
    refused = browser("karim").send(
        "POST", f"/patients/{people.samar}/care-team", {"practitioner": str(people.karim)}
    )
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not_permitted")


def test_what_a_practitioner_entered_stands_once_the_patient_says_so(
    browser: Open, people: People, parts: Runtime
) -> None:
    relationship = _entered_by_the_practitioner(parts, people)
    samar, path = browser("samar"), f"/care-relationships/{relationship}/confirm"
    team = f"/patients/{people.samar}/care-team"
    assert [one["confirmed"] for one in samar.get(team).get_json()["items"]] == [False]
    assert browser("amina").send("POST", path).status_code == 404
    assert browser("karim").send("POST", path).status_code == 403
    assert samar.send("POST", path).get_json()["confirmed"] is True
    assert [one["confirmed"] for one in samar.get(team).get_json()["items"]] == [True]


def test_an_entry_that_nobody_vouches_for_opens_only_the_name(
    browser: Open, people: People, parts: Runtime
) -> None:
    relationship = _entered_by_the_practitioner(parts, people)
    karim, path = browser("karim"), f"/patients/{people.samar}"
    shown = [
        karim.get(path).get_json(),
        karim.get("/patients").get_json()["items"][0],
        karim.send("POST", "/patients/search", {"q": "samar"}).get_json()["items"][0],
    ]
    assert [(one["name"], one["phone"], one["email"]) for one in shown] == [("Samar Haddad", None, None)] * 3
    assert names(karim.send("POST", "/patients/search", {"q": "0521234567"})) == []
    assert names(karim.send("POST", "/patients/search", {"q": "samar@"})) == []
    browser("samar").send("POST", f"/care-relationships/{relationship}/confirm")
    assert karim.get(path).get_json()["phone"] == "+972521234567"


def test_lists_and_therapists_show_no_date_of_birth(browser: Open, people: People) -> None:
    desk, path = browser("reception"), f"/patients/{people.samar}"
    assign(desk, people.samar, people.leila)
    leila = browser("leila")
    listed = [
        *desk.get("/patients").get_json()["items"],
        *desk.send("POST", "/patients/search", {"q": "samar"}).get_json()["items"],
        leila.get(path).get_json(),
    ]
    assert {one["birth_date"] for one in listed} == {None}
    assert desk.get(path).get_json()["birth_date"] == "1990-05-17"
    assert desk.get(path).headers["ETag"] == leila.get(path).headers["ETag"]


def _entered_by_the_practitioner(parts: Runtime, people: People) -> object:
    with transaction(parts.database) as session:
        account_id = AccountId(session.get_one(Practitioner, people.karim).account_id)
        karim = Actor(
            account_id, frozenset({Role.PRACTITIONER}), practitioner_id=PractitionerId(people.karim)
        )
        return relate(
            session,
            actor=karim,
            clock=parts.clock,
            patient_id=PatientId(people.samar),
            practitioner_id=PractitionerId(people.karim),
        ).id
