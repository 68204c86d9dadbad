"""What the slice needs from elsewhere, as types: the sealing of fields and a media process."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from clinic.video.rules.quality import EchoReport


class Fields(Protocol):
    """Seals short texts for an owner; fulfilled by `vault.fields`."""

    def seal(self, owner: UUID, field: str, text: str) -> bytes:
        """Return `text` sealed for this owner and field only."""
        ...

    def open(self, owner: UUID, field: str, blob: bytes) -> str:
        """Return what was sealed; raises when the blob is another owner's or field's."""
        ...


class MediaServer(Protocol):
    """A process that takes and gives media; it learns opaque ids and never who somebody is.

    Every method raises Unavailable("media_unavailable") where the process does not answer.
    """

    def open_test(self, test: UUID, *, owner: UUID, sdp: str) -> str:
        """Start an echo for an SDP offer and return the answer, candidates inside.

        Raises Invalid("bad_sdp") and TooMany("media_busy"); an owner's earlier test ends.
        """
        ...

    def report(self, test: UUID, *, owner: UUID) -> EchoReport:
        """Return what a test has measured so far; raises NotFound."""
        ...

    def close_test(self, test: UUID, *, owner: UUID) -> None:
        """End a test; one that is not there is ended already."""
        ...
