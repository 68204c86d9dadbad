"""A rota for the small diary: the first practitioner at step 1, the second at step 2, round the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from sqlalchemy import select

from clinic.access.actor import SYSTEM
from clinic.clock import Clock
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.ids import PractitionerId
from clinic.scheduling.models import Service
from clinic.scheduling.rules.availability import Modality, WeeklyRule
from clinic.scheduling.rules.on_call import DutyRule
from clinic.scheduling.services.on_call import rotas
from clinic.scheduling.services.on_call.rotas import RotaWish
from clinic.scheduling.services.reading import Reader
from clinic.vault import Vault
from tests.factories.scheduling import TALK, Diary

URGENT_TALK = replace(TALK, kind="urgent")
ANSWER_MINUTES = 10


def always(practitioner: PractitionerId, step: int) -> list[DutyRule]:
    """Return rules that put somebody on call round the clock."""
    every, since = frozenset(Modality), date(2026, 1, 1)
    return [
        DutyRule(
            practitioner,
            step,
            WeeklyRule(day, time(8), time(8), "Asia/Jerusalem", since, None, every, overnight=True),
        )
        for day in range(7)
    ]


def write_rota(
    database: Database, vault: Vault, clock: Clock, diary: Diary, rules: Sequence[DutyRule] | None = None
) -> None:
    """Write the rota of the diary's service, which becomes an urgent one."""
    if rules is None:
        first, second = diary.practitioners[:2]
        rules = [*always(first, 1), *always(second, 2)]
    reader = Reader(SYSTEM, clock, vault, "en")
    with transaction(database) as session:
        service = session.scalars(select(Service).where(Service.id == diary.service)).one()
        service.kind = "urgent"
        session.flush()
        version = rotas.document(session, reader, service.id).version
        wish = RotaWish(rules, around_the_clock=True, answer_minutes=ANSWER_MINUTES)
        rotas.set_rota(session, reader, service.id, wish, version=version)
