"""What guardians are told of a minor's visits: page, reminders, feed and counts all ask here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.consent.rules.provisions import Period
from clinic.consent.rules.telling import Standing, Told, may_be_told
from clinic.identity.services.guardianships import Guardian, wards_of
from clinic.ids import AccountId, PatientId
from clinic.vault.fields import Fields


def told_of(
    session: Session,
    *,
    fields: Fields,
    at: datetime,
    guardian: AccountId,
    patient_id: PatientId,
    topics: Mapping[UUID, str],
) -> frozenset[UUID]:
    """Return those of a minor's visits, given with their kinds, that `guardian` may be told of at `at`."""
    standings = [
        _standing(one)
        for one in wards_of(session, fields=fields, account_id=guardian)
        if one.patient_id == patient_id
    ]
    return frozenset(
        visit for visit, topic in topics.items() if may_be_told(standings, topic, at) is Told.GUARDIAN
    )


def _standing(one: Guardian) -> Standing:
    end = one.ends_at if one.ended_at is None else min(one.ends_at, one.ended_at)
    return Standing(Period(one.starts_at, end), frozenset(one.private))
