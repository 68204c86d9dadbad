"""What a diary cannot mean is refused with 422, by the name of the field and in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from tests.functional.scheduling.conftest import World, wish
from tests.functional.scheduling.test_schedules import RULE

NAIVE, AWARE = "2026-11-24T10:00:00", "2026-11-24T10:00:00+02:00"
BACKWARDS = "The end comes after the start."
ZONE = "This is not the name of a time zone."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request and what is said of one field of it."""

    path: str
    body: dict[str, object]
    field: str
    sentence: str


def refusals(world: World) -> list[Refusal]:
    """Return what must be refused, route by route."""
    slot = world.slots()[0]
    visit, patient = wish(slot), {"patient": str(world.diary.patients[0])}
    series = {**visit, **patient, "rhythm": "weekly", "count": 8, "until": None}
    hours, leave = (
        f"/practitioners/{world.diary.practitioners[0]}/{what}" for what in ("availability", "leave")
    )
    away = {"starts": "2026-11-24T10:00", "ends": "2026-11-24T12:00", "reason": "training"}
    return [
        Refusal(hours, {"rules": [{**RULE, "start": "12:00", "end": "09:00"}]}, "rules.0.end", BACKWARDS),
        Refusal(hours, {"rules": [{**RULE, "tz": "Mars/Olympus"}]}, "rules.0.tz", ZONE),
        Refusal(leave, {**away, "ends": "2026-11-24T09:00"}, "ends", BACKWARDS),
        Refusal(leave, {**away, "tz": "Mars/Olympus"}, "tz", ZONE),
        Refusal("/holds", {**visit, "starts_at": NAIVE}, "starts_at", "offset"),
        Refusal("/appointments", {**visit, **patient, "starts_at": NAIVE}, "starts_at", "offset"),
        Refusal("/series", {**series, "starts_at": NAIVE}, "starts_at", "offset"),
        Refusal("/series", {**series, "tz": "Mars/Olympus"}, "tz", ZONE),
        Refusal("/series", {**series, "starts_at": AWARE, "count": 10_000}, "count", "52"),
    ]


def test_what_cannot_be_meant_is_refused_by_name(world: World) -> None:
    desk = world.browser(world.diary.desk)
    for asked in refusals(world):
        if "rules" in asked.body:
            etag = desk.get(asked.path).headers["ETag"]
            answer = desk.put(asked.path, asked.body, **{"If-Match": etag})
        else:
            answer = desk.post(asked.path, asked.body)
        assert answer.status_code == 422, asked
        errors = answer.get_json()["errors"]
        assert list(errors) == [asked.field], (asked, errors)
        assert asked.sentence in " ".join(errors[asked.field]), (asked, errors)
    for query, field in (({"from": NAIVE}, "from"), ({"from": AWARE, "to": "2026-11-23"}, "to")):
        refused = desk.get("/slots", service=world.diary.service, **query)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
