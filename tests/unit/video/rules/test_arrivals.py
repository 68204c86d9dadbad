"""How far a patient has come, as the therapist's day shows it."""

from __future__ import annotations

import pytest

from clinic.ids import AccountId, new_id
from clinic.video.rules.arrivals import Arrival, arrival
from clinic.video.rules.room import Seat, SeatRole, SeatState


@pytest.mark.parametrize(
    ("state", "connected", "on_page", "shown"),
    [
        (SeatState.LEFT, False, False, None),
        (SeatState.LEFT, False, True, Arrival.ARRIVED),
        (SeatState.WAITING, True, False, Arrival.WAITING),
        (SeatState.WAITING, False, False, Arrival.AWAY),
        (SeatState.WAITING, False, True, Arrival.ARRIVED),
        (SeatState.ADMITTED, True, False, Arrival.ADMITTED),
        (SeatState.ADMITTED, True, True, Arrival.ADMITTED),
        (SeatState.ADMITTED, False, False, Arrival.AWAY),
        (SeatState.ADMITTED, False, True, Arrival.ARRIVED),
    ],
)
def test_the_arrival_of_a_seat(
    state: SeatState, connected: bool, on_page: bool, shown: Arrival | None
) -> None:
    seat = Seat(
        new_id(),
        AccountId(new_id()),
        SeatRole.PATIENT,
        state=state,
        connection="socket" if connected else None,
    )
    assert arrival(seat, on_page=on_page) is shown
