"""Use cases: giving and taking back consent, and the gate to content."""

from clinic.consent.services.gate import Subject, clear, clear_each, refuse_absent
from clinic.consent.services.giving import choose_form, end_of, grant, revoke

__all__ = ["Subject", "choose_form", "clear", "clear_each", "end_of", "grant", "refuse_absent", "revoke"]
