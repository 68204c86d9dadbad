"""What a page's peer connections say about the media that they receive (W3C webrtc-stats)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

PEERS = Path(__file__).with_name("peers.js")
_SUM = """async () => {
  const seen = {frames: 0, energy: 0, count: window.__peers.length};
  for (const peer of window.__peers) {
    for (const one of (await peer.getStats()).values()) {
      if (one.type !== 'inbound-rtp') continue;
      seen.frames += one.framesDecoded ?? 0;
      seen.energy += one.totalAudioEnergy ?? 0;
    }
  }
  return seen;
}"""


@dataclass(frozen=True, slots=True)
class Received:
    """Frames decoded and audio energy heard so far, over all `count` connections that the page has had."""

    frames: int
    energy: float
    count: int


def received(page: Page) -> Received:
    """Return what `page` has received since it was loaded."""
    return Received(**page.evaluate(_SUM))


def wait_for(page: Page, enough: Callable[[Received], bool], seconds: float = 30) -> Received:
    """Return what `page` has received as soon as it is `enough`; fails with the figures otherwise."""
    deadline = time.monotonic() + seconds
    while not enough(found := received(page)):
        assert time.monotonic() < deadline, f"not enough media after {seconds} s: {found}"
        page.wait_for_timeout(250)
    return found


def hears(page: Page) -> None:
    """Wait until `page` hears audio and goes on doing so."""
    first = wait_for(page, lambda now: now.energy > 0)
    wait_for(page, lambda now: now.energy > first.energy)


def sees_and_hears(page: Page) -> None:
    """Wait until `page` decodes frames and hears audio, and both go on rising."""
    first = wait_for(page, lambda now: now.frames > 0 and now.energy > 0)
    wait_for(page, lambda now: now.frames > first.frames + 10 and now.energy > first.energy)
