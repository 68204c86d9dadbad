"""Nobody is booked twice, whatever fifty people do at the same moment, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from clinic.app import create_app
from clinic.config import Settings
from clinic.db.transaction import snapshot
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.slots import SlotSearch, find_slots
from clinic.web.runtime import Runtime
from tests.factories.scheduling import Diary, drop_the_guard, make_diary
from tests.fakes.clock import FakeClock
from tests.functional.scheduling.races import CROWD, Person, assert_one_wins, at_once, crowd, serving


@dataclass(frozen=True, slots=True)
class Rush:
    """A clinic being served, and everybody who wants a visit."""

    parts: Runtime
    diary: Diary
    people: list[Person]

    def bodies(self, count: int) -> list[dict[str, object]]:
        """Return `count` times of the first practitioner, as bodies to book them."""
        search = SlotSearch(self.diary.service, Wish(self.diary.practitioners[0]), limit=count)
        with snapshot(self.parts.database) as session:
            found = find_slots(session, search, now=self.parts.clock.now())
        return [
            {
                "service": slot.service,
                "practitioner": slot.practitioner,
                "starts_at": slot.starts_at,
                "modality": "video",
            }
            for slot in found
        ]


@pytest.fixture
def rush(settings: Settings, clock: FakeClock, database_url: str) -> Iterator[Rush]:
    """Fifty patients, each in a browser of their own."""
    app = create_app(replace(settings, database_url=database_url), clock=clock)
    parts = app.extensions["clinic"]
    assert isinstance(parts, Runtime)
    diary = make_diary(parts.database, parts.vault, patients=CROWD, practitioners=1)
    with serving(app) as port:
        yield Rush(parts, diary, crowd(parts, diary.patient_actors, port))
    parts.database.dispose()


def test_fifty_want_one_time_and_one_gets_it_ten_times_in_a_row(rush: Rush) -> None:
    for body in rush.bodies(10):
        assert_one_wins(rush.people, body, rush.parts.database)


def test_one_key_sent_fifty_times_is_one_visit_fifty_times(rush: Rush) -> None:
    (body,), person = rush.bodies(1), rush.people[0]
    answers = at_once([lambda: person.book(body, "one intent")] * CROWD)
    assert {status for status, _ in answers} == {201}
    assert len({answer["id"] for _, answer in answers}) == 1


def test_without_the_guard_the_same_assertion_fails(rush: Rush) -> None:
    """The database keeps the promise and not chance or our own checks."""
    drop_the_guard(rush.parts.database)
    with pytest.raises(AssertionError, match="201"):
        assert_one_wins(rush.people, rush.bodies(1)[0], rush.parts.database)
