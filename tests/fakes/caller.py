"""A person with a microphone, as an aiortc peer: speaks a tone and listens to what comes back."""

from __future__ import annotations

import asyncio
import math
import time
from array import array
from fractions import Fraction
from types import TracebackType

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame

_RATE = 48_000
_SAMPLES = 960


class ToneTrack(MediaStreamTrack):
    """A 440 Hz tone of the given loudness (0 to 32767) in 20 ms frames."""

    kind = "audio"

    def __init__(self, loudness: int) -> None:
        """Start at time zero."""
        super().__init__()
        self._loudness = loudness
        self._sent = 0
        self._began = time.monotonic()

    async def recv(self) -> AudioFrame:
        """Wait until the next frame is due and return it."""
        due = self._began + self._sent / _RATE
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        step = 2 * math.pi * 440 / _RATE
        samples = array(
            "h", (round(self._loudness * math.sin(step * (self._sent + i))) for i in range(_SAMPLES))
        )
        frame = AudioFrame(format="s16", layout="mono", samples=_SAMPLES)
        frame.planes[0].update(samples.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = _RATE, self._sent, Fraction(1, _RATE)
        self._sent += _SAMPLES
        return frame


class Caller:
    """Offers one audio line and notes the loudest sample that comes back, and how late."""

    def __init__(self, *, loudness: int = 12_000) -> None:
        """Speak with the given loudness."""
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.add_listener("track", self._hear)
        self.connection.addTrack(ToneTrack(loudness))
        self.loudest = 0
        self.silent_frames_first = 0
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Caller:
        """Return the caller."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        await self.connection.close()
        if self._listening is not None:
            await self._listening

    async def offer(self) -> str:
        """Return a complete offer, candidates inside."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def answer(self, offer: str) -> str:
        """Take the other side's offer and return a complete answer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return self.connection.localDescription.sdp

    async def take(self, answer: str) -> None:
        """Take the other side's answer."""
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=answer, type="answer"))

    def _hear(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            samples = array("h")
            samples.frombytes(bytes(frame.planes[0])[: frame.samples * len(frame.layout.channels) * 2])
            self.loudest = max((self.loudest, *map(abs, samples)))
            if self.loudest < 1000:
                self.silent_frames_first += 1
