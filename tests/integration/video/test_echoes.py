"""Device tests are few, short and let go of: limits on a clock that the test moves."""

from __future__ import annotations

import asyncio

import pytest

from clinic.ids import new_id
from clinic.video.media.echoes import Echoes, RefusalError
from clinic.video.rules.quality import EchoState
from tests.fakes.caller import Caller


class Stopwatch:
    """Monotonic seconds that stand still."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def an_offer() -> str:
    async with Caller() as caller:
        return await caller.offer()


def test_a_test_that_never_connects_is_over_after_fifteen_seconds() -> None:
    async def story() -> None:
        watch = Stopwatch()
        echoes, test, owner = Echoes(watch), new_id(), new_id()
        await echoes.open(test, owner, await an_offer())
        watch.seconds = 14
        await echoes.sweep()
        assert len(echoes) == 1
        watch.seconds = 16
        await echoes.sweep()
        assert len(echoes) == 0
        assert (await echoes.report(test, owner)).state is EchoState.OVER

    asyncio.run(story())


def test_a_test_ends_after_its_minute_even_if_it_could_go_on() -> None:
    async def story() -> None:
        watch = Stopwatch()
        echoes = Echoes(watch, lifetime_s=10)
        await echoes.open(new_id(), new_id(), await an_offer())
        watch.seconds = 10
        await echoes.sweep()
        assert len(echoes) == 0

    asyncio.run(story())


def test_one_more_than_the_most_is_told_that_it_is_busy() -> None:
    async def story() -> None:
        echoes, sdp = Echoes(Stopwatch(), most=1), await an_offer()
        await echoes.open(new_id(), new_id(), sdp)
        with pytest.raises(RefusalError, match="busy"):
            await echoes.open(new_id(), new_id(), sdp)
        await echoes.close_all()
        await echoes.open(new_id(), new_id(), sdp)
        await echoes.close_all()
        assert len(echoes) == 0

    asyncio.run(story())


def test_a_refused_offer_holds_no_place() -> None:
    async def story() -> None:
        echoes = Echoes(Stopwatch(), most=1)
        for _ in range(3):
            with pytest.raises(RefusalError, match="bad_sdp"):
                await echoes.open(new_id(), new_id(), "v=0")
        assert len(echoes) == 0

    asyncio.run(story())
