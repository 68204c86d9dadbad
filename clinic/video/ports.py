"""What the slice needs of the media process, whichever one it is; ours is `clinic.video.media`."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from clinic.video.rules.quality import EchoReport


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
