"""FHIR R4 `Consent.provision`, read and written: the form in which consents are kept.

What this cannot weigh it refuses to read: a condition that was skipped would widen the consent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import cast

from clinic.consent.rules.provisions import DataReference, Effect, Period, Provision

Json = Mapping[str, object]

_READ = frozenset(
    {
        "type",
        "period",
        "actor",
        "action",
        "securityLabel",
        "purpose",
        "dataPeriod",
        "data",
        "provision",
    }
)


class UnreadableProvisionError(ValueError):
    """A provision states something that the decision cannot weigh."""


def provision_from_fhir(source: Json) -> Provision:
    """Return the provision that `source` states; raises UnreadableProvisionError on anything else in it."""
    if unknown := sorted(set(source) - _READ):
        raise UnreadableProvisionError(f"cannot weigh {', '.join(unknown)}")
    try:
        return Provision(
            effect=Effect(cast(str, source["type"])),
            purposes=_codes(source, "purpose"),
            actions=frozenset(_codings(source, "action")),
            actors=frozenset(_reference(actor) for actor in _list(source, "actor")),
            labels=_codes(source, "securityLabel"),
            data=frozenset(
                DataReference(str(one["meaning"]), _reference(one)) for one in _list(source, "data")
            ),
            data_period=_period(source, "dataPeriod"),
            period=_period(source, "period"),
            children=tuple(provision_from_fhir(child) for child in _list(source, "provision")),
        )
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise UnreadableProvisionError(f"not a FHIR R4 provision: {error}") from error


def provision_to_fhir(provision: Provision) -> dict[str, object]:
    """Return the FHIR R4 form of `provision`; fields that state nothing are left out."""
    stated: dict[str, object] = {
        "period": _period_to_fhir(provision.period),
        "actor": [{"reference": {"reference": actor}} for actor in sorted(provision.actors)],
        "action": [{"coding": [{"code": action}]} for action in sorted(provision.actions)],
        "securityLabel": _codes_to_fhir(provision.labels),
        "purpose": _codes_to_fhir(provision.purposes),
        "dataPeriod": _period_to_fhir(provision.data_period),
        "data": [
            {"meaning": one.meaning, "reference": {"reference": one.reference}}
            for one in sorted(provision.data, key=lambda one: (one.meaning, one.reference))
        ],
        "provision": [provision_to_fhir(child) for child in provision.children],
    }
    return {"type": provision.effect.value, **{name: value for name, value in stated.items() if value}}


def _list(source: Json, name: str) -> Sequence[Json]:
    return cast("Sequence[Json]", source.get(name, ()))


def _codes(source: Json, name: str) -> frozenset[str]:
    return frozenset(str(coding["code"]) for coding in _list(source, name))


def _codings(source: Json, name: str) -> Iterable[str]:
    return (code for concept in _list(source, name) for code in _codes(concept, "coding"))


def _reference(source: Json) -> str:
    return str(cast(Json, source["reference"])["reference"])


def _period(source: Json, name: str) -> Period | None:
    if name not in source:
        return None
    stated = cast("Mapping[str, str]", source[name])
    start, end = stated.get("start"), stated.get("end")
    return Period(_instant(start) if start else None, _instant(end, whole_day=True) if end else None)


def _instant(text: str, *, whole_day: bool = False) -> datetime:
    """Read a FHIR date or instant; a date as an end means the whole of that day (FHIR R4, Period.end)."""
    if "T" in text:
        instant = datetime.fromisoformat(text)
        if instant.tzinfo is None:
            raise UnreadableProvisionError(f"{text} names no offset")
        return instant
    day = date.fromisoformat(text) + timedelta(days=1 if whole_day else 0)
    return datetime.combine(day, time(), tzinfo=UTC)


def _period_to_fhir(period: Period | None) -> dict[str, str] | None:
    if period is None:
        return None
    sides = {"start": period.start, "end": period.end}
    return {name: side.isoformat() for name, side in sides.items() if side is not None}


def _codes_to_fhir(codes: frozenset[str]) -> list[dict[str, str]]:
    return [{"code": code} for code in sorted(codes)]
