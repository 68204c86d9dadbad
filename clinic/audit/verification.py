"""Walks the whole trail and says what does not hold: edits, gaps, forgeries, cuts, rewritten history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.audit.body import GENESIS, body_hash, entry_mac, link_hash
from clinic.audit.checkpoints import SignedCheckpoint, stored
from clinic.audit.keys import AuditKeys, keys_of
from clinic.audit.models import AuditEntry, AuditLink
from clinic.crypto.mac import matches


class Fault(StrEnum):
    """What can be wrong with a trail."""

    EDITED = "edited"  # an entry does not say what it said when it was written
    FORGED = "forged"  # an entry was not written with the clinic's key
    GONE = "gone"  # a link's entry is missing
    BROKEN = "broken"  # a link does not follow from the one before: removed, inserted or reordered
    CUT = "cut"  # a checkpoint covers more links than there are
    REWRITTEN = "rewritten"  # the chain is consistent, but not the one that was signed
    NOT_OURS = "not_ours"  # a checkpoint's signature is wrong or by a key that is not the clinic's


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at link `seq` (0: not in the chain yet) and entry `entry_id`."""

    fault: Fault
    seq: int
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The state of the trail; `unsealed` entries are newer than the sealer's last turn, or it stands."""

    sealed: int
    unsealed: int
    checkpoints: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.findings


def verify(
    session: Session, *, public_keys: frozenset[bytes], witnesses: Sequence[SignedCheckpoint] = ()
) -> Report:
    """Check every entry, link and checkpoint, and `witnesses` kept outside; reads, changes nothing."""
    keys = keys_of(session)
    vouched = [*stored(session), *witnesses]
    wanted = {signed.checkpoint.seq for signed in vouched}
    heads: dict[int, bytes] = {}
    findings: list[Finding] = []
    sealed, last, previous = 0, 0, GENESIS
    for link, row in _chain(session):
        sealed += 1
        findings += _link_faults(link, row, last + 1, previous, keys)
        last, previous = link.seq, link.hash
        if link.seq in wanted:
            heads[link.seq] = link.hash
    unsealed = 0
    for row in _unsealed(session):
        unsealed += 1
        findings += [Finding(fault, 0, row.id) for fault in _entry_faults(row, keys)]
    findings += [
        finding for signed in vouched for finding in _checkpoint_faults(signed, heads, last, public_keys)
    ]
    return Report(sealed, unsealed, len(vouched), tuple(findings))


def _chain(session: Session) -> Iterator[tuple[AuditLink, AuditEntry | None]]:
    statement = select(AuditLink, AuditEntry).outerjoin(AuditEntry, AuditEntry.id == AuditLink.entry_id)
    statement = statement.order_by(AuditLink.seq).execution_options(yield_per=1000)
    yield from session.execute(statement)


def _unsealed(session: Session) -> Iterator[AuditEntry]:
    statement = select(AuditEntry).outerjoin(AuditLink, AuditLink.entry_id == AuditEntry.id)
    yield from session.scalars(statement.where(AuditLink.seq.is_(None)).execution_options(yield_per=1000))


def _link_faults(
    link: AuditLink, row: AuditEntry | None, seq: int, previous: bytes, keys: AuditKeys
) -> list[Finding]:
    if row is None:
        return [Finding(Fault.GONE, link.seq, link.entry_id)]
    faults = _entry_faults(row, keys)
    follows = link.seq == seq and link.prev_hash == previous
    if not follows or link.hash != link_hash(link.seq, link.prev_hash, row.body_hash, row.mac):
        faults.append(Fault.BROKEN)
    return [Finding(fault, link.seq, row.id) for fault in faults]


def _entry_faults(row: AuditEntry, keys: AuditKeys) -> list[Fault]:
    faults = []
    if body_hash(row) != row.body_hash:
        faults.append(Fault.EDITED)
    if not matches(entry_mac(keys.entry, row.body_hash), row.mac):
        faults.append(Fault.FORGED)
    return faults


def _checkpoint_faults(
    signed: SignedCheckpoint, heads: dict[int, bytes], last: int, public_keys: frozenset[bytes]
) -> list[Finding]:
    seq = signed.checkpoint.seq
    if signed.public_key not in public_keys or not signed.genuine:
        return [Finding(Fault.NOT_OURS, seq)]
    if seq > last:
        return [Finding(Fault.CUT, seq)]
    if heads.get(seq) != signed.checkpoint.head:
        return [Finding(Fault.REWRITTEN, seq)]
    return []
