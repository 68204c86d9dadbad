"""The desk that every test of notes sits at."""

from __future__ import annotations

import pytest

from clinic.db.engine import Database
from clinic.vault import Vault
from tests.factories.people import make_cast, treat
from tests.fakes.clock import FakeClock
from tests.integration.records.desk import Desk


@pytest.fixture
def desk(database: Database, clock: FakeClock, vault: Vault) -> Desk:
    """A clinic in which the patient has come to the therapist of their own accord."""
    cast = make_cast(database, vault)
    treat(database, clock, patient=cast.patient, therapist=cast.therapist, by=cast.patient)
    return Desk(database, clock, vault, cast)
