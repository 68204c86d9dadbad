"""Proving a password: limited before anything is hashed, and the same work whoever is asked for.

Failures count and successes do not, so that a waiting room full of people behind one address gets in.
The pair's limit stops guessing. An account that many addresses guess at is not locked, or strangers could
lock its owner out: each address then has few tries an hour, enough for the owner.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from clinic.errors import TooMany
from clinic.identity.passwords import Passwords
from clinic.identity.ports import Limits

_PAIR = ("password.pair", "8/5minutes")
_PAIR_BESIEGED = ("password.pair_besieged", "3/hour")
_ACCOUNT = ("password.account", "100/hour")
_ADDRESS = ("password.address", "100/5minutes")


@dataclass(frozen=True, slots=True)
class Attempt:
    """Whose password is tried, as hexadecimal blind index or id, and from which address."""

    account: str
    address: str

    def counted(self) -> tuple[tuple[tuple[str, str], tuple[str, ...]], ...]:
        """Return each limit with what it counts by."""
        return (
            (_PAIR, (self.account, self.address)),
            (_ADDRESS, (self.address,)),
        )

    def besieged(self) -> tuple[tuple[tuple[str, str], tuple[str, ...]], ...]:
        """Return what tells that an account is guessed at from everywhere, and the limit from then on."""
        return (
            (_ACCOUNT, (self.account,)),
            (_PAIR_BESIEGED, (self.account, self.address)),
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether the password was right for the hash `encoded`, and its new hash where parameters have risen."""

    right: bool
    encoded: str | None
    renewed: str | None = None


def prove(
    attempt: Attempt, *, encoded: str | None, password: str, passwords: Passwords, limits: Limits
) -> Proof:
    """Try `password` against `encoded`; raises TooMany after too many failures."""
    _check(attempt, limits)
    with passwords.turn():
        _check(attempt, limits)  # those who were ahead may have used the limit up
        if encoded is not None and passwords.verify(encoded, password):
            return Proof(True, encoded, passwords.renewed(encoded, password))
        if encoded is None:
            passwords.verify(None, password)
        _count(attempt, limits)
    return Proof(False, encoded)


def _check(attempt: Attempt, limits: Limits) -> None:
    for (act, rate), keys in attempt.counted():
        limits.check(act, rate, *keys)
    (account, pair) = attempt.besieged()
    try:
        limits.check(*account[0], *account[1])
    except TooMany:
        limits.check(*pair[0], *pair[1])


def _count(attempt: Attempt, limits: Limits) -> None:
    """Count a failure everywhere; a limit that fills up meanwhile refuses the next attempt, not this one."""
    for (act, rate), keys in attempt.counted():
        limits.hit(act, rate, *keys)
    for (act, rate), keys in attempt.besieged():
        with suppress(TooMany):
            limits.hit(act, rate, *keys)
