"""The one table of the vault that lives beside the data: the consent epoch of each patient."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base


class PatientEpoch(Base):
    """Counts a patient's consent changes; clearances of an earlier epoch open nothing."""

    __tablename__ = "patient_epoch"

    patient_id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int]
