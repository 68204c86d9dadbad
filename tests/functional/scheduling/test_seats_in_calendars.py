"""A seat in a group is in its member's calendar as any visit is: neutral, one entry, the last word counts."""

from __future__ import annotations

import pytest

from clinic.notifications.channels.memory import MemoryChannel
from tests.factories.groups import add_group_service, group_body
from tests.functional.scheduling.conftest import Browser, World, collect
from tests.readers.calendars import Event, read_alike


@pytest.fixture
def group(world: World) -> str:
    """A session on Tuesday."""
    service = add_group_service(world.parts.database, world.parts.vault, world.diary)
    made = world.browser(world.diary.desk).post("/groups", group_body(world.diary, service))
    assert made.status_code == 201, made.get_json()
    return str(made.get_json()["id"])


def fed(world: World, browser: Browser, detail: str = "names") -> list[Event]:
    """Make a calendar address and return what it shows."""
    address = browser.post("/me/calendar-feeds", {"detail": detail}).get_json()["address"]
    path = address.partition("/calendar/")[2]
    content = world.app.test_client().get(f"/calendar/{path}").get_data()
    (file,) = read_alike([content])
    return list(file.events)


def test_a_seat_is_one_neutral_entry_that_follows_what_becomes_of_it(
    world: World, group: str, channel: MemoryChannel
) -> None:
    member, seats = world.browser(world.diary.patient_actors[0]), f"/groups/{group}/seats"
    own = f"{seats}/{world.diary.patients[0]}"
    files = []
    for act in ("take", "give up", "take"):
        done = member.delete(own) if act == "give up" else member.post(seats, {})
        assert done.status_code in {201, 204}
        ((_, letter),) = collect(world, channel)
        assert letter.calendar is not None
        files.append(letter.calendar.content)
        shown = [event.summary for event in fed(world, member)]
        assert shown == ([] if act == "give up" else ["Appointment"])
    (entry,) = fed(world, member)
    assert (entry.uid, entry.summary) == (group, "Appointment")
    assert "circle" not in entry.description.lower()
    sent = read_alike(files)
    assert [file.method for file in sent] == ["REQUEST", "CANCEL", "REQUEST"]
    assert {event.uid for file in sent for event in file.events} == {group}
    versions = [event.sequence for file in sent for event in file.events]
    assert versions == sorted(set(versions))
    assert entry.sequence == versions[-1]


def test_the_file_of_a_session_is_for_who_sits_in_it_or_holds_it(world: World, group: str) -> None:
    first, second = (world.browser(actor) for actor in world.diary.patient_actors)
    assert first.post(f"/groups/{group}/seats", {}).status_code == 201
    path = f"/groups/{group}/calendar.ics"
    therapist, other = (world.browser(actor) for actor in world.diary.therapist_actors)
    for browser, status in ((first, 200), (therapist, 200), (second, 404), (other, 404)):
        assert browser.get(path).status_code == status
    (file,) = read_alike([first.get(path).get_data()])
    (event,) = file.events
    assert (file.method, event.uid, event.summary) == ("PUBLISH", group, "Appointment")
    assert [one.uid for one in fed(world, therapist)] == [group]
    assert fed(world, other) == []
