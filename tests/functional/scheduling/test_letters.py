"""Patients are written to about their visits: that and when, in their language, and nothing else."""

from __future__ import annotations

import pytest

from clinic.notifications.channels.memory import MemoryChannel
from clinic.scheduling.letters import spoken
from tests.functional.scheduling.conftest import World, collect, wish


def test_booking_moving_and_cancelling_are_told(world: World, channel: MemoryChannel) -> None:
    slots, patient = world.slots()[::-1], world.browser(world.diary.patient_actors[0])
    visit = patient.post("/appointments", wish(slots[0])).get_json()
    ((address, letter),) = collect(world, channel)
    assert address == f"{world.diary.patient_actors[0].patient_id}@clinic.example"
    assert f"booked for {spoken(slots[0]['local'], 'en')}, clinic time" in letter.text
    assert " move" not in letter.text
    assert visit["practitioner_name"] not in letter.text
    assert visit["service_name"] not in letter.text
    moved = patient.post(f"/appointments/{visit['id']}/reschedule", {"starts_at": slots[2]["starts_at"]})
    assert moved.status_code == 200, moved.get_json()
    ((_, letter),) = collect(world, channel)
    assert f"moved to {spoken(slots[2]['local'], 'en')}" in letter.text
    assert patient.post(f"/appointments/{visit['id']}/cancel").status_code == 200
    ((_, letter),) = collect(world, channel)
    assert "is cancelled" in letter.text


def test_a_letter_that_is_no_longer_so_is_not_sent(world: World, channel: MemoryChannel) -> None:
    slot, patient = world.slots()[-1], world.browser(world.diary.patient_actors[0])
    visit = patient.post("/appointments", wish(slot)).get_json()
    patient.post(f"/appointments/{visit['id']}/cancel")
    ((_, letter),) = collect(world, channel)
    assert "is cancelled" in letter.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", "الثلاثاء 24/11/2026، الساعة 16:00"),
        ("fr", "mardi 24/11/2026 à 16:00"),
        ("en", "Tuesday 24/11/2026 at 16:00"),
    ],
)
def test_times_are_said_as_people_say_them(language: str, said: str) -> None:
    assert spoken("2026-11-24T16:00", language) == said
