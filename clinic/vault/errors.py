"""How the vault refuses; codes have their texts in `clinic/web/problem_texts`."""

from __future__ import annotations

from enum import StrEnum

from clinic.errors import Denied, Unavailable


class Refusal(StrEnum):
    """What was wrong with a clearance; for tests and logs, never for the caller."""

    EXPIRED = "expired"
    STALE = "stale"
    OTHER_PATIENT = "other_patient"
    UNCOVERED = "uncovered"
    WRONG_ACTION = "wrong_action"
    OTHER_AUTHOR = "other_author"


class ClearanceRefused(Denied):
    """The clearance does not cover this content now; nothing was opened."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the reason for us and show the one code that tells nothing."""
        super().__init__("clearance_refused")
        self.refusal = refusal


class Unreadable(Unavailable):
    """What is stored is not what was sealed here, or its key has been destroyed."""

    def __init__(self) -> None:
        """Name no object: the caller knows which one it asked for."""
        super().__init__("content_unreadable")
