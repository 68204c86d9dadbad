"""The one way in which opening fails: without a hint at which check it was."""

from __future__ import annotations


class Unopenable(Exception):
    """The bytes were altered, belong somewhere else, or were sealed with another key."""
