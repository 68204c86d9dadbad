"""Where a piece of content belongs; sealed into it, so that it opens nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic.access.clearance import Compartment


@dataclass(frozen=True, slots=True)
class Binding:
    """Everything that a stored version of content is bound to; `version` counts from 1."""

    content_type: str
    patient_id: UUID
    object_id: UUID
    version: int
    compartment: Compartment
    author_id: UUID
    previous_sha256: bytes | None = None

    def __post_init__(self) -> None:
        """Refuse a digest of another size, which could pass for a missing one."""
        if self.previous_sha256 is not None and len(self.previous_sha256) != 32:
            raise ValueError("previous_sha256 is a SHA-256 digest or None")

    @property
    def context(self) -> list[bytes]:
        """Return the fields as the envelope binds them; their order is part of the format."""
        return [
            self.patient_id.bytes,
            self.object_id.bytes,
            self.version.to_bytes(4, "big"),
            self.compartment.encode(),
            self.content_type.encode(),
            self.author_id.bytes,
            self.previous_sha256 or b"",
        ]
