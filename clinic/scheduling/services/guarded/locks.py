"""Locks that bookings take on PostgreSQL, in the order of this file; SQLite has one writer at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, BindParameter, Select, Uuid, bindparam, column, func, select, table
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from clinic.scheduling.models import Location, Schedule

# Identity owns patients; their rows are locked here and never read.
_patient = table("patient", column("id", Uuid))


_ASKED: BindParameter[Any] = bindparam("asked", expanding=True)
_TURNS = select(
    func.pg_advisory_xact_lock(
        func.unnest(bindparam("keys", type_=postgresql.ARRAY(BigInteger))).column_valued("key")
    )
)
_SCHEDULES = (
    select(Schedule.practitioner_id)
    .where(Schedule.practitioner_id.in_(_ASKED))
    .order_by(Schedule.practitioner_id)
    .with_for_update(of=Schedule, key_share=True)
)
_ROOMS = (
    select(Location.id)
    .where(Location.site_id == bindparam("site"))
    .order_by(Location.id)
    .with_for_update(of=Location, key_share=True)
)
_PATIENTS = (
    select(_patient.c.id)
    .where(_patient.c.id.in_(_ASKED))
    .order_by(_patient.c.id)
    .with_for_update(key_share=True)
)


def take_turns(session: Session, *parties: UUID | bytes | None) -> None:
    """Let one act at a time book for each of these people or addresses, until the transaction ends.

    Their holds are counted and their day is looked at under this lock. Call it before `lock_schedules`.
    """
    _lock(session, _TURNS, keys=sorted({_key(party) for party in parties if party is not None}))


def lock_schedules(session: Session, practitioners: Collection[UUID]) -> None:
    """Let one booking at a time into these schedules."""
    _lock(session, _SCHEDULES, asked=list(practitioners))


def lock_rooms(session: Session, site: UUID) -> None:
    """Let one booking at a time choose among the rooms of `site`; call it after `lock_schedules`."""
    _lock(session, _ROOMS, site=site)


def lock_patients(session: Session, patients: Collection[UUID]) -> None:
    """Let one change at a time into these people's days; after schedules and rooms, in order."""
    _lock(session, _PATIENTS, asked=list(patients))


def _lock(session: Session, statement: Select[Any], **asked: object) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(statement, asked).all()


def _key(party: UUID | bytes) -> int:
    raw = party.bytes if isinstance(party, UUID) else party
    return int.from_bytes(hashlib.sha256(b"booking|" + raw).digest()[:8], signed=True)
