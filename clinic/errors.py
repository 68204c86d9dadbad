"""Errors that people and programs can act on: each carries a stable code, never a status.

The web layer maps the class to an HTTP status and the code to a sentence in the caller's language.
"""

from __future__ import annotations

from collections.abc import Mapping


class ClinicError(Exception):
    """The root of every error that the clinic raises on purpose."""

    def __init__(self, code: str, *, errors: Mapping[str, list[str]] | None = None, **facts: object) -> None:
        """Keep the stable `code`, the reasons by field in `errors`, and further public `facts`."""
        super().__init__(code)
        self.code = code
        self.errors: Mapping[str, list[str]] = errors or {}
        self.facts = facts


class Invalid(ClinicError):
    """The request is well-formed but its values cannot be accepted."""


class Unauthenticated(ClinicError):
    """Nobody is signed in, or the proof that was given is wrong."""


class Denied(ClinicError):
    """The actor is known and may not do this."""


class NotFound(ClinicError):
    """There is no such thing, or the actor may not learn that there is."""

    def __init__(self) -> None:
        """Carry the one code that tells nothing."""
        super().__init__("not_found")


class Conflict(ClinicError):
    """Someone or something else was first."""


class PreconditionFailed(ClinicError):
    """The document has changed since the caller read it."""


class TooMany(ClinicError):
    """A limit was reached; `retry_after` in seconds is among the facts where it is known."""


class Unavailable(ClinicError):
    """Something the act depends on cannot be used now, so nothing was done."""


class Refused(Exception):
    """A refusal that must be on record: the act is rolled back, `entry` is committed, `error` leaves."""

    def __init__(self, error: ClinicError, entry: object) -> None:
        """Pair the `error` for the caller with the audit `entry` that outlives the act."""
        super().__init__(error.code)
        self.error = error
        self.entry = entry


class ConfigurationError(Exception):
    """A setting is missing or unsafe; the process refuses to start and says which one and why."""
