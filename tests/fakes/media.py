"""A media process in memory: it answers at once and reports what the test tells it to."""

from __future__ import annotations

from uuid import UUID

from clinic.errors import Invalid, NotFound
from clinic.video.rules.quality import EchoReport, EchoState


class MemoryMediaServer:
    """Fulfils `clinic.video.ports.MediaServer`."""

    def __init__(self) -> None:
        """Start without tests."""
        self.tests: dict[UUID, UUID] = {}
        self.next_report = EchoReport(EchoState.CONNECTING)

    def open_test(self, test: UUID, *, owner: UUID, sdp: str) -> str:
        """Take any text that looks like SDP."""
        if not sdp.startswith("v=0"):
            raise Invalid("bad_sdp", errors={"sdp": ["This is not the offer of a device test."]})
        self.tests = {key: kept for key, kept in self.tests.items() if kept != owner}
        self.tests[test] = owner
        return "v=0\r\n"

    def report(self, test: UUID, *, owner: UUID) -> EchoReport:
        """Return `next_report` to the owner."""
        if self.tests.get(test) != owner:
            raise NotFound
        return self.next_report

    def close_test(self, test: UUID, *, owner: UUID) -> None:
        """Forget the test."""
        if self.tests.get(test) == owner:
            del self.tests[test]
