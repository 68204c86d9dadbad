"""Load the demo clinic into an empty data store, and roll its live visit forward at every start."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic.access.actor import SYSTEM
from clinic.config import Settings
from clinic.db.base import Base
from clinic.db.transaction import transaction
from clinic.demo import diary, files, groups, live, on_call, rooms, series
from clinic.demo.parts import At, Making
from clinic.demo.people import PASSWORD, make_people
from clinic.errors import ConfigurationError
from clinic.identity.models import Account, Patient, Practitioner
from clinic.identity.services.clinic_profile import change_profile
from clinic.records.models import Note
from clinic.scheduling.models import Appointment
from clinic.vault.opening import open_keyring
from clinic.web.profile import profile_from
from clinic.web.runtime import Runtime
from clinic.web.shell.texts import texts

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
            _name_clinic(making, parts.settings)
            visits = diary.make_diary(making, people)
            groups.make_group(making, people)
            series.make_series(making, people, visits)
            rooms.give_rooms(making)
            on_call.make_rota(making, people)
            files.make_files(making, people, visits)
        live.ensure_joinable(making)
        session.flush()
        return Extent(*(_count(session, model) for model in (Practitioner, Patient, Appointment, Note)))


def _name_clinic(making: Making, settings: Settings) -> None:
    """Let the clinic have said what it is: what the settings give, under the product's name."""
    given = profile_from(settings)
    names = {language: given.name(language) or texts(language)["brand"] for language in given.languages}
    wanted = replace(given, names=names)
    change_profile(making.session, actor=SYSTEM, clock=At(making.now), wanted=wanted, version=0)


def _count(session: Session, model: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0
