"""What every part of the demo is made with: one session, the vault, a seeded die and a fixed day."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from clinic.vault import Vault
from clinic.vault.keyring import Keyring


@dataclass(frozen=True, slots=True)
class At:
    """A clock that stands at one instant, so that acts of the past are dated when they happened."""

    instant: datetime

    def now(self) -> datetime:
        """Return the instant."""
        return self.instant


@dataclass(frozen=True, slots=True)
class Making:
    """The demo being made: `now` is the instant that everything is relative to."""

    session: Session
    vault: Vault
    keyring: Keyring
    die: random.Random
    now: datetime

    def vault_at(self, clock: At) -> Vault:
        """Return the vault as it was at `clock`: clearances of the past hold there."""
        return Vault(self.keyring, clock)
