"""Sites and their rooms as documents that administration edits; nothing is deleted, but put away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.clock import Clock
from clinic.errors import Conflict, NotFound
from clinic.identity.services.names import NamedChange, change_words
from clinic.ids import SiteId
from clinic.scheduling.models import Location, Site
from clinic.scheduling.queries import clashes
from clinic.scheduling.queries.practitioners import at_work, people
from clinic.scheduling.rules.zones import zone
from clinic.vault import Vault

Row = TypeVar("Row", Site, Location)


@dataclass(frozen=True, slots=True)
class SiteWish:
    """What a site is to be; weekdays count from Monday, which is 0."""

    names: Mapping[str, str]
    tz: str
    weekend: Sequence[int]
    active: bool = True


@dataclass(frozen=True, slots=True)
class SiteDocument:
    """A site with its version."""

    id: SiteId
    names: Mapping[str, str]
    tz: str
    weekend: Sequence[int]
    active: bool
    version: int
    changed: NamedChange


@dataclass(frozen=True, slots=True)
class LocationDocument:
    """A room with its version."""

    id: UUID
    site: SiteId
    name: str
    active: bool
    version: int
    changed: NamedChange


def sites(session: Session, *, vault: Vault) -> list[SiteDocument]:
    """Return all sites, those in use first, in a stable order."""
    rows = session.scalars(select(Site).order_by(Site.active.desc(), Site.id)).all()
    return [
        _site(row, changed)
        for row, changed in zip(
            rows, change_words(session, vault=vault, changes=[row.change for row in rows]), strict=True
        )
    ]


def read_site(session: Session, *, vault: Vault, site_id: UUID) -> SiteDocument:
    """Return one; raises NotFound."""
    row = _found(session, Site, site_id)
    return _site(row, change_words(session, vault=vault, changes=[row.change])[0])


def change_site(
    session: Session, *, actor: Actor, clock: Clock, site_id: UUID, wanted: SiteWish, version: int
) -> None:
    """Change a site.

    Raises Invalid("unknown_zone"), PreconditionFailed, and Conflict("site_in_use") where somebody who works
    here is at home at the site that is to be put away, or comes there by their hours or once.
    """
    zone(wanted.tz)
    row = _found(session, Site, site_id, lock=True)
    row.expect(version)
    if row.active and not wanted.active and _is_in_use(session, site_id, clock.now().date()):
        raise Conflict("site_in_use")
    row.names, row.tz = dict(wanted.names), wanted.tz
    row.weekend, row.active = sorted(set(wanted.weekend)), wanted.active
    row.changed(by=actor.account_id, at=clock.now())
    session.flush()
    _record(session, actor, clock, "site.edit", site_id)


def locations(session: Session, *, vault: Vault, site_id: UUID) -> list[LocationDocument]:
    """Return the rooms of a site by name, those in use first; raises NotFound for no site."""
    _found(session, Site, site_id)
    chosen = select(Location).where(Location.site_id == site_id)
    rows = session.scalars(chosen.order_by(Location.active.desc(), Location.name, Location.id)).all()
    changes = change_words(session, vault=vault, changes=[row.change for row in rows])
    return [_location(row, changed) for row, changed in zip(rows, changes, strict=True)]


def read_location(session: Session, *, vault: Vault, location_id: UUID) -> LocationDocument:
    """Return a room; raises NotFound."""
    row = _found(session, Location, location_id)
    return _location(row, change_words(session, vault=vault, changes=[row.change])[0])


def create_location(
    session: Session, *, actor: Actor, clock: Clock, id: UUID, site_id: UUID, name: str
) -> None:
    """Add a room to a site; raises NotFound, and Conflict("name_taken") where it has one of that name."""
    _found(session, Site, site_id, lock=True)
    _refuse_taken(session, site_id, name, besides=id)
    row = Location(id=id, site_id=site_id, name=name, active=True)
    row.made(by=actor.account_id, at=clock.now())
    session.add(row)
    session.flush()
    _record(session, actor, clock, "location.create", id)


def change_location(
    session: Session,
    *,
    actor: Actor,
    clock: Clock,
    location_id: UUID,
    name: str,
    active: bool,
    version: int,
) -> None:
    """Rename a room, put it away or take it back; visits that are in it stay.

    Raises as `create_location` does, and PreconditionFailed.
    """
    row = _found(session, Location, location_id)
    _found(session, Site, row.site_id, lock=True)
    session.refresh(row)
    row.expect(version)
    _refuse_taken(session, row.site_id, name, besides=row.id)
    row.name, row.active = name, active
    row.changed(by=actor.account_id, at=clock.now())
    session.flush()
    _record(session, actor, clock, "location.edit", location_id)


def _found(session: Session, kind: type[Row], id: UUID, *, lock: bool = False) -> Row:
    row = session.get(kind, id, with_for_update=lock)
    if row is None:
        raise NotFound
    return row


def _is_in_use(session: Session, site_id: UUID, today: date) -> bool:
    here = clashes.working_at(session, site_id, since=today)
    chosen = select(people.c.id).where(people.c.id.in_(here), at_work())
    return session.scalar(chosen.limit(1)) is not None


def _refuse_taken(session: Session, site_id: UUID, name: str, *, besides: UUID) -> None:
    chosen = select(Location.id).where(
        Location.site_id == site_id, Location.name == name, Location.id != besides
    )
    if session.scalar(chosen.limit(1)) is not None:
        raise Conflict("name_taken")


def _site(row: Site, changed: NamedChange) -> SiteDocument:
    return SiteDocument(SiteId(row.id), row.names, row.tz, row.weekend, row.active, row.version, changed)


def _location(row: Location, changed: NamedChange) -> LocationDocument:
    return LocationDocument(row.id, SiteId(row.site_id), row.name, row.active, row.version, changed)


def _record(session: Session, actor: Actor, clock: Clock, action: str, id: UUID) -> None:
    kind = action.split(".", maxsplit=1)[0]
    audit.record(session, actor=actor, clock=clock, action=action, object_type=kind, object_id=id)
