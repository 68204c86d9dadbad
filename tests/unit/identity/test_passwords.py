"""Argon2id, and how much of it at once."""

from __future__ import annotations

import threading

import pytest

from clinic.errors import TooMany, Unavailable
from clinic.identity.passwords import Passwords
from clinic.identity.services.proof import Attempt, prove
from clinic.web.limits import RateLimits

CHEAP = Passwords(memory_kib=8, rounds=1)
SAMAR = Attempt("aa", "192.0.2.1")


def test_the_standing_parameters_are_64_mib_three_rounds_one_lane() -> None:
    assert Passwords().hash("correct-Horse-2026").startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_a_password_is_the_same_from_every_keyboard() -> None:
    encoded = CHEAP.hash("Caf\u00e9-du-Nord-7")
    assert CHEAP.verify(encoded, "Cafe\u0301-du-Nord-7")
    assert not CHEAP.verify(encoded, "Cafe-du-Nord-7")


def test_nobodys_password_is_always_wrong() -> None:
    assert not CHEAP.verify(None, "")


def test_nobodys_password_costs_what_anybodys_does() -> None:
    strict = Passwords(memory_kib=1024, rounds=2)
    assert not strict.verify(None, "x")
    assert strict.renewed(strict._nobody, "x") is None


def test_a_hash_of_lesser_parameters_is_renewed() -> None:
    strict = Passwords(memory_kib=16, rounds=1)
    proof = prove(
        SAMAR,
        encoded=CHEAP.hash("correct-Horse-2026"),
        password="correct-Horse-2026",
        passwords=strict,
        limits=RateLimits("memory://"),
    )
    assert proof.right
    assert proof.renewed is not None
    assert strict.renewed(proof.renewed, "correct-Horse-2026") is None


def test_no_more_hash_at_once_than_there_are_turns() -> None:
    two = Passwords(memory_kib=8, rounds=1, at_once=2)
    inside, most, lock, pair = 0, 0, threading.Lock(), threading.Barrier(2)

    def work() -> None:
        nonlocal inside, most
        with two.turn():
            with lock:
                inside, most = inside + 1, max(most, inside + 1)
            pair.wait(timeout=10)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_who_finds_the_queue_full_is_asked_to_come_again() -> None:
    alone = Passwords(memory_kib=8, rounds=1, at_once=1, queue=0)
    with alone.turn(), pytest.raises(Unavailable) as refused:
        alone.hash("correct-Horse-2026")
    assert refused.value.facts["retry_after"] == 15
    assert alone.hash("correct-Horse-2026")


class CountingPasswords(Passwords):
    """Counts how often it has hashed."""

    tried = 0

    def verify(self, encoded: str | None, password: str) -> bool:
        """Count and verify."""
        self.tried += 1
        return super().verify(encoded, password)


def test_guessing_is_stopped_before_anything_is_hashed() -> None:
    passwords, limits = CountingPasswords(memory_kib=8, rounds=1), RateLimits("memory://")

    def guess() -> None:
        prove(SAMAR, encoded=None, password="guess", passwords=passwords, limits=limits)

    for _ in range(8):
        guess()
    with pytest.raises(TooMany):
        guess()
    assert passwords.tried == 8


def test_success_is_never_counted() -> None:
    passwords, limits = Passwords(memory_kib=8, rounds=1), RateLimits("memory://")
    encoded = passwords.hash("correct-Horse-2026")
    for _ in range(200):
        proof = prove(
            SAMAR, encoded=encoded, password="correct-Horse-2026", passwords=passwords, limits=limits
        )
        assert proof.right


def test_one_address_that_guesses_locks_nobody_else_out() -> None:
    passwords, limits = Passwords(memory_kib=8, rounds=1), RateLimits("memory://")
    for _ in range(8):
        prove(SAMAR, encoded=None, password="guess", passwords=passwords, limits=limits)
    elsewhere = Attempt(SAMAR.account, "192.0.2.2")
    assert not prove(elsewhere, encoded=None, password="guess", passwords=passwords, limits=limits).right


def test_strangers_everywhere_lock_nobody_out_and_get_few_guesses_each() -> None:
    passwords, limits = Passwords(memory_kib=8, rounds=1), RateLimits("memory://")
    encoded = passwords.hash("correct-Horse-2026")

    def attempt(address: str, password: str = "guess") -> bool:
        who = Attempt(SAMAR.account, address)
        return prove(who, encoded=encoded, password=password, passwords=passwords, limits=limits).right

    for number in range(100):
        assert not attempt(f"198.51.100.{number}")
    assert attempt("192.0.2.9", "correct-Horse-2026")
    for _ in range(3):
        assert not attempt("203.0.113.1")
    with pytest.raises(TooMany):
        attempt("203.0.113.1")
