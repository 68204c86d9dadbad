"""Lay out the dates of a series, each with what it meets and with free times near it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from clinic.errors import Conflict, Invalid
from clinic.ids import PatientId, PractitionerId, ServiceId
from clinic.scheduling.models import Service
from clinic.scheduling.queries.diaries import diaries_of
from clinic.scheduling.queries.openings import candidates
from clinic.scheduling.queries.places import Place
from clinic.scheduling.queries.practitioners import Wish
from clinic.scheduling.queries.services import get_service
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.intervals import Interval
from clinic.scheduling.rules.recurrence import Rhythm
from clinic.scheduling.rules.series import NO_WORK, NOT_FIRM, Diaries, Fate, Policy, fate, near
from clinic.scheduling.rules.slots import Demand
from clinic.scheduling.rules.zones import offset_of, to_wall, wall_text
from clinic.scheduling.services.planning import Plan, Wanted

_AROUND = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Rounds:
    """Whom and what a series is for: the same practitioner, service and way at every date."""

    practitioner: PractitionerId
    service: ServiceId
    modality: Modality
    patient: PatientId | None


@dataclass(frozen=True, slots=True)
class SeriesWish:
    """The series that somebody asks for; `moved` and `left_out` name single dates by their instant.

    It begins at `starts_at`, or when clocks at the place show `local`. It ends after `count` dates or with
    the last one until the day `until`; `tz` is the site's if not said. The dates `over` are booked over what
    is in their way, because of `override`.
    """

    rounds: Rounds
    rhythm: Rhythm
    starts_at: datetime | None
    count: int | None
    until: date | None
    local: datetime | None = None
    tz: str | None = None
    policy: Policy = Policy.ALL_OR_NONE
    moved: Mapping[datetime, datetime] = field(default_factory=dict)
    left_out: Collection[datetime] = ()
    over: Collection[datetime] = ()
    override: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant with its wall time at the site where the practitioner is then."""

    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str


