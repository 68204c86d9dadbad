"""Reception decides about somebody who was not seen, and books them again; a colleague sees it at once."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.soundness import Watch, accessibility_faults
from tests.servers.clinic import ClinicServer

_TIMES = ("starts_at", "ends_at", "busy_from", "busy_to", "wall_start")


def _miss_a_visit(clinic: ClinicServer) -> str:
    """Put a visit that was booked for later two nights back, where nobody came; return its id."""
    database = sqlite3.connect(clinic.folder / "var/data/clinic.db", timeout=20)
    with database:
        [number, *times] = database.execute(
            f"SELECT id, {', '.join(_TIMES)} FROM appointment WHERE status = 'booked' AND modality = 'video'"
            " AND starts_at > datetime('now', '+3 days') ORDER BY starts_at DESC, id LIMIT 1"
        ).fetchone()
        back = datetime.now(UTC) - timedelta(days=2) - datetime.fromisoformat(times[0]).replace(tzinfo=UTC)
        whole = timedelta(days=back.days)
        moved = [_like(text, datetime.fromisoformat(text) + whole) for text in times]
        changes = ", ".join(f"{name} = ?" for name in _TIMES)
        database.execute(f"UPDATE appointment SET {changes} WHERE id = ?", [*moved, number])
    database.close()
    return str(number)


def _like(text: str, moment: datetime) -> str:
    return moment.isoformat(sep=text[10])[: len(text)] if "." not in text else str(moment)[: len(text)]


def _row(page: Page, visit: str) -> str:
    plain = visit if "-" in visit else f"{visit[:8]}-{visit[8:12]}-{visit[12:16]}-{visit[16:20]}-{visit[20:]}"
    return f"[data-test=coming][data-id='{plain}']"


def test_an_absence_is_decided_by_people_and_a_new_time_is_two_taps_away(
    open_page: OpenPage, clinic: ClinicServer
) -> None:
    visit = _miss_a_visit(clinic)
    desk, colleague = open_page("reception", "ar", phone=True), open_page("manager", "fr")
    watch = Watch(desk)
    for page in (desk, colleague):
        page.goto("/arrivals")
        expect(page.locator(_row(page, visit))).to_have_attribute("data-standing", "absent")
    row = desk.locator(_row(desk, visit))
    row.locator("[data-test=note-absence]").click()
    desk.locator("[data-test=absence-reason]:visible").select_option("travel")
    assert accessibility_faults(desk) == []
    desk.locator("[data-test=confirm-absence]:visible").click()
    expect(row).to_have_attribute("data-standing", "missed")
    expect(row.get_by_role("link")).to_be_focused()
    expect(colleague.locator(_row(colleague, visit))).to_have_attribute("data-standing", "missed")

    row.locator("[data-test=rebook]").click()
    desk.locator("[data-test=rebook-slot]:visible").first.click()
    expect(desk.locator("[role=status] .toast").last).to_be_visible()
    expect(desk.locator("[data-test=rebook-slot]:visible")).to_have_count(0)
    assert accessibility_faults(desk) == []
    assert watch.complaints == []
