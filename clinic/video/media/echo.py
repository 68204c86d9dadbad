"""One device test: a peer connection that sends people's own voice back, a little later, and measures."""

from __future__ import annotations

import asyncio
from array import array
from collections import deque
from collections.abc import Callable
from typing import Final

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

from clinic.video.media.measure import Measurement
from clinic.video.rules import offer
from clinic.video.rules.quality import EchoReport, EchoState

Seconds = Callable[[], float]

ECHO_FRAMES: Final = 15
"""How many 20 ms frames the echo lags: 0.3 s, so that it is heard as an echo and not as oneself."""
GATHER_S: Final = 5.0
CONNECT_S: Final = 15.0
SETTLE_S: Final = 4.0
_HEARD_ABOVE: Final = 300  # of 32767: breath and a quiet room stay below, speech does not


class EchoTrack(MediaStreamTrack):
    """Gives back what the source gave `ECHO_FRAMES` earlier, silence before that."""

    kind = "audio"

    def __init__(self, source: MediaStreamTrack) -> None:
        """Echo `source`, an audio track."""
        super().__init__()
        self._source = source
        self._late: deque[AudioFrame] = deque()
        self.loudest = 0

    async def recv(self) -> AudioFrame:
        """Wait for the source's next frame and return the late one in its place."""
        frame = await self._source.recv()
        if not isinstance(frame, AudioFrame):
            raise MediaStreamError
        self.loudest = max(self.loudest, _peak(frame))
        self._late.append(frame)
        late = self._late.popleft() if len(self._late) > ECHO_FRAMES else _silence_like(frame)
        late.pts, late.time_base = frame.pts, frame.time_base
        return late


def _peak(frame: AudioFrame) -> int:
    samples = array("h")
    samples.frombytes(bytes(frame.planes[0])[: frame.samples * len(frame.layout.channels) * 2])
    return max(abs(max(samples)), abs(min(samples))) if samples else 0


def _silence_like(frame: AudioFrame) -> AudioFrame:
    silent = AudioFrame(format=frame.format.name, layout=frame.layout.name, samples=frame.samples)
    silent.sample_rate = frame.sample_rate
    for plane in silent.planes:
        plane.update(bytes(plane.buffer_size))
    return silent


class EchoTest:
    """A test from its offer to its end; times come from a monotonic clock in seconds."""

    def __init__(self, seconds: Seconds) -> None:
        """Make a connection that talks to nobody's STUN or TURN: host candidates only."""
        self._seconds = seconds
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.add_listener("track", self._echo)
        self._connection.add_listener("connectionstatechange", self._note_connected)
        self._echoes: list[EchoTrack] = []
        self._measurement = Measurement(self._connection)
        self._opened_at = seconds()
        self._connected_at: float | None = None

    async def answer(self, sdp: str) -> str:
        """Return the answer to an offer; raises ValueError for what is not the offer of a device test."""
        description = RTCSessionDescription(sdp=offer.cleaned(sdp), type="offer")
        try:
            async with asyncio.timeout(GATHER_S):
                await self._connection.setRemoteDescription(description)
                await self._connection.setLocalDescription(await self._connection.createAnswer())
        except Exception as error:  # aiortc raises whatever a hostile text makes it stumble over
            raise ValueError("cannot be answered") from error
        return self._connection.localDescription.sdp

    async def report(self) -> EchoReport:
        """Return what has been measured so far."""
        if self._connected_at is None:
            return EchoReport(EchoState.CONNECTING)
        elapsed = self._seconds() - self._connected_at
        state = EchoState.MEASURED if elapsed >= SETTLE_S else EchoState.MEASURING
        heard = any(echo.loudest > _HEARD_ABOVE for echo in self._echoes)
        return await self._measurement.report(state, elapsed, heard=heard)

    @property
    def is_dead(self) -> bool:
        """Tell whether the connection is gone, or never came."""
        if self._connection.connectionState in {"failed", "closed"}:
            return True
        return self._connected_at is None and self._seconds() - self._opened_at > CONNECT_S

    async def close(self) -> None:
        """Stop echoing and let go of every socket."""
        await self._connection.close()

    def _echo(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and not self._echoes:
            echo = EchoTrack(track)
            self._echoes.append(echo)
            self._connection.addTrack(echo)

    def _note_connected(self) -> None:
        if self._connection.connectionState == "connected" and self._connected_at is None:
            self._connected_at = self._seconds()
