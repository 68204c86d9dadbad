"""Argon2id with a bound on how much of it runs at once: 64 MiB and an eighth of a second for each try."""

from __future__ import annotations

import base64
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.low_level import Type

from clinic.errors import Unavailable

_LONGEST_WAIT_S = 60
_RETRY_AFTER_S = 15
# Whoever waits holds a thread of the web process: beyond this many, people are asked to come again.
_LONGEST_QUEUE = 100


class Passwords:
    """Hashes and verifies passwords; tests alone pass cheaper parameters, no setting does."""

    def __init__(
        self, *, memory_kib: int = 65_536, rounds: int = 3, at_once: int = 2, queue: int = _LONGEST_QUEUE
    ) -> None:
        """Use Argon2id with one lane; `at_once` hashes may run in parallel, `queue` others wait."""
        self._hasher = PasswordHasher(
            rounds, memory_kib, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
        )
        self._turns = BoundedSemaphore(at_once)
        self._places = BoundedSemaphore(at_once + queue)
        # The hash of no password, so that unknown accounts cost the same time as known ones.
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={rounds},p=1${_random(16)}${_random(32)}"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a free place to hash in; raises Unavailable when there are too many ahead."""
        if not self._places.acquire(blocking=False):
            raise Unavailable("unavailable", retry_after=_RETRY_AFTER_S)
        try:
            if not self._turns.acquire(timeout=_LONGEST_WAIT_S):
                raise Unavailable("unavailable", retry_after=_RETRY_AFTER_S)
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._places.release()

    def hash(self, password: str) -> str:
        """Return the encoded hash of `password`, parameters and salt included."""
        with self.turn():
            return self._hasher.hash(_normalized(password))

    def verify(self, encoded: str | None, password: str) -> bool:
        """Tell whether `password` is the one of `encoded`; None takes as long and is always wrong.

        To be called within `turn`.
        """
        try:
            return self._hasher.verify(encoded or self._nobody, _normalized(password))
        except VerificationError:
            return False

    def renewed(self, encoded: str, password: str) -> str | None:
        """Return a new hash where `encoded` was made with other parameters than today's, else None.

        To be called within `turn`.
        """
        outdated = self._hasher.check_needs_rehash(encoded)
        return self._hasher.hash(_normalized(password)) if outdated else None


def _normalized(password: str) -> str:
    """Return the form in which keyboards of all kinds agree (NFKC; NIST SP 800-63B 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _random(size: int) -> str:
    return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
