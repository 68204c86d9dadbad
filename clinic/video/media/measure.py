"""Loss, delay, jitter and rate of a connection, from its RTP and RTCP statistics (RFC 3550, section 6.4)."""

from __future__ import annotations

from typing import Final

from aiortc import (
    RTCInboundRtpStreamStats,
    RTCOutboundRtpStreamStats,
    RTCPeerConnection,
    RTCRemoteInboundRtpStreamStats,
    RTCTransportStats,
)
from aiortc.stats import RTCStatsReport

from clinic.video.rules.quality import EchoReport, EchoState

_OPUS_CLOCK_HZ: Final = 48_000
_FEWEST_PACKETS: Final = 25


class Measurement:
    """Reads one connection's statistics."""

    def __init__(self, connection: RTCPeerConnection) -> None:
        """Read those of `connection`."""
        self._connection = connection

    async def report(self, state: EchoState, elapsed_s: float, *, heard: bool) -> EchoReport:
        """Return the report after `elapsed_s` seconds of connection."""
        stats = await self._connection.getStats()
        received, lost, jitter = _inbound(stats)
        if received + lost < _FEWEST_PACKETS:
            return EchoReport(EchoState.MEASURING)
        down_loss, round_trip = _outbound(stats)
        return EchoReport(
            state=state,
            loss=round(max(lost / (received + lost), down_loss), 4),
            delay_ms=None if round_trip is None else round(round_trip * 1000),
            jitter_ms=round(jitter / _OPUS_CLOCK_HZ * 1000),
            rate_kbps=round(_bytes_received(stats) * 8 / 1000 / elapsed_s) if elapsed_s > 0 else None,
            heard=heard,
        )


def _inbound(stats: RTCStatsReport) -> tuple[int, int, int]:
    for entry in stats.values():
        if isinstance(entry, RTCInboundRtpStreamStats):
            return entry.packetsReceived, max(0, entry.packetsLost), entry.jitter
    return 0, 0, 0


def _outbound(stats: RTCStatsReport) -> tuple[float, float | None]:
    """Return the loss on the way down and the round trip in seconds, as the browser's reports say."""
    sent = sum(entry.packetsSent for entry in stats.values() if isinstance(entry, RTCOutboundRtpStreamStats))
    for entry in stats.values():
        if isinstance(entry, RTCRemoteInboundRtpStreamStats):
            loss = min(1.0, max(0, entry.packetsLost) / sent) if sent else 0.0
            return loss, entry.roundTripTime
    return 0.0, None


def _bytes_received(stats: RTCStatsReport) -> int:
    return max((e.bytesReceived for e in stats.values() if isinstance(e, RTCTransportStats)), default=0)
