"""A hold that has lapsed is in nobody's way, although its row is there until it is swept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.services.groups import seats
from tests.factories.groups import add_group_service
from tests.integration.scheduling.conftest import Clinic
from tests.integration.scheduling.mutations import (
    Act,
    Target,
    accept,
    accept_instead,
    book,
    confirm,
    follow_the_clocks,
    move,
    planned_session,
)


def take_a_seat(clinic: Clinic, target: Target) -> None:
    """A patient takes a seat in a group's session."""
    group = add_group_service(clinic.database, clinic.vault, clinic.diary)
    session_id = planned_session(clinic, group, target.slot)
    asked = seats.Asked(session_id, None, wait=False)
    with clinic.act() as session:
        seats.take(session, actor=clinic.diary.patient_actors[0], clock=clinic.clock, asked=asked)


@pytest.mark.parametrize("act", [book, confirm, move, accept, accept_instead, follow_the_clocks, take_a_seat])
def test_lapsed_holds_of_patient_and_practitioner_hinder_nothing(clinic: Clinic, act: Act) -> None:
    first, other = (clinic.slots(Wish(who), limit=20) for who in clinic.diary.practitioners)
    slot, spare = first[8], other[16]
    beside = next(one for one in other if one.starts_at == slot.starts_at)
    own = clinic.hold(clinic.diary.patient_actors[0], clinic.wanted(beside))
    theirs = clinic.hold(clinic.diary.patient_actors[1], clinic.wanted(slot))
    clinic.clock.advance(timedelta(minutes=11))
    act(clinic, Target(0, slot, spare))
    assert {clinic.row(one.id).status for one in (own, theirs)} == {Status.EXPIRED}
