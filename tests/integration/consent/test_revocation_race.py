"""A thousand reads while the patient takes the consent back: none that begins after the commit opens."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from clinic.access.clearance import Action, Compartment, Purpose
from clinic.consent import services
from clinic.consent.rules.grants import Grant
from clinic.consent.rules.provisions import Effect
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import Denied
from clinic.ids import ConsentId, new_id
from clinic.vault import Binding, Vault
from tests.factories.people import Cast, make_cast, practitioner_of
from tests.fakes.clock import FakeClock

READS = 1000
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Attempt:
    """One read: when it began, whether it opened, and the epoch that it was cleared at."""

    began: float
    opened: bool
    epoch: int | None


@dataclass(frozen=True, slots=True)
class Race:
    """A sealed text, somebody who reads it, and the patient's consent to that."""

    database: Database
    clock: FakeClock
    vault: Vault
    cast: Cast
    binding: Binding
    blob: bytes
    consent_id: ConsentId

    def read(self) -> Attempt:
        """Try once to read the text, through the gate and the vault."""
        began, epoch = time.monotonic(), None
        try:
            with transaction(self.database) as session:
                clearance = services.clear(
                    session,
                    actor=self.cast.therapist,
                    clock=self.clock,
                    vault=self.vault,
                    patient_id=self.cast.patient_id,
                    action=Action.READ,
                    purpose=Purpose.TREATMENT,
                )
                epoch = clearance.epoch
                assert self.vault.open(session, clearance, binding=self.binding, blob=self.blob) == b"text"
        except Denied:
            return Attempt(began, opened=False, epoch=epoch)
        return Attempt(began, opened=True, epoch=epoch)

    def revoke(self) -> float:
        """Take the consent back; return when that was durable."""
        with transaction(self.database) as session:
            services.revoke(
                session,
                actor=self.cast.patient,
                clock=self.clock,
                vault=self.vault,
                consent_id=self.consent_id,
            )
        return time.monotonic()


def test_no_read_that_begins_after_the_revocation_opens(
    database: Database, clock: FakeClock, vault: Vault
) -> None:
    race = _race(database, clock, vault)
    done = threading.Semaphore(0)

    def read(_number: int) -> Attempt:
        attempt = race.read()
        done.release()
        return attempt

    def revoke() -> float:
        for _ in range(READS // 3):
            done.acquire()
        return race.revoke()

    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        revoking = pool.submit(revoke)
        attempts = list(pool.map(read, range(READS)))
        revoked_at = revoking.result()
        # SQLite hands its write lock out unfairly: the revocation may have come last of all.
        attempts += pool.map(read, range(READS // 10))

    opened = [one for one in attempts if one.opened]
    late = [one for one in attempts if one.began > revoked_at]
    assert len(opened) >= READS // 3
    assert len(late) >= READS // 10
    assert not [one for one in late if one.opened]
    assert {one.epoch for one in opened} == {1}


def _race(database: Database, clock: FakeClock, vault: Vault) -> Race:
    cast = make_cast(database, vault)
    author = practitioner_of(cast.therapist2)
    binding = Binding("note", cast.patient_id, new_id(), 1, Compartment.GENERAL, author)
    with transaction(database) as session:
        blob = vault.seal(session, binding=binding, plaintext=b"text")
    return Race(database, clock, vault, cast, binding, blob, _grant(database, clock, vault, cast))


def _grant(database: Database, clock: FakeClock, vault: Vault, cast: Cast) -> ConsentId:
    consent_id = ConsentId(new_id())
    with transaction(database) as session:
        services.grant(
            session,
            actor=cast.patient,
            clock=clock,
            vault=vault,
            consent_id=consent_id,
            patient_id=cast.patient_id,
            grant=Grant(
                Effect.PERMIT,
                practitioner_of(cast.therapist),
                frozenset({Purpose.TREATMENT}),
                frozenset({Compartment.GENERAL}),
            ),
            form=services.choose_form(None, effect=Effect.PERMIT, language="en"),
        )
    return consent_id
