"""The names of patients, for those whom a visit concerns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import LargeBinary, Uuid, column, select, table
from sqlalchemy.orm import Session

from clinic.vault.fields import Fields

# Identity owns this table and seals the names; of its models nothing is imported.
_patient = table("patient", column("id", Uuid), column("name_sealed", LargeBinary))
NAME = "patient.name"


def names(session: Session, *, fields: Fields, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the names of the patients `ids`."""
    rows = session.execute(select(_patient).where(_patient.c.id.in_(ids)))
    return {row.id: fields.open(row.id, NAME, row.name_sealed) for row in rows}
