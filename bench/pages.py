"""Pages on a weak network: 400 kbit/s, 400 ms away, a processor four times slower than this one.

Interactive is when the page's own controls stand there; the budgets are in docs of the house: first paint
of content within 1 s, interactive within 2 s. Chromium and the server share this machine's processor.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.report import publish
from tests.servers.chromium import EXECUTABLE, FLAGS
from tests.servers.clinic import ClinicServer

TIMES = 5
_BYTES_PER_SECOND = 400_000 / 8
_ROUND_TRIP_MS = 400
_PAGES = {
    "/": "[data-test=book]",
    "/sign-in": "[data-test=email]",
    "/book": "[data-test=service]",
    "/crisis": "[data-test=crisis-number]",
}
_WATCH = """new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) globalThis.lcp = entry.startTime;
}).observe({ type: 'largest-contentful-paint', buffered: true });"""
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def _slow_page(browser: Browser) -> Page:
    page = browser.new_context(viewport={"width": 390, "height": 780}).new_page()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    speed = {"downloadThroughput": _BYTES_PER_SECOND, "uploadThroughput": _BYTES_PER_SECOND}
    session.send("Network.emulateNetworkConditions", {"offline": False, "latency": _ROUND_TRIP_MS, **speed})
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(_WATCH)
    return page


def _visit(browser: Browser, address: str, ready: str) -> dict[str, float]:
    page = _slow_page(browser)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(address, wait_until="commit")
    page.wait_for_selector(f"#app:not([aria-busy]) {ready}")
    interactive = page.evaluate("performance.now()")
    page.wait_for_timeout(500)
    found = {
        "first_paint_ms": page.evaluate(_FIRST_PAINT),
        "largest_paint_ms": page.evaluate("globalThis.lcp ?? 0"),
        "interactive_ms": interactive,
        "requests": len(requests),
    }
    page.context.close()
    return found


def _row(browser: Browser, base_url: str, path: str, ready: str) -> dict[str, object]:
    visits = [_visit(browser, f"{base_url}{path}?lang=ar", ready) for _ in range(TIMES)]
    return {
        "page": path,
        **{name: round(statistics.median(each[name] for each in visits)) for name in visits[0]},
    }


def main() -> None:
    """Open each page on a weak network and print the medians."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clinic = ClinicServer(Path(folder), extra={"CLINIC_DEMO": "1"})
        clinic.run("init")
        clinic.start("web")
        browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=FLAGS)
        try:
            rows = [_row(browser, clinic.base_url, path, ready) for path, ready in _PAGES.items()]
        finally:
            browser.close()
            clinic.stop()
    publish("pages", "Pages at 400 kbit/s and 400 ms, processor at a quarter, median of five", rows)
