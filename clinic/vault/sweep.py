"""Orphan keys: committed for an act whose own transaction then failed; they seal nothing.

Only keys of owners that the data store has never heard of count, and only after a day: destroying a key
that something is sealed with could not be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from clinic.access.clearance import Compartment
from clinic.db.transaction import snapshot, transaction
from clinic.vault.key_tables import Dek, DekState, DekWrap
from clinic.vault.keyring import Keyring

GRACE = timedelta(days=1)
Known = Callable[[Collection[UUID]], set[UUID]]


def orphans(keyring: Keyring, known: Known) -> list[UUID]:
    """Return the patients' keys older than a day whose patient `known` does not return."""
    with snapshot(keyring.store) as session:
        due = select(Dek.id, Dek.owner_id).where(
            Dek.state == DekState.ACTIVE,
            Dek.purpose.in_([compartment.value for compartment in Compartment]),
            Dek.created_at < keyring.clock.now() - GRACE,
        )
        rows = session.execute(due.order_by(Dek.created_at)).all()
    living = known({owner_id for _, owner_id in rows})
    return [dek_id for dek_id, owner_id in rows if owner_id not in living]


def destroy(keyring: Keyring, dek_ids: Collection[UUID]) -> int:
    """Delete every wrap of these keys and mark them destroyed; return how many there were."""
    with transaction(keyring.store) as session:
        deks = session.scalars(select(Dek).where(Dek.id.in_(dek_ids), Dek.state != DekState.DESTROYED)).all()
        session.execute(delete(DekWrap).where(DekWrap.dek_id.in_([dek.id for dek in deks])))
        for dek in deks:
            dek.state, dek.destroyed_at = DekState.DESTROYED, keyring.clock.now()
    keyring.forget()
    return len(deks)
