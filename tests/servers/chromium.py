"""Chromium with a fake camera and microphone, a new profile for everybody."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize

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


def start_browser(playwright: Playwright) -> Browser:
    """Return a browser without a window; raises with the package's name when it is missing."""
    if not Path(EXECUTABLE).exists():
        raise RuntimeError("Chromium is missing: install the Debian package `chromium`")
    return playwright.chromium.launch(executable_path=EXECUTABLE, headless=True, args=FLAGS)


def open_profile(browser: Browser, *, base_url: str, phone: bool, locale: str) -> BrowserContext:
    """Return a profile that shares nothing with the others of `browser`, with one empty page."""
    context = browser.new_context(
        base_url=base_url, viewport=PHONE if phone else DESKTOP, has_touch=phone, locale=locale
    )
    context.new_page()
    return context
