"""Why a calendar of others could not be read: a code for its owner, without any of its content."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """What went wrong, as the practitioner is told."""

    ADDRESS_REFUSED = "address_refused"
    HOST_UNKNOWN = "host_unknown"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls_failed"
    REDIRECTED = "redirected"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    NOT_A_CALENDAR = "not_a_calendar"
    TOO_MUCH = "too_much"


class NotRead(Exception):
    """A calendar could not be read; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        """Keep the code."""
        super().__init__(failure.value)
        self.failure = failure
