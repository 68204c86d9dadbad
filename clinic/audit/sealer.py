"""The one writer of the chain: gives every entry its place within a second of its act.

Acts do not chain their own entries, so the chain is no bottleneck and an act never waits for another's.
The worker calls `seal` every second; calling it twice, or from two workers, is harmless.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from clinic.audit.body import GENESIS, link_hash
from clinic.audit.models import AuditEntry, AuditLink

BATCH = 500
# An act takes seconds, so an entry commits at most minutes after its `at`. Looking only that far back
# keeps the search short; `whole=True` (at every checkpoint) finds what a clock set backwards would hide.
OVERLAP = timedelta(minutes=10)
_LOCK = 0x5A6B1A


def seal(session: Session, *, whole: bool = False, limit: int = BATCH) -> int:
    """Chain up to `limit` entries that have no place yet, oldest first; return how many."""
    _become_the_only_writer(session)
    head = session.scalars(select(AuditLink).order_by(AuditLink.seq.desc()).limit(1)).first()
    seq, previous = (0, GENESIS) if head is None else (head.seq, head.hash)
    pending = select(AuditEntry).outerjoin(AuditLink, AuditLink.entry_id == AuditEntry.id)
    pending = pending.where(AuditLink.seq.is_(None)).order_by(AuditEntry.at, AuditEntry.id).limit(limit)
    if head is not None and not whole:
        pending = pending.where(AuditEntry.at >= head.entry.at - OVERLAP)
    rows = session.scalars(pending).all()
    for row in rows:
        seq += 1
        link = link_hash(seq, previous, row.body_hash, row.mac)
        session.add(AuditLink(seq=seq, entry_id=row.id, prev_hash=previous, hash=link))
        previous = link
    return len(rows)


def seal_all(session: Session) -> int:
    """Chain every entry that has no place yet, however old; return how many."""
    total = _seal_until_none(session, whole=False)
    if _is_behind(session):
        total += _seal_until_none(session, whole=True)
    return total


def _seal_until_none(session: Session, *, whole: bool) -> int:
    total = 0
    while sealed := seal(session, whole=whole):
        session.flush()
        total += sealed
    return total


def _is_behind(session: Session) -> bool:
    """Tell whether an entry has no link; links are numbered from 1, so counting entries is enough."""
    entries = session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    last = session.scalar(select(func.max(AuditLink.seq))) or 0
    return entries > last


def _become_the_only_writer(session: Session) -> None:
    """Wait for other sealers; SQLite's write lock, which every transaction takes, already does."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
