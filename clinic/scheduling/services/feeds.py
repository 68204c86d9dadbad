"""Feeds: an address with a secret at which a calendar program finds somebody's visits."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.orm import Session

from clinic import audit
from clinic.access.actor import Actor
from clinic.access.permissions import Permission
from clinic.clock import Clock
from clinic.errors import Conflict, NotFound
from clinic.identity.queries import actor_of
from clinic.scheduling.models import Appointment, CalendarFeed
from clinic.scheduling.models.calendars import Detail
from clinic.scheduling.policies import POLICIES
from clinic.scheduling.queries import practitioners, services
from clinic.scheduling.queries.feeds import AHEAD, PAST, TAKES_PLACE, feed_by_token, feeds_of, visits_of
from clinic.scheduling.queries.seats import Sitting, held_by, seats_of
from clinic.scheduling.rules.calendar_file import published
from clinic.scheduling.services.calendar_files import Writer, entry_of, words
from clinic.scheduling.services.family import seats_of_wards, visits_of_wards
from clinic.vault import Vault

MOST_FEEDS = 5


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed and its token, which is seen this once; None where it has been seen already."""

    feed: CalendarFeed
    token: str | None


def create(session: Session, *, actor: Actor, clock: Clock, feed_id: UUID, detail: Detail) -> NewFeed:
    """Make a feed of the actor's visits; raises Conflict("too_many_feeds")."""
    if len(feeds_of(session, account_id=actor.account_id)) >= MOST_FEEDS:
        raise Conflict("too_many_feeds")
    token, now = secrets.token_urlsafe(32), clock.now()
    feed = CalendarFeed(
        id=feed_id,
        account_id=actor.account_id,
        token_hash=hash_of(token),
        detail=detail,
        created_at=now,
        renewed_at=now,
    )
    session.add(feed)
    session.flush()
    _record(session, actor, clock, "calendar_feed.create", feed)
    return NewFeed(feed, token)


def renew(session: Session, *, actor: Actor, clock: Clock, feed_id: UUID) -> NewFeed:
    """Give a feed another token, so that the old address shows nothing any more; raises NotFound."""
    feed, token = own(session, actor, feed_id), secrets.token_urlsafe(32)
    feed.token_hash, feed.renewed_at = hash_of(token), clock.now()
    _record(session, actor, clock, "calendar_feed.renew", feed)
    return NewFeed(feed, token)


def end(session: Session, *, actor: Actor, clock: Clock, feed_id: UUID) -> None:
    """Let a feed show nothing any more; raises NotFound."""
    feed = own(session, actor, feed_id)
    feed.ended_at = clock.now()
    _record(session, actor, clock, "calendar_feed.end", feed)


def listed(session: Session, *, actor: Actor) -> Sequence[CalendarFeed]:
    """Return the actor's feeds, without their tokens, which nobody knows any more."""
    return feeds_of(session, account_id=actor.account_id)


def own(session: Session, actor: Actor, feed_id: UUID) -> CalendarFeed:
    """Return the actor's feed; raises NotFound where it has ended or is somebody else's."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.account_id != actor.account_id or feed.ended_at is not None:
        raise NotFound
    return feed


def shown(session: Session, *, clock: Clock, vault: Vault, writer: Writer, token: str) -> bytes:
    """Return the calendar behind `token`; raises NotFound for a wrong, renewed or ended one alike.

    An account that has been closed, or has no visits of its own any more, shows nothing either.
    """
    feed = feed_by_token(session, token_hash=hash_of(token))
    actor = actor_of(session, account_id=feed.account_id) if feed else None
    if feed is None or actor is None or not POLICIES[Permission.CALENDAR_FEED_OWN](actor, {}):
        raise NotFound
    if actor.is_staff:
        _record(session, actor, clock, "calendar_feed.read", feed)
    visits = _visits(session, clock, vault, actor)
    titles = _titles(session, vault, actor, visits) if feed.detail is Detail.NAMES else {}
    entries = [entry_of(visit, actor.language, summary=titles.get(visit.id)) for visit in visits]
    entries += [
        replace(entry_of(one.session, actor.language), version=one.version)
        for one in _sittings(session, clock, vault, actor)
    ]
    entries.sort(key=lambda entry: (entry.starts_at, entry.uid))
    return published(entries, writer.sender, name=words(actor.language)["appointments"][0])


def _visits(session: Session, clock: Clock, vault: Vault, actor: Actor) -> Sequence[Appointment]:
    """Return the actor's own visits, and those that they may be told of as somebody's guardian."""
    now = clock.now()
    told = visits_of_wards(
        session, fields=vault.fields, at=now, guardian=actor.account_id, start=now - PAST, end=now + AHEAD
    )
    found = [*visits_of(session, actor, now=now), *(one for one in told if one.status in TAKES_PLACE)]
    return sorted(found, key=lambda one: (one.starts_at, one.id))


def _sittings(session: Session, clock: Clock, vault: Vault, actor: Actor) -> list[Sitting]:
    """Return the groups that the actor sits in or holds, and their wards' as far as they may be told.

    Their titles say nothing, whatever was chosen: that it is a group is not for a telephone's screen.
    """
    now = clock.now()
    start, end = now - PAST, now + AHEAD
    found = seats_of_wards(
        session, fields=vault.fields, at=now, guardian=actor.account_id, start=start, end=end
    )
    if actor.patient_id is not None:
        found += seats_of(session, actor.patient_id, start=start, end=end)
    if actor.practitioner_id is not None:
        found += held_by(session, actor.practitioner_id, start=start, end=end)
    return list({one.session.id: one for one in found}.values())


def hash_of(token: str) -> bytes:
    """Return what is kept of a token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()


def _titles(
    session: Session, vault: Vault, actor: Actor, visits: Sequence[Appointment]
) -> Mapping[UUID, str]:
    """Return what entries say where somebody chose names: the service and, for patients, with whom."""
    said = words(actor.language)
    offered = services.names(session, fields=vault.fields, language=actor.language)
    people = practitioners.names(session, {visit.practitioner_id for visit in visits})
    return {
        visit.id: said["held" if visit.practitioner_id == actor.practitioner_id else "named"][0].format(
            service=offered[visit.service_id], practitioner=people[visit.practitioner_id]
        )
        for visit in visits
    }


def _record(session: Session, actor: Actor, clock: Clock, action: str, feed: CalendarFeed) -> None:
    audit.record(
        session,
        actor=actor,
        clock=clock,
        action=action,
        object_type="calendar_feed",
        object_id=feed.id,
    )
