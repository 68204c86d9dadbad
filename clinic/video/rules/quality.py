"""What a device test measured, and which sentence says it; the words themselves are the screen's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class EchoState(StrEnum):
    """How far a device test has come."""

    CONNECTING = "connecting"
    MEASURING = "measuring"
    MEASURED = "measured"
    OVER = "over"


class Words(StrEnum):
    """Which sentence is shown for what was measured."""

    MEASURING = "measuring"
    UNREACHED = "unreached"
    SILENT = "silent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class EchoReport:
    """Loss as a fraction of 1, the worse direction; times in milliseconds; None where not yet known."""

    state: EchoState
    loss: float | None = None
    delay_ms: int | None = None
    jitter_ms: int | None = None
    rate_kbps: int | None = None
    heard: bool = False

    @property
    def words(self) -> Words:
        """Return the code of the sentence to show."""
        return _words(self)


# Loss, round trip, jitter. Round trips are twice the one-way 150 and 400 ms of ITU-T G.114; the loss is what
# Opus conceals unheard (2 %) and just understandably (8 %); jitter is what a browser's buffer evens out.
_GOOD: Final = (0.02, 300, 40)
_FAIR: Final = (0.08, 800, 100)
_LEAST_KBPS: Final = 12


def _words(report: EchoReport) -> Words:
    measured = report.loss is not None
    if not measured:
        return Words.UNREACHED if report.state is EchoState.OVER else Words.MEASURING
    if report.state is EchoState.MEASURING:
        return Words.MEASURING
    if not report.heard:
        return Words.SILENT
    if _within(report, _FAIR) and (report.rate_kbps or 0) >= _LEAST_KBPS:
        return Words.GOOD if _within(report, _GOOD) else Words.FAIR
    return Words.POOR


def _within(report: EchoReport, bounds: tuple[float, int, int]) -> bool:
    loss, delay, jitter = bounds
    return (
        (report.loss or 0) <= loss and (report.delay_ms or 0) <= delay and (report.jitter_ms or 0) <= jitter
    )
