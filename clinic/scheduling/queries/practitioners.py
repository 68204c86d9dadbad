"""The public directory of practitioners: who they are, where and how they hold visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, String, Uuid, cast, column, select, table, tuple_
from sqlalchemy.orm import Session

from clinic.access.actor import Role
from clinic.ids import PractitionerId, ServiceId, SiteId
from clinic.scheduling.models import AvailabilityRule, PractitionerService, Schedule, Site
from clinic.scheduling.models.codes import has_code
from clinic.scheduling.rules.availability import Modality

# Identity owns these tables and declares their columns; of its models nothing is imported.
people = table(
    "practitioner",
    column("id", Uuid),
    column("account_id", Uuid),
    column("name", String),
    column("profession", String),
    column("gender", String),
    column("languages", JSON),
    column("specialties", JSON),
)
_account = table("account", column("id", Uuid), column("status", String))
_role = table("account_role", column("account_id", Uuid), column("role", String))
_TREATING = select(_role.c.account_id).where(_role.c.role.in_(("practitioner", "supervisor")))
_AT_WORK = select(_account.c.id).where(_account.c.status == "active", _account.c.id.in_(_TREATING))

_AWAITED = select(_account.c.id).where(
    _account.c.status.in_(("invited", "unverified")), _account.c.id.in_(_TREATING)
)


def at_work() -> ColumnElement[bool]:
    """Return the condition that somebody treats here: their account is active and has a role that does."""
    return people.c.account_id.in_(_AT_WORK)


def awaited() -> ColumnElement[bool]:
    """Return the condition that somebody is to treat here, and has not answered their invitation yet."""
    return people.c.account_id.in_(_AWAITED)


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom somebody would like to see; None is no wish."""

    practitioner: PractitionerId | None = None
    language: str | None = None
    specialty: str | None = None
    gender: str | None = None
    site: SiteId | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the wish as conditions on `people`, of whom nobody is offered who has left.

        Where they work is no condition on people, but on each of their openings.
        """
        found: list[ColumnElement[bool]] = [at_work()]
        if self.practitioner is not None:
            found.append(people.c.id == self.practitioner)
        if self.gender is not None:
            found.append(people.c.gender == self.gender)
        for listed, wanted in ((people.c.languages, self.language), (people.c.specialties, self.specialty)):
            if wanted is not None:
                # a JSON list of short codes, kept as text: its quotes make the match exact
                found.append(cast(listed, String).contains(f'"{wanted}"', autoescape=True))
        return found


ANYBODY = Wish()


@dataclass(frozen=True, slots=True)
class Place:
    """A site as the directory shows it."""

    id: SiteId
    name: str
    tz: str


@dataclass(frozen=True, slots=True)
class Card:
    """One practitioner in the directory."""

    id: PractitionerId
    name: str
    profession: str
    gender: str
    languages: list[str]
    specialties: list[str]
    modalities: list[Modality]
    site: Place


def directory(
    session: Session,
    wish: Wish,
    *,
    language: str,
    modality: Modality | None = None,
    service: ServiceId | None = None,
    after: tuple[str, UUID] | None = None,
    limit: int,
) -> list[Card]:
    """Return practitioners who can be booked, by name, after the one of `after`; places in `language`."""
    conditions = [*wish.conditions(), *_who(modality, service)]
    if after is not None:
        conditions.append(tuple_(people.c.name, people.c.id) > tuple_(*after))
    rows = session.execute(
        select(people, Site)
        .join_from(people, Schedule, Schedule.practitioner_id == people.c.id)
        .join(Site, Site.id == Schedule.site_id)
        .where(*conditions)
        .order_by(people.c.name, people.c.id)
        .limit(limit)
    ).all()
    ways = _modalities(session, [row.id for row in rows])
    return [
        Card(
            id=row.id,
            name=row.name,
            profession=row.profession,
            gender=row.gender,
            languages=row.languages,
            specialties=row.specialties,
            modalities=sorted(Modality(code) for code in ways[row.id]),
            site=Place(SiteId(row.Site.id), row.Site.name(language), row.Site.tz),
        )
        for row in rows
    ]


def _who(modality: Modality | None, service: ServiceId | None) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that people hold visits in this way, and offer this service."""
    if modality is not None:
        held = select(AvailabilityRule.practitioner_id).where(has_code(AvailabilityRule.modalities, modality))
        yield people.c.id.in_(held)
    if service is not None:
        offering = PractitionerService.service_id == service
        yield people.c.id.in_(select(PractitionerService.practitioner_id).where(offering))


def is_bookable(session: Session, practitioner: UUID) -> bool:
    """Tell whether somebody treats here now, and has a diary."""
    chosen = select(people.c.id).join(Schedule, Schedule.practitioner_id == people.c.id)
    return session.scalar(chosen.where(people.c.id == practitioner, at_work())) is not None


def account_of(session: Session, practitioner: UUID) -> UUID | None:
    """Return the account with which a practitioner signs in."""
    return session.scalar(select(people.c.account_id).where(people.c.id == practitioner))


def desk_accounts(session: Session) -> Sequence[UUID]:
    """Return the active accounts of reception and the clinic's administration."""
    held = select(_role.c.account_id).where(_role.c.role.in_((Role.RECEPTION, Role.CLINIC_ADMIN)))
    found = select(_account.c.id).where(_account.c.status == "active", _account.c.id.in_(held))
    return session.scalars(found.order_by(_account.c.id)).all()


def names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the public names of the practitioners `ids`."""
    rows = session.execute(select(people.c.id, people.c.name).where(people.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _modalities(session: Session, ids: Collection[UUID]) -> Mapping[UUID, set[str]]:
    rules = AvailabilityRule
    found: defaultdict[UUID, set[str]] = defaultdict(set)
    for who, codes in session.execute(
        select(rules.practitioner_id, rules.modalities).where(rules.practitioner_id.in_(ids)).distinct()
    ):
        found[who] |= codes
    return found
