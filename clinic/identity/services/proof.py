"""Proving a password: limited before anything is hashed, and the same work whoever is asked for.

Failures count and successes do not, so that a waiting room full of people behind one address gets in.
The pair's limit stops guessing; the account's is wide, so that strangers cannot lock its owner out.
"""

from __future__ import annotations

from dataclasses import dataclass

from clinic.identity.passwords import Passwords
from clinic.identity.ports import Limits

_PAIR = ("password.pair", "8/5minutes")
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
            (_ACCOUNT, (self.account,)),
            (_ADDRESS, (self.address,)),
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


def _count(attempt: Attempt, limits: Limits) -> None:
    """Count a failure everywhere; a limit that fills up meanwhile refuses the next attempt, not this one."""
    for (act, rate), keys in attempt.counted():
        limits.hit(act, rate, *keys)
