"""What every page must be: accessible, within its policy, mirrored without overflow, and by itself."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
_RULES = "['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']"
_RUN = """axe.run(document, {runOnly: %s})
  .then((found) => JSON.stringify(found.violations.map((one) =>
    `${one.id}: ${one.nodes.slice(0, 2).map((node) => node.html.slice(0, 120)).join(' | ')}`)))"""
_TELL = """addEventListener('securitypolicyviolation',
  (event) => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));"""


class Watch:
    """Remembers what a page complains about and whom it asks."""

    def __init__(self, page: Page) -> None:
        """Watch `page` from its next navigation on."""
        self.complaints: list[str] = []
        self._host = ""
        page.add_init_script(_TELL)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused request is the page's business; what it shows for it is looked at elsewhere.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {
            "localhost",
            "127.0.0.1",
        }:
            self.complaints.append(f"asked {request.url}")


def accessibility_faults(page: Page) -> list[str]:
    """Run axe in `page` past its content security policy and return what it finds."""
    session = page.context.new_cdp_session(page)
    there = session.send("Runtime.evaluate", {"expression": "'axe' in window"})["result"]["value"]
    if not there:  # a page that was reached without a reload has it still
        session.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8")})
    answer = session.send(
        "Runtime.evaluate", {"expression": _RUN % _RULES, "awaitPromise": True, "returnByValue": True}
    )
    session.detach()
    found: list[str] = json.loads(answer["result"]["value"])
    return found


def overflows(page: Page) -> bool:
    """Tell whether the page is wider than its window."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return wide
