"""What entries and links are hashed over is frozen: a trail of years must stay checkable."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from clinic.audit.body import GENESIS, body_hash, entry_mac, link_hash
from clinic.audit.models import AuditEntry, Outcome


class Frozen:
    """The digests of one entry, computed when the format was released."""

    body = "d17b072af87fbade46693002856924a74013e6232c4e7d0e01445b69ab7c719e"
    mac = "42a803887d2507f85741c6724796cf5383f5b26a93103266a627e1b92f57c216"
    link = "bb51bc037e9dcb12fb23bc7568dbbf5c683768a6a5f60345f40cb5abe5571084"


def _entry(**changes: Any) -> AuditEntry:
    fields: dict[str, Any] = {
        "id": UUID(int=1),
        "at": datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
        "actor_id": UUID(int=2),
        "actor_role": "practitioner",
        "session_id": None,
        "action": "note.read",
        "outcome": Outcome.ALLOWED,
        "patient_pseudonym": bytes(32),
        "object_type": "note",
        "object_id": UUID(int=3),
        "purpose": "TREAT",
        "reason": None,
        "decision_id": UUID(int=4),
    }
    return AuditEntry(**(fields | changes))


def test_digests_are_those_of_the_release() -> None:
    digest = body_hash(_entry())
    mac = entry_mac(bytes(range(32)), digest)
    assert digest.hex() == Frozen.body
    assert mac.hex() == Frozen.mac
    assert link_hash(1, GENESIS, digest, mac).hex() == Frozen.link


CHANGES: list[dict[str, Any]] = [
    {"id": UUID(int=9)},
    {"at": datetime(2026, 11, 22, 9, 0, 0, 1, tzinfo=UTC)},
    {"actor_id": UUID(int=9)},
    {"actor_role": "reception"},
    {"session_id": UUID(int=9)},
    {"action": "note.list"},
    {"outcome": Outcome.REFUSED},
    {"patient_pseudonym": None},
    {"object_type": None},
    {"object_id": None},
    {"purpose": "COC"},
    {"reason": "x"},
    {"decision_id": None},
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_every_field_counts(change: dict[str, Any]) -> None:
    assert body_hash(_entry(**change)) != body_hash(_entry())


def test_no_field_is_left_out() -> None:
    stated = set(AuditEntry.__table__.columns.keys()) - {"body_hash", "mac"}
    assert {next(iter(change)) for change in CHANGES} == stated


def test_a_link_depends_on_its_place_and_on_all_before() -> None:
    links = {
        link_hash(1, GENESIS, b"d", b"m"),
        link_hash(2, GENESIS, b"d", b"m"),
        link_hash(1, b"\1" * 32, b"d", b"m"),
        link_hash(1, GENESIS, b"e", b"m"),
        link_hash(1, GENESIS, b"d", b"n"),
        link_hash(1, GENESIS, b"dm", b""),
    }
    assert len(links) == 6
