"""`python -m tools.picture`: start a demo clinic, let two people meet and write docs/images/call.png."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import av
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.e2e.conftest import sign_in
from tests.servers.chromium import DESKTOP, EXECUTABLE, FLAGS
from tests.servers.clinic import ClinicServer

HERE, IMAGES = Path(__file__).parent, Path("docs/images")
_SIZE = (640, 480)
_FRAMES = 20


def main() -> None:
    """Write docs/images/call.png."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        clinic = ClinicServer(Path(folder), extra={"CLINIC_DEMO": "1"})
        clinic.run("init")
        clinic.start("web", "media", "worker")
        try:
            _take(playwright, clinic.base_url, Path(folder))
        finally:
            clinic.stop()


def _take(playwright: Playwright, base_url: str, folder: Path) -> None:
    patient = _person(playwright, base_url, folder, "patient", "ar")
    therapist = _person(playwright, base_url, folder, "therapist", "fr")
    patient.goto("/")
    patient.locator("[data-test=enter-waiting-room]").click()
    patient.locator("[data-test=where-am-i]").fill("القدس، شعفاط")
    patient.locator("[data-test=join]").click()
    therapist.goto("/today")
    therapist.locator("[data-test=admit]").first.click()
    therapist.wait_for_url(re.compile("/room/"))
    therapist.locator("[data-test=note-section]").first.fill(
        "Arrive à l’heure, souriante. A repris la marche avec Amal, « حتى في المطر »."
    )
    therapist.locator("[data-test=save-state][data-state=saved]").wait_for()
    therapist.wait_for_timeout(6000)  # the picture sharpens while the bandwidth estimate grows
    therapist.screenshot(path=IMAGES / "call.png")


def _person(playwright: Playwright, base_url: str, folder: Path, login: str, lang: str) -> Page:
    context: BrowserContext = playwright.chromium.launch_persistent_context(
        str(folder / login),
        executable_path=EXECUTABLE,
        headless=True,
        args=[*FLAGS, f"--use-file-for-fake-video-capture={_film(playwright, folder, login)}"],
        base_url=base_url,
        viewport=DESKTOP,
        locale=lang,
    )
    page = context.pages[0]
    sign_in(page, login, lang)
    return page


def _film(playwright: Playwright, folder: Path, login: str) -> Path:
    """Return a film (YUV4MPEG2) of the drawing that stands for `login`."""
    drawing, film = folder / f"{login}.png", folder / f"{login}.y4m"
    browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": _SIZE[0], "height": _SIZE[1]})
    svg = (HERE / f"{login}.svg").read_text(encoding="utf-8")
    page.set_content(f"<style>*{{margin:0}}svg{{width:100vw;height:100vh;display:block}}</style>{svg}")
    page.screenshot(path=drawing)
    browser.close()
    with av.open(str(drawing)) as picture:
        frame = next(picture.decode(video=0)).reformat(*_SIZE, format="yuv420p")
    planes = b"".join(_plane(plane) for plane in frame.planes)
    head = f"YUV4MPEG2 W{_SIZE[0]} H{_SIZE[1]} F20:1 Ip A1:1 C420jpeg\n".encode()
    film.write_bytes(head + b"".join(b"FRAME\n" + planes for _ in range(_FRAMES)))
    return film


def _plane(plane: av.video.plane.VideoPlane) -> bytes:
    data = bytes(plane)
    return b"".join(data[row * plane.line_size :][: plane.width] for row in range(plane.height))


if __name__ == "__main__":
    main()
