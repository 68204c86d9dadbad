"""The demo’s rota: days, nights and a second step; Saturdays by day lack the first step, to be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta

from sqlalchemy import select

from clinic.access.actor import SYSTEM
from clinic.demo.parts import At, Making
from clinic.demo.people import People
from clinic.ids import PractitionerId
from clinic.scheduling.models import Service
from clinic.scheduling.rules.availability import Modality, WeeklyRule
from clinic.scheduling.rules.on_call import DutyRule
from clinic.scheduling.services.on_call import rotas
from clinic.scheduling.services.on_call.rotas import RotaWish
from clinic.scheduling.services.reading import Reader

SERVICE = "urgent-talk"
_TZ = "Asia/Jerusalem"
_MORNING, _EVENING = time(8), time(20)
# login -> step, weekdays (Monday is 0), from, to
_DUTIES = (
    ("therapist", 1, (6, 0, 1, 2, 3), _MORNING, _EVENING),
    ("therapist10", 1, (4,), _MORNING, _EVENING),
    ("therapist4", 1, (6, 1, 3, 5), _EVENING, _MORNING),
    ("therapist6", 1, (0, 2, 4), _EVENING, _MORNING),
    ("supervisor", 2, range(7), _MORNING, _MORNING),
)
TEAM = frozenset(login for login, *_ in _DUTIES)


def make_rota(making: Making, people: People) -> None:
    """Write the rota of the urgent service, valid since a month ago."""
    service = making.session.scalars(select(Service).where(Service.code == SERVICE)).one()
    then = making.now - timedelta(days=30)
    logins = {one.cast.login: one.id for one in people.therapists}
    wish = RotaWish(list(_rules(logins, then.date())), around_the_clock=True, answer_minutes=10)
    reader = Reader(SYSTEM, At(then), making.vault_at(At(then)), "en")
    rotas.set_rota(making.session, reader, service.id, wish, version=0)


def _rules(logins: Mapping[str, PractitionerId], since: date) -> Iterator[DutyRule]:
    for login, step, weekdays, start, end in _DUTIES:
        for weekday in weekdays:
            week = WeeklyRule(
                weekday=weekday,
                start=start,
                end=end,
                tz=_TZ,
                valid_from=since,
                valid_to=None,
                modalities=frozenset(Modality),
                overnight=end <= start,
            )
            yield DutyRule(logins[login], step, week)
