"""What may be done with an urgent request: by whoever was asked, by whoever has it, by the desk."""

from __future__ import annotations

import pytest

from clinic.ids import new_id
from clinic.scheduling.rules.urgent_requests import Acts, RequestState, Standing, acts, told_again_after

ASKED, HOLDER, STRANGER = new_id(), new_id(), new_id()
ALL, NONE = Acts(claim=True, hand_on=True, close=True), Acts(claim=False, hand_on=False, close=False)
ANSWER, HOLD = Acts(claim=True, hand_on=True, close=False), Acts(claim=False, hand_on=True, close=True)


@pytest.mark.parametrize(
    ("state", "account", "practitioner", "desk", "wanted"),
    [
        (RequestState.OPEN, STRANGER, ASKED, False, ANSWER),
        (RequestState.OPEN, STRANGER, STRANGER, False, NONE),
        (RequestState.OPEN, STRANGER, None, True, ALL),
        (RequestState.CLAIMED, HOLDER, ASKED, False, HOLD),
        (RequestState.CLAIMED, STRANGER, ASKED, False, NONE),
        (RequestState.CLAIMED, STRANGER, None, True, HOLD),
        (RequestState.CLOSED, HOLDER, ASKED, False, NONE),
        (RequestState.CLOSED, STRANGER, None, True, NONE),
    ],
)
def test_says_who_may_do_what(
    state: RequestState, account: object, practitioner: object, desk: bool, wanted: Acts
) -> None:
    standing = Standing(state, HOLDER if state is RequestState.CLAIMED else None, frozenset({ASKED}))
    assert acts(standing, account=account, practitioner=practitioner, desk=desk) == wanted  # type: ignore[arg-type]


def test_the_desk_is_told_again_ever_less_often_and_never_not_at_all() -> None:
    minutes = [told_again_after(times).total_seconds() / 60 for times in (1, 2, 3, 4, 5, 6, 99)]
    assert minutes == [15, 30, 60, 120, 240, 240, 240]
