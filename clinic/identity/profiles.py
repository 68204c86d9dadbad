"""The clinic's profile for every request: read from the database once a second at most."""

from __future__ import annotations

import threading
import time

from sqlalchemy.exc import SQLAlchemyError

from clinic.config import Settings
from clinic.db.engine import Database
from clinic.db.transaction import snapshot
from clinic.identity.services.clinic_profile import read_profile
from clinic.web.profile import ClinicProfile, profile_from

_GOOD_FOR_SECONDS = 1.0


class SavedProfiles:
    """Fulfils `web.ProfileKeeper`; of several threads one reads, the others go on with what they have."""

    def __init__(self, database: Database, settings: Settings) -> None:
        """Read from `database`; `settings` say what holds until something is saved."""
        self._database = database
        self._given = profile_from(settings)
        self._profile = self._given
        self._read_at: float | None = None
        self._turn = threading.Lock()

    def current(self) -> ClinicProfile:
        """Return the profile as it is now, a second old at most."""
        first = self._read_at is None
        if (first or self._is_old()) and self._turn.acquire(blocking=first):
            try:
                self._read()
            finally:
                self._turn.release()
        return self._profile

    def forget(self) -> None:
        """Read it again at the next need."""
        self._read_at = None

    def _is_old(self) -> bool:
        return self._read_at is None or time.monotonic() - self._read_at > _GOOD_FOR_SECONDS

    def _read(self) -> None:
        if not self._is_old():
            return
        try:
            with snapshot(self._database) as session:
                self._profile = read_profile(session, otherwise=self._given).profile
        except SQLAlchemyError:
            return  # refusals are still told in a language that the clinic has
        self._read_at = time.monotonic()
