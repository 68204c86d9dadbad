"""The rota of an urgent service as one document that several people edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from clinic import audit
from clinic.db.edited import Change
from clinic.errors import Invalid, PreconditionFailed
from clinic.identity.services.names import NamedChange, change_words
from clinic.ids import new_id
from clinic.scheduling.models import OnCallRota, OnCallRule
from clinic.scheduling.queries import on_call as queries
from clinic.scheduling.queries import services
from clinic.scheduling.queries.practitioners import names
from clinic.scheduling.rules.on_call import DutyRule, complaints
from clinic.scheduling.services.on_call import covers
from clinic.scheduling.services.on_call.covers import SeenCover
from clinic.scheduling.services.on_call.finding import urgent_service
from clinic.scheduling.services.reading import Reader

USUAL_ANSWER_MINUTES = 10


@dataclass(frozen=True, slots=True)
class RotaWish:
    """What a rota becomes."""

    rules: Sequence[DutyRule]
    around_the_clock: bool
    answer_minutes: int


@dataclass(frozen=True, slots=True)
class SeenRule:
    """A weekly rule with the name of who is on call."""

    rule: DutyRule
    practitioner_name: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who holds visits of the service."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class RotaDocument:
    """A rota as it is; version 0 is one that nobody has made yet. `team` may be put on call.

    `covers` are those that are not over.
    """

    service: UUID
    service_name: str
    around_the_clock: bool
    answer_minutes: int
    rules: Sequence[SeenRule]
    team: Sequence[Member]
    covers: Sequence[SeenCover]
    version: int
    changed: NamedChange


def document(session: Session, reader: Reader, service_id: UUID) -> RotaDocument:
    """Return the rota of a service; raises NotFound unless it is an urgent one."""
    service = urgent_service(session, service_id)
    row = session.get(OnCallRota, service.id)
    rules = [one.rule for one in queries.rules_of(session, service.id)]
    team = queries.offering(session, service.id)
    named = names(session, team | {rule.practitioner for rule in rules})
    change = Change(None, None) if row is None else row.change
    text = services.texts_of(service, reader.fields).in_language(reader.language)
    return RotaDocument(
        service=service.id,
        service_name=text["name"],
        around_the_clock=row is not None and row.around_the_clock,
        answer_minutes=USUAL_ANSWER_MINUTES if row is None else row.answer_minutes,
        rules=[SeenRule(rule, named[rule.practitioner]) for rule in rules],
        team=sorted((Member(who, named[who]) for who in team), key=lambda one: (one.name, str(one.id))),
        covers=covers.listed(session, service.id, since=reader.clock.now()),
        version=0 if row is None else row.version,
        changed=change_words(session, vault=reader.vault, changes=[change])[0],
    )


def set_rota(session: Session, reader: Reader, service_id: UUID, wish: RotaWish, *, version: int) -> None:
    """Replace the rules; covers stay as they are.

    Raises NotFound, PreconditionFailed("document_changed"), and Invalid by field for a rule that cannot be
    meant or that puts somebody on call who does not hold visits of the service.
    """
    service = urgent_service(session, service_id, lock=True)
    if errors := complaints(wish.rules, offering=queries.offering(session, service.id)):
        raise Invalid("invalid", errors=errors)
    row = _expected(session, service.id, version)
    now, who = reader.clock.now(), reader.actor.account_id
    if row is None:
        row = OnCallRota(service_id=service.id)
        row.made(by=who, at=now)
        session.add(row)
    else:
        row.changed(by=who, at=now)
    row.around_the_clock, row.answer_minutes = wish.around_the_clock, wish.answer_minutes
    session.flush()
    session.execute(delete(OnCallRule).where(OnCallRule.service_id == service.id))
    session.add_all(_row(service.id, rule) for rule in wish.rules)
    session.flush()
    audit.record(
        session,
        actor=reader.actor,
        clock=reader.clock,
        action="on_call.edit",
        object_type="service",
        object_id=service.id,
    )


def _expected(session: Session, service: UUID, version: int) -> OnCallRota | None:
    row = session.get(OnCallRota, service, populate_existing=True)
    if row is None and version != 0:
        raise PreconditionFailed("document_changed")
    if row is not None:
        row.expect(version)
    return row


def _row(service: UUID, duty: DutyRule) -> OnCallRule:
    return OnCallRule(
        id=new_id(),
        service_id=service,
        practitioner_id=duty.practitioner,
        step=duty.step,
        weekday=duty.week.weekday,
        starts=duty.week.start,
        ends=duty.week.end,
        overnight=duty.week.overnight,
        tz=duty.week.tz,
        valid_from=duty.week.valid_from,
        valid_to=duty.week.valid_to,
    )
