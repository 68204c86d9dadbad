"""What the clinic says of itself on every page: names, zone, languages, digits, first day of the week.

The settings of the installation are what holds until the clinic's administration saves its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from clinic.config import Settings

_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class ClinicProfile:
    """The clinic as pages and letters show it; the first language is the default, Monday is day 0."""

    tz: str
    languages: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    digits: str = "latn"
    week_start: int = _SUNDAY
    phone: str = ""
    closed_directory: bool = False

    def name(self, language: str) -> str:
        """Return what the clinic is called in `language`, else in its first one; empty without a name."""
        found = (self.names.get(one, "") for one in (language, *self.languages))
        return next(filter(None, found), "")


class ProfileKeeper(Protocol):
    """Knows the clinic's profile; fulfilled by the identity slice (`runtime.profiles`)."""

    def current(self) -> ClinicProfile:
        """Return the profile as it is now, a second old at most."""
        ...

    def forget(self) -> None:
        """Read it again at the next need: it has just been changed here."""
        ...


def profile_from(settings: Settings) -> ClinicProfile:
    """Return the profile that the installation's settings give."""
    name = settings.clinic_name
    return ClinicProfile(
        tz=settings.clinic_tz,
        languages=settings.clinic_languages,
        names=dict.fromkeys(settings.clinic_languages, name) if name else {},
        digits=settings.clinic_digits,
        phone=settings.clinic_phone,
    )


class Unsaved:
    """The keeper of a clinic that has saved nothing of its own."""

    def __init__(self, settings: Settings) -> None:
        """Tell what `settings` give."""
        self._profile = profile_from(settings)

    def current(self) -> ClinicProfile:
        """Return the profile of the settings."""
        return self._profile

    def forget(self) -> None:
        """Do nothing: settings do not change while a process lives."""
