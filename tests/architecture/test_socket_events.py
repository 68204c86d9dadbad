"""Every socket event is one of the protocol's, says who may send it, and refuses what is misshapen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clinic.access.permissions import WITHIN_A_ROOM, Permission
from clinic.records.sockets import Files
from clinic.scheduling.sockets import Calendars
from clinic.video.rules.limits import RATES
from clinic.video.rules.messages import FROM_CLIENT
from clinic.video.sockets import Rooms
from clinic.web.guards import guard_of
from clinic.web.sockets import Namespace


def _handlers(of: type[Namespace]) -> dict[str, Callable[..., object]]:
    return {
        name.removeprefix("on_").replace("_", "-"): getattr(of, name)
        for name in dir(of)
        if name.startswith("on_")
    }


HANDLERS = _handlers(Rooms)
FILES = _handlers(Files)


def test_the_protocol_is_served_whole_and_nothing_else_is() -> None:
    assert set(HANDLERS) == set(FROM_CLIENT) == set(RATES)


@pytest.mark.parametrize("event", sorted(HANDLERS))
def test_an_event_declares_a_permission(event: str) -> None:
    assert guard_of(HANDLERS[event]) in set(Permission)


@pytest.mark.parametrize("event", sorted(set(HANDLERS) - {"watch"}))
def test_what_a_call_needs_outlives_the_idle_limit(event: str) -> None:
    assert Permission(str(guard_of(HANDLERS[event]))) in WITHIN_A_ROOM


def test_the_therapists_day_does_not() -> None:
    assert Permission(str(guard_of(HANDLERS["watch"]))) not in WITHIN_A_ROOM


def test_an_open_file_has_one_event_and_its_news_reach_a_call() -> None:
    assert list(FILES) == ["watch"]
    assert Permission(str(guard_of(FILES["watch"]))) in WITHIN_A_ROOM


def test_a_calendar_is_only_listened_to() -> None:
    assert _handlers(Calendars) == {}
