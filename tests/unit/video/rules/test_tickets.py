"""A ticket lets one account in once within a minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from clinic.ids import AccountId, AppointmentId, new_id
from clinic.video.rules.tickets import LIFETIME, Ticket, admits, token_hash

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
SARA = AccountId(new_id())
TICKET = Ticket(account_id=SARA, appointment_id=AppointmentId(new_id()), expires_at=NOW + LIFETIME)


def test_lets_its_account_in_within_a_minute() -> None:
    assert admits(TICKET, SARA, NOW)
    assert admits(TICKET, SARA, NOW + timedelta(seconds=59.9))


def test_expires_after_a_minute() -> None:
    assert not admits(TICKET, SARA, NOW + timedelta(seconds=60))


def test_is_used_once() -> None:
    assert not admits(replace(TICKET, used_at=NOW), SARA, NOW)


def test_lets_nobody_else_in() -> None:
    assert not admits(TICKET, AccountId(new_id()), NOW)


def test_keeps_only_a_hash_of_the_token() -> None:
    assert token_hash("a") != token_hash("b")
    assert len(token_hash("a")) == 32
