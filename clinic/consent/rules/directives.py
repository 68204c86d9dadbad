"""What all of a patient's consents together say: any deny denies, else any permit permits, else silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from clinic.consent.rules.provisions import Effect, Period, Provision, Question, Verdict, weigh
from clinic.ids import ConsentId, PractitionerId


class Status(StrEnum):
    """Whether a consent counts, in FHIR's words; `inactive` is one that was withdrawn."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Directive:
    """One consent of one patient; `grantee` is the practitioner it is about, where it is about one."""

    id: ConsentId
    status: Status
    provision: Provision
    period: Period
    grantee: PractitionerId | None = None

    def in_force(self, now: datetime) -> bool:
        """Tell whether this counts at `now`."""
        return self.status is Status.ACTIVE and self.period.contains(now)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one directive said of a question."""

    directive: Directive
    verdict: Verdict

    @property
    def trace(self) -> str:
        """Name the directive and the provision in it that decided."""
        steps = "/".join(str(step) for step in self.verdict.path)
        return f"consent:{self.directive.id}:{self.verdict.effect}:{steps}"

    @property
    def until(self) -> datetime | None:
        """Return when this stops to hold by itself, or None."""
        ends = [end for end in (self.directive.period.end, self.verdict.until) if end is not None]
        return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Findings:
    """The permits and denies that speak to a question."""

    permits: tuple[Finding, ...]
    denies: tuple[Finding, ...]


def consult(directives: Iterable[Directive], question: Question) -> Findings:
    """Return what the directives in force say of `question`, in an order that does not depend on theirs."""
    found = [
        Finding(directive, verdict)
        for directive in sorted(directives, key=lambda directive: directive.id.hex)
        if directive.in_force(question.at) and (verdict := weigh(directive.provision, question)) is not None
    ]
    return Findings(
        permits=tuple(one for one in found if one.verdict.effect is Effect.PERMIT),
        denies=tuple(one for one in found if one.verdict.effect is Effect.DENY),
    )


def withdrawn_from(directives: Iterable[Directive], practitioner: PractitionerId) -> bool:
    """Tell whether the patient has withdrawn a permit given to `practitioner`.

    A withdrawal is a wish, not silence: it ends what the clinic would otherwise presume (GDPR art. 7(3)).
    """
    return any(
        directive.grantee == practitioner
        and directive.status is Status.INACTIVE
        and directive.provision.effect is Effect.PERMIT
        for directive in directives
    )