@dataclass(frozen=True, slots=True)
class Target:
    """A date to judge: `starts_at`, in the place of the series' own date `instead_of` or of a visit.

    `over`: it may be booked over what is in its way.
    """

    starts_at: datetime
    instead_of: datetime | None = None
    appointment: UUID | None = None
    left_out: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of a series as it was judged, with up to three free times near it where it is taken.

    `over`: it is booked all the same, over what it meets.
    """

    starts_at: datetime
    ends_at: datetime
    local: str
    tz: str
    offset: str
    fate: Fate
    alternatives: Sequence[Moment]
    instead_of: datetime | None
    appointment: UUID | None
    over: bool = False

    @property
    def goes(self) -> bool:
        """Tell whether the visit can be there."""
        return self.fate is Fate.FREE or self.over

    def facts(self) -> dict[str, object]:
        """Return the date as JSON, for a problem document."""
        return {
            **_facts(self),
            "fate": self.fate.value,
            "over": self.over,
            "alternatives": [_facts(other) for other in self.alternatives],
            "instead_of": self.instead_of and self.instead_of.isoformat(),
            "appointment": self.appointment and str(self.appointment),
        }


class Planner:
    """Judges dates of one series against the diaries of its people, read once for all of them."""

    def __init__(
        self,
        session: Session,
        rounds: Rounds,
        targets: Sequence[Target],
        *,
        now: datetime,
        ignoring: Collection[UUID] = (),
    ) -> None:
        """Read what is in the way; raises Invalid where the practitioner does not offer the service."""
        self.rounds, self._targets, self._now = rounds, targets, now
        self._service: Service = get_service(session, rounds.service)
        offering(session, rounds)
        times = [target.starts_at for target in targets]
        self._diaries: Diaries = diaries_of(
            session,
            practitioner=rounds.practitioner,
            patient=rounds.patient,
            service=self._service,
            modality=rounds.modality,
            span=Interval(min(times) - _AROUND, max(times) + _AROUND),
            now=now,
            ignoring=ignoring,
        )

    @property
    def demand(self) -> Demand:
        """Return the time that each visit takes."""
        return self._service.demand

    def judged(self) -> list[Dated]:
        """Return every date with what it meets."""
        return [self._judged(target) for target in self._targets]

    def refused(self, dated: Dated, found: Fate) -> Dated:
        """Return a date that was free a moment ago and is not any more."""
        return replace(dated, fate=found, over=False, alternatives=self._near(dated.starts_at))

    def room(self, dated: Dated) -> UUID | None:
        """Return the room of a visit at this date; None where it needs none."""
        site = self._diaries.site_at(self.demand, dated.starts_at)
        return next((room.id for room in site.rooms.free(self.demand.busy(dated.starts_at))), None)

    def columns(self, dated: Dated) -> dict[str, object]:
        """Return a visit at this date as columns of an appointment."""
        rounds = self.rounds
        planned = Plan(
            wanted=Wanted(rounds.service, rounds.practitioner, dated.starts_at, rounds.modality),
            ends_at=dated.ends_at,
            busy=self.demand.busy(dated.starts_at),
            wall_start=dated.local,
            tz=dated.tz,
            site=self._diaries.site_at(self.demand, dated.starts_at).id,
        )
        return {**planned.columns(), "room_id": self.room(dated)}

    def _judged(self, target: Target) -> Dated:
        met = Fate.LEFT_OUT if target.left_out else fate(self._diaries, self.demand, target.starts_at)
        at = self._moment(target.starts_at)
        return Dated(
            starts_at=at.starts_at,
            ends_at=at.ends_at,
            local=at.local,
            tz=at.tz,
            offset=at.offset,
            fate=met,
            alternatives=[] if met in {Fate.FREE, Fate.LEFT_OUT} else self._near(target.starts_at),
            instead_of=target.instead_of,
            appointment=target.appointment,
            over=target.over and met in NOT_FIRM,
        )

    def _near(self, starts_at: datetime) -> list[Moment]:
        found = near(self._diaries, self.demand, starts_at, now=self._now)
        return [self._moment(instant) for instant in found]

    def _moment(self, starts_at: datetime) -> Moment:
        tz = self._diaries.site_at(self.demand, starts_at).tz
        wall, ends_at = to_wall(starts_at, tz), starts_at + self.demand.length
        return Moment(starts_at, ends_at, wall_text(wall), tz, offset_of(wall))


@dataclass(frozen=True, slots=True)
class Laid:
    """A series before it is booked: whose zone it keeps, its first date there, and every date."""

    tz: str
    first: str
    planner: Planner
    dates: Sequence[Dated]


def offering(session: Session, rounds: Rounds) -> Place:
    """Return who holds the visits; raises Invalid where they do not offer the service in this way."""
    service = get_service(session, rounds.service)
    if rounds.modality.value not in service.modalities:
        raise Invalid("invalid", errors={"modality": ["The service is not held in this way."]})
    if service.is_for_groups != (rounds.patient is None):
        raise Invalid("invalid", errors={"service": ["This service is for groups, or it is not."]})
    found = candidates(session, rounds.service, Wish(rounds.practitioner)).get(rounds.practitioner)
    if found is None:
        raise Invalid("invalid", errors={"practitioner": ["They do not offer this service."]})
    return found


def refuse_clashes(dates: Iterable[Dated], policy: Policy, *, even_without_work: bool = False) -> None:
    """Raise Conflict("series_clash") with every date where one is taken and none may be left out.

    Dates on which nobody works are left out of a new series whatever the policy; a visit that moves has
    nowhere else to go, and counts them (`even_without_work`). A series of no date is refused too.
    """
    every = list(dates)
    skipped = frozenset[Fate]() if even_without_work else NO_WORK
    taken = [each for each in every if not each.goes and each.fate not in skipped]
    if (taken and policy is Policy.ALL_OR_NONE) or not any(each.goes for each in every):
        raise Conflict("series_clash", occurrences=[each.facts() for each in every])


def _facts(at: Moment | Dated) -> dict[str, object]:
    return {
        "starts_at": at.starts_at.isoformat(),
        "ends_at": at.ends_at.isoformat(),
        "local": at.local,
        "tz": at.tz,
        "offset": at.offset,
    }
