"""Chromium with a fake camera and microphone, one new profile a person."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright, ViewportSize

EXECUTABLE = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--autoplay-policy=no-user-gesture-required",
]
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=900)


def open_browser(
    playwright: Playwright, profile: Path, *, base_url: str, phone: bool, locale: str
) -> BrowserContext:
    """Return a browser window with its own profile; raises with the package's name when it is missing."""
    if not Path(EXECUTABLE).exists():
        raise RuntimeError("Chromium is missing: install the Debian package `chromium`")
    return playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=EXECUTABLE,
        headless=True,
        args=FLAGS,
        base_url=base_url,
        viewport=PHONE if phone else DESKTOP,
        has_touch=phone,
        locale=locale,
    )
