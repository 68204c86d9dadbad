"""Who offers a service, where, and in which usual hours: one statement, one row for each practitioner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, String, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from clinic.ids import PractitionerId, ServiceId, SiteId
from clinic.scheduling.models import AvailabilityRule, PractitionerService, Schedule, Site
from clinic.scheduling.queries.practitioners import Wish, people
from clinic.scheduling.queries.stored import Stored, id_of, stored
from clinic.scheduling.rules.availability import Days, Modality, Week, WeeklyRule

_RULES, _SITES = AvailabilityRule.__table__, Site.__table__
_SCHEDULES, _OFFERS = Schedule.__table__, PractitionerService.__table__
_FIELD, _RULE = ",", ";"  # neither is in a zone, a code, a date or a time
_OWN = ""  # a rule that names no site is for the own one


@dataclass(frozen=True, slots=True)
class Place:
    """A practitioner at a site; `tz` is the site's zone, `key` and `site_key` are the ids as kept.

    Of the stored `rules` those hold here that name one of `rules_at`.
    """

    practitioner: PractitionerId
    key: str
    name: str
    site: SiteId
    site_key: str
    tz: str
    rules: str
    rules_at: frozenset[str]

    def week(self, replaced: tuple[Days, ...], wanted: frozenset[Modality]) -> Week:
        """Return the hours in which visits are held in a `wanted` way."""
        return _week(self.rules, self.rules_at, replaced, wanted)


def places(
    session: Session, service_id: ServiceId | None, wish: Wish, once: Iterable[tuple[str, str]] = ()
) -> list[Place]:
    """Return those who offer the service (None: any) and fit the wish, with their weekly rules as text.

    Somebody works at their own site, at those that their rules name, and at those of `once` (person and
    site, as kept).
    """
    kept = stored(session)
    statement = _statement(kept) if service_id is None else _offering(kept)
    asked = {} if service_id is None else {"service": service_id}
    found: list[Place] = []
    others: list[tuple[Place, str]] = []
    extra = _extra(once)
    for who, name, own, tz, text in session.execute(statement.where(*wish.conditions()), asked).all():
        place = Place(
            practitioner=PractitionerId(id_of(who)),
            key=who,
            name=name,
            site=SiteId(id_of(own)),
            site_key=own,
            tz=tz,
            rules=text,
            rules_at=frozenset({_OWN, own}),
        )
        found.append(place)
        elsewhere = _named(text) | extra[who] if who in extra else _named(text)
        others.extend((place, site) for site in elsewhere if site != own)
    if others:
        found.extend(_elsewhere(session, kept, others))
    return [place for place in found if wish.site in {None, place.site}]


def _extra(once: Iterable[tuple[str, str]]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for who, where in once:
        found.setdefault(who, set()).add(where)
    return found


def _elsewhere(session: Session, kept: Stored, others: Sequence[tuple[Place, str]]) -> list[Place]:
    used = select(kept.key(_SITES.c.id), _SITES.c.tz).where(_SITES.c.active)
    zones = {key: tz for key, tz in session.execute(used)}
    return [
        Place(
            practitioner=place.practitioner,
            key=place.key,
            name=place.name,
            site=SiteId(id_of(site)),
            site_key=site,
            tz=zones[site],
            rules=place.rules,
            rules_at=frozenset({site}),
        )
        for place, site in others
        if site in zones
    ]


@lru_cache
def _statement(kept: Stored) -> Select[Any]:
    rules = (
        select(func.aggregate_strings(_text(kept), _RULE))
        .where(_RULES.c.practitioner_id == people.c.id)
        .correlate(people)
        .scalar_subquery()
    )
    return (
        select(
            kept.key(people.c.id), people.c.name, kept.key(_SITES.c.id), _SITES.c.tz, func.coalesce(rules, "")
        )
        .join_from(people, _SCHEDULES, _SCHEDULES.c.practitioner_id == people.c.id)
        .join(_SITES, _SITES.c.id == _SCHEDULES.c.site_id)
    )


@lru_cache
def _offering(kept: Stored) -> Select[Any]:
    offering = select(_OFFERS.c.practitioner_id).where(_OFFERS.c.service_id == bindparam("service"))
    return _statement(kept).where(people.c.id.in_(offering))


def _text(kept: Stored) -> Any:
    """Return a rule as text, to be read by `_rule`."""
    rule = _RULES.c
    needed = (rule.weekday, rule.starts, rule.ends, rule.overnight, rule.tz, rule.valid_from, rule.modalities)
    fields = [kept.key(field) for field in needed]
    fields += [func.coalesce(kept.key(field), "") for field in (rule.valid_to, rule.set_id, rule.site_id)]
    text = fields[0]
    for field in fields[1:]:
        text = text + literal_column(f"'{_FIELD}'", String) + field
    return text


@lru_cache(maxsize=8192)
def _named(text: str) -> frozenset[str]:
    """Return the sites that stored rules name."""
    return frozenset(rule.rpartition(_FIELD)[2] for rule in text.split(_RULE)) - {_OWN}


@lru_cache(maxsize=8192)
def _week(text: str, sites: frozenset[str], replaced: tuple[Days, ...], wanted: frozenset[Modality]) -> Week:
    """Return the week of stored rules; colleagues with the same hours share one, and its days' instants."""
    rules = [_rule(*rule.split(_FIELD)) for rule in text.split(_RULE) if rule.rpartition(_FIELD)[2] in sites]
    fitting = [(rule, dated) for rule, dated in rules if not wanted.isdisjoint(rule.modalities)]
    return Week(
        usual=tuple(rule for rule, dated in fitting if not dated),
        dated=tuple(rule for rule, dated in fitting if dated),
        replaced=replaced,
    )


def _rule(
    weekday: str,
    starts: str,
    ends: str,
    overnight: str,
    tz: str,
    valid_from: str,
    codes: str,
    valid_to: str,
    set_id: str,
    _site: str,
) -> tuple[WeeklyRule, bool]:
    rule = WeeklyRule(
        weekday=int(weekday),
        start=time.fromisoformat(starts),
        end=time.fromisoformat(ends),
        tz=tz,
        valid_from=date.fromisoformat(valid_from),
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
        modalities=frozenset(Modality(code) for code in codes.strip("|").split("|")),
        overnight=overnight in {"1", "true"},
    )
    return rule, bool(set_id)
