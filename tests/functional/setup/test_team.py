"""Who may do what here: roles, shutting out, and the rules that hold for administrators themselves."""

from __future__ import annotations

from uuid import uuid4

import pytest

from clinic.access.actor import Role
from clinic.audit import queries as trail
from clinic.db.transaction import snapshot, transaction
from clinic.identity.models import Account
from clinic.vault import Vault
from clinic.web.runtime import Runtime
from tests.factories.identity import make_account, make_patient, make_practitioner
from tests.functional.identity.conftest import Letterbox
from tests.functional.setup.conftest import Browser, Open


@pytest.fixture
def reception(parts: Runtime, vault: Vault) -> Account:
    """Somebody at the front desk: `rana@clinic.example`."""
    with transaction(parts.database) as session:
        return make_account(session, vault, email="rana@clinic.example", name="Rana", roles=(Role.RECEPTION,))


def own_id(admin: Browser) -> str:
    """Return the account of who is signed in."""
    return str(admin.get("/me").get_json()["id"])


def test_a_role_counts_from_the_next_request_on(
    admin: Browser, reception: Account, open_browser: Open, parts: Runtime, letterbox: Letterbox
) -> None:
    rana = open_browser("rana@clinic.example")
    assert rana.get("/staff").status_code == 403
    _, version = admin.read(f"/staff/{reception.id}")
    changed = admin.put(f"/staff/{reception.id}/roles", {"roles": ["reception", "clinic_admin"]}, version)
    assert changed.get_json()["roles"] == ["clinic_admin", "reception"]
    assert changed.get_json()["changed"]["by"] == "Huda"
    assert rana.get("/staff").status_code == 200
    assert [address for address, _ in letterbox.collect()] == ["rana@clinic.example"]
    with snapshot(parts.database) as session:
        (entry,) = trail.entries(session, action="account.roles", limit=2)
        assert entry.reason == "add.clinic_admin"


def test_who_begins_to_treat_becomes_known_to_patients_and_who_ends_is_offered_no_more(
    admin: Browser, reception: Account
) -> None:
    path = f"/staff/{reception.id}"
    changed = admin.put(f"{path}/roles", {"roles": ["practitioner"]}, admin.read(path)[1]).get_json()
    assert changed["profile"]["profession"] == "therapist"
    told = {"name": "Rana Odeh", "profession": "psychologist", "gender": "female", "languages": ["ar", "fr"]}
    changed = admin.put(path, {**told, "specialties": ["anxiety"]}, admin.read(path)[1]).get_json()
    assert (changed["name"], changed["profile"]["specialties"]) == ("Rana Odeh", ["anxiety"])
    ended = admin.put(f"{path}/roles", {"roles": ["reception"]}, admin.read(path)[1])
    assert ended.get_json()["roles"] == ["reception"]


def test_a_role_that_is_gone_opens_nothing(
    admin: Browser, open_browser: Open, parts: Runtime, vault: Vault
) -> None:
    with transaction(parts.database) as session:
        leila = make_practitioner(session, vault, email="leila@clinic.example")
    browser, path = open_browser("leila@clinic.example"), f"/staff/{leila.account_id}"
    assert browser.get("/me").get_json()["practitioner_id"] == str(leila.id)
    admin.put(f"{path}/roles", {"roles": ["auditor"]}, admin.read(path)[1])
    assert browser.get("/me").get_json()["practitioner_id"] is None


def test_nobody_gives_themself_a_role(admin: Browser, parts: Runtime) -> None:
    path = f"/staff/{own_id(admin)}"
    refused = admin.put(f"{path}/roles", {"roles": ["clinic_admin", "practitioner"]}, admin.read(path)[1])
    assert (refused.status_code, refused.get_json()["code"]) == (403, "own_roles")
    with snapshot(parts.database) as session:
        (entry,) = trail.entries(session, action="account.roles", limit=2)
        assert (entry.outcome, entry.reason) == ("refused", "own_roles")


@pytest.mark.parametrize("act", ["roles", "deactivate"])
def test_the_last_administrator_stays(admin: Browser, act: str) -> None:
    path = f"/staff/{own_id(admin)}"
    _, version = admin.read(path)
    refused = (
        admin.put(f"{path}/roles", {"roles": ["reception"]}, version)
        if act == "roles"
        else admin.post(f"{path}/deactivate", **version)
    )
    assert (refused.status_code, refused.get_json()["code"]) == (409, "last_admin")


def test_who_is_shut_out_is_out_at_once_and_may_come_back(
    admin: Browser, reception: Account, open_browser: Open
) -> None:
    rana, path = open_browser("rana@clinic.example"), f"/staff/{reception.id}"
    assert admin.post(f"{path}/deactivate", **admin.read(path)[1]).get_json()["status"] == "disabled"
    assert rana.get("/me").status_code == 401
    again = admin.post(f"{path}/reactivate", **admin.read(path)[1])
    assert again.get_json()["status"] == "active"
    assert rana.get("/me").status_code == 401
    assert open_browser("rana@clinic.example").get("/me").status_code == 200


def test_what_somebody_else_has_changed_meanwhile_is_not_overwritten(
    admin: Browser, reception: Account
) -> None:
    path = f"/staff/{reception.id}"
    _, version = admin.read(path)
    assert admin.put(path, {"name": "Rana Odeh"}, version).status_code == 200
    late = admin.put(f"{path}/roles", {"roles": ["auditor"]}, version)
    assert (late.status_code, late.get_json()["code"]) == (412, "document_changed")


def test_patients_are_no_staff(admin: Browser, parts: Runtime, vault: Vault) -> None:
    with transaction(parts.database) as session:
        samar = make_patient(session, vault, email="samar@clinic.example")
    assert admin.get(f"/staff/{samar.account_id}").status_code == 404
    assert admin.get(f"/staff/{uuid4()}").status_code == 404
    assert all(one["email"] != "samar@clinic.example" for one in admin.get("/staff").get_json()["items"])


def test_changing_roles_needs_a_fresh_proof(open_browser: Open, admin: Browser, reception: Account) -> None:
    stale = open_browser("huda@clinic.example")
    path = f"/staff/{reception.id}"
    refused = stale.put(f"{path}/roles", {"roles": ["auditor"]}, stale.read(path)[1])
    assert refused.get_json()["code"] == "step_up_required"


@pytest.mark.parametrize("roles", [[], ["patient"], ["owner"]])
def test_only_roles_of_staff_are_given(admin: Browser, reception: Account, roles: list[str]) -> None:
    path = f"/staff/{reception.id}"
    refused = admin.put(f"{path}/roles", {"roles": roles}, admin.read(path)[1])
    assert refused.status_code == 422
