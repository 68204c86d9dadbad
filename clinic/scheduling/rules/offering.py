"""What kinds of visit a clinic offers."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a service is for."""

    INTAKE = "intake"
    FOLLOW_UP = "follow_up"
    FAMILY = "family"
    GROUP = "group"
    URGENT = "urgent"
