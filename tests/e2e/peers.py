"""What a page's peer connections say. Pages expose nothing: tests wrap the constructor before they load."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

_WRAP = """(() => {
  if (window.__peers) return;
  const Native = window.RTCPeerConnection;
  window.__peers = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...given) { super(...given); window.__peers.push(this); }
  };
})();"""
_READ = """async () => {
  const pc = window.__peers.at(-1);
  const seen = {state: pc ? pc.connectionState : 'none', frames: 0, energy: 0, count: window.__peers.length};
  for (const entry of pc ? (await pc.getStats()).values() : []) {
    if (entry.type !== 'inbound-rtp') continue;
    seen.frames += entry.framesDecoded ?? 0;
    seen.energy += entry.totalAudioEnergy ?? 0;
  }
  return seen;
}"""


@dataclass(frozen=True, slots=True)
class Received:
    """What the newest connection of a page has received since it began."""

    state: str
    frames: int
    energy: float
    count: int


def wrap(page: Page) -> None:
    """Remember the peer connections of `page` from its next navigation on."""
    page.add_init_script(_WRAP)


def received(page: Page) -> Received:
    """Read the statistics of the newest peer connection of `page`."""
    return Received(**page.evaluate(_READ))


def wait_until(holds: Callable[[], bool], what: str, *, seconds: float = 30) -> None:
    """Wait for something that no selector can tell; raises AssertionError naming `what`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.25)


def wait_for_media(page: Page, *, picture: bool = True) -> None:
    """Wait until `page` decodes speech, and a picture where one is due, and goes on doing so."""
    wait_until(lambda: received(page).energy > 0, "no sound arrives")
    first = received(page)

    def rising() -> bool:
        now = received(page)
        return now.energy > first.energy and (not picture or now.frames > first.frames + 10)

    wait_until(rising, "media does not go on arriving")
