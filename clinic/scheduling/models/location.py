"""The rooms of a site: what an in-person visit takes besides people (FHIR Location)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base
from clinic.db.edited import Edited


class Location(Edited, Base):
    """A room; one that is not active takes no new visits and keeps those it has."""

    __tablename__ = "location"
    __table_args__ = (Index(None, "site_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool]
