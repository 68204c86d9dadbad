"""Who may see who has seen what: the patient, and the privacy officer."""

from __future__ import annotations

from clinic.access.permissions import Permission, Policies
from clinic.consent.policies import own_or_privacy_officer

POLICIES: Policies = {Permission.ACCESS_LOG_READ: own_or_privacy_officer}
