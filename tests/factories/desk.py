"""A story at the desk: a therapist with an hour that is free for weeks, and people who may have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories.person import Person

Found = dict[str, Any]
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of `practitioner` that is free for `weeks`, with the half hours and the hour after it."""

    desk: Person
    service: str
    practitioner: Found
    people: list[Found]
    first: str
    weeks: int

    def local(self, week: int, minutes: int = 0) -> str:
        """Return the wall time in a week, so many minutes after the hour."""
        wall = datetime.fromisoformat(self.first) + timedelta(weeks=week, minutes=minutes)
        return wall.isoformat()[:16]

    def asked(self, person: int) -> Found:
        """Return what a visit of this hour is for."""
        return {**self._place(), "patient": self.people[person]["id"]}

    def book(self, person: int, local: str) -> Found:
        """Book a visit at a wall time."""
        return self._made("/appointments", {**self.asked(person), "starts_at": self._instant(local)})

    def hold(self, local: str) -> Found:
        """Keep a time."""
        return self._made("/holds", {**self._place(), "starts_at": self._instant(local)})

    def next_session(self) -> Found:
        """Return the next session of a group."""
        sessions = self.desk.get("/groups", limit=1, **{"from": datetime.now(UTC).isoformat()})
        found: Found = sessions.json()["items"][0]
        return found

    def close(self, *, leave: int, holiday: int) -> None:
        """Send the therapist on leave in one week, and close the site for the day in another."""
        away, shut = (
            {"starts": f"{day}T00:00", "ends": f"{day}T23:59"}
            for day in (self.local(leave)[:10], self.local(holiday)[:10])
        )
        self._made(f"/practitioners/{self.practitioner['id']}/leave", away)
        names = {"ar": "عيد", "fr": "Fête", "en": "Feast"}
        self._made(f"/sites/{self.practitioner['site']['id']}/holidays", {**shut, "names": names})

    def wait(self, person: int) -> Found:
        """Put somebody onto the waitlist."""
        wishes = {name: self.asked(person)[name] for name in ("service", "modality", "patient")}
        return self._made("/waitlist", {**wishes, "triage": "urgent"})

    def visits(self, person: int) -> list[str]:
        """Return the wall times of a person's visits from the hour on."""
        return [one["local"] for one in self._booked(person)]

    def visit(self, person: int, local: str) -> Found:
        """Return one visit."""
        return next(one for one in self._booked(person) if one["local"] == local)

    def is_free(self) -> bool:
        """Tell whether the first could have it as a series, or later, and the others what they need."""
        wished = ((0, 0), (0, 30), (0, 60), (0, 120), (1, 0), (2, 60))
        return all(self._fates(person, minutes) == {"free"} for person, minutes in wished)

    def _fates(self, person: int, minutes: int) -> set[str]:
        rhythm = {"rhythm": "weekly", "count": self.weeks, "local": self.local(0, minutes)}
        seen: Found = self.desk.post("/series?preview=1", {**self.asked(person), **rhythm}).json()
        return {one["fate"] for one in seen["occurrences"]}

    def _place(self) -> Found:
        return {"service": self.service, "practitioner": self.practitioner["id"], "modality": "video"}

    def _instant(self, local: str) -> str:
        when = {"local": local, "tz": self.practitioner["site"]["tz"]}
        seen: Found = self.desk.post("/appointments/preview", {**self._place(), **when}).json()
        return str(seen["starts_at"])

    def _booked(self, person: int) -> list[Found]:
        found = self.desk.all("/appointments", patient=self.people[person]["id"], **{"from": self.first[:10]})
        return [one for one in found if one["status"] == "booked" and self._is_with(one)]

    def _is_with(self, visit: Found) -> bool:
        return bool(visit["practitioner"] == self.practitioner["id"])

    def _made(self, path: str, body: Found) -> Found:
        answer = self.desk.post(path, body)
        assert answer.status_code == 201, answer.text
        found: Found = answer.json()
        return found


def free_hour(desk: Person, number: int, *, weeks: int) -> Hour:
    """Return an hour at the site `number` of the clinic, with three people whom no other number gets."""
    service = next(one for one in desk.all("/services") if one["code"] == "follow-up")["id"]
    staff = sorted(desk.all("/practitioners"), key=lambda one: str(one["id"]))
    site = sorted({one["site"]["id"] for one in staff})[number]
    patients = sorted(desk.all("/patients"), key=lambda one: str(one["id"]))
    for practitioner in (one for one in staff if one["site"]["id"] == site):
        for first in _hours(desk, service, practitioner["id"]):
            hour = Hour(desk, service, practitioner, patients[3 * number : 3 * number + 3], first, weeks)
            if hour.is_free():
                return hour
    raise AssertionError("nobody has an hour that is free for so long")


def _hours(desk: Person, service: str, practitioner: str) -> Iterator[str]:
    start = (datetime.now(UTC) + timedelta(days=_DAYS)).date()
    asked = {"service": service, "practitioner": practitioner, "modality": "video", "limit": 40}
    yield from (one["local"] for one in desk.get("/slots", **asked, **{"from": start}).json()["items"])
