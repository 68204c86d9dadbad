"""Load the demo clinic into an empty data store, and roll its live visit forward at every start."""

from __future__ import annotations

import random
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.db.base import Base
from clinic.db.transaction import transaction
from clinic.demo import diary, files, live
from clinic.demo.parts import Making
from clinic.demo.people import PASSWORD, make_people
from clinic.errors import ConfigurationError
from clinic.identity.models import Account, Patient, Practitioner
from clinic.records.models import Note
from clinic.scheduling.models import Appointment
from clinic.vault.opening import open_keyring
from clinic.web.runtime import Runtime

__all__ = ["PASSWORD", "Extent", "load"]
_SEED = 20261121


@dataclass(frozen=True, slots=True)
class Extent:
    """How much there is."""

    practitioners: int
    patients: int
    appointments: int
    notes: int

    @property
    def sentence(self) -> str:
        """Return the extent in words."""
        people = f"{self.practitioners} practitioners, {self.patients} patients"
        return f"{people}, {self.appointments} appointments, {self.notes} notes"


def load(parts: Runtime, *, scale: int = 1) -> Extent:
    """Make the demo clinic where there is none, and a visit that can be joined now; return what there is.

    Raises ConfigurationError outside demo mode.
    """
    if not parts.settings.demo:
        raise ConfigurationError("demo people are made in demo mode only: set CLINIC_DEMO=1")
    keyring = open_keyring(parts.settings, parts.clock)
    with transaction(parts.database) as session:
        making = Making(session, parts.vault, keyring, random.Random(_SEED), parts.clock.now())
        if not _count(session, Account):
            people = make_people(making, scale=scale)
            files.make_files(making, people, diary.make_diary(making, people))
        live.ensure_joinable(making)
        session.flush()
        return Extent(*(_count(session, model) for model in (Practitioner, Patient, Appointment, Note)))


def _count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
