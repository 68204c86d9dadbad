"""Documents that several people edit: each change has a number, an author and a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import UTCDateTime
from clinic.errors import PreconditionFailed


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of a document; nobody's where it was made before changes were counted."""

    by: UUID | None
    at: datetime | None


class Edited:
    """The columns of a document that several people edit; `version` counts its changes from 1."""

    version: Mapped[int] = mapped_column(default=1, server_default="1")
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def change(self) -> Change:
        """Return who made the last change, and when."""
        return Change(self.changed_by, self.changed_at)

    def expect(self, version: int) -> None:
        """Raise PreconditionFailed("document_changed") where somebody has changed it since `version`."""
        if self.version != version:
            raise PreconditionFailed("document_changed")

    def made(self, *, by: UUID, at: datetime) -> None:
        """Say who made the document."""
        self.version, self.changed_by, self.changed_at = 1, by, at

    def changed(self, *, by: UUID, at: datetime) -> None:
        """Count a change."""
        self.version, self.changed_by, self.changed_at = self.version + 1, by, at
