"""Locks that bookings take on PostgreSQL, in the order of this file; SQLite has one writer at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import BigInteger, Uuid, column, func, select, table
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from clinic.scheduling.models import Location, Schedule

# Identity owns patients; their rows are locked here and never read.
_patient = table("patient", column("id", Uuid))


def take_turns(session: Session, *parties: UUID | bytes | None) -> None:
    """Let one act at a time book for each of these people or addresses, until the transaction ends.

    Their holds are counted and their day is looked at under this lock. Call it before `lock_schedules`.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    keys = sorted({_key(party) for party in parties if party is not None})
    numbers = func.unnest(postgresql.array(keys, type_=BigInteger)).column_valued("key")
    session.execute(select(func.pg_advisory_xact_lock(numbers))).all()


def lock_schedules(session: Session, practitioners: Collection[UUID]) -> None:
    """Let one booking at a time into these schedules (PostgreSQL; SQLite has one writer anyway)."""
    session.execute(
        select(Schedule.practitioner_id)
        .where(Schedule.practitioner_id.in_(practitioners))
        .order_by(Schedule.practitioner_id)
        .with_for_update(of=Schedule, key_share=True)
    ).all()


def lock_rooms(session: Session, site: UUID) -> None:
    """Let one booking at a time choose among the rooms of `site`; call it after `lock_schedules`."""
    session.execute(
        select(Location.id)
        .where(Location.site_id == site)
        .order_by(Location.id)
        .with_for_update(of=Location, key_share=True)
    ).all()


def lock_patients(session: Session, patients: Collection[UUID]) -> None:
    """Let one change at a time into these people's days; after schedules and rooms, in order (PostgreSQL)."""
    session.execute(
        select(_patient.c.id)
        .where(_patient.c.id.in_(patients))
        .order_by(_patient.c.id)
        .with_for_update(key_share=True)
    ).all()


def _key(party: UUID | bytes) -> int:
    raw = party.bytes if isinstance(party, UUID) else party
    return int.from_bytes(hashlib.sha256(b"booking|" + raw).digest()[:8], signed=True)
