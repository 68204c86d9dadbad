"""What a guardian learns of a minor's visits: page, reminder, feed and count ask one decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic.access.actor import Actor, Role
from clinic.consent.rules.telling import Told
from clinic.consent.services import telling as decision
from clinic.db.transaction import snapshot, transaction
from clinic.identity.models import Account, Patient
from clinic.identity.services import guardianships
from clinic.identity.services.guardianships import Period
from clinic.ids import AccountId, PatientId, SessionId, new_id
from clinic.notifications import post, tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.ports import NotSent
from clinic.scheduling.models import Service
from clinic.scheduling.tasks import plan_reminders, telling_of
from clinic.vault import Vault
from tests.factories.groups import add_group_service, group_body
from tests.factories.identity import make_account
from tests.fakes.clock import FakeClock
from tests.functional.scheduling.conftest import World, wish

DAY = timedelta(days=1)
EMAIL = "mona@clinic.example"
KIND = "follow_up"


@dataclass(slots=True)
class Family:
    """A minor with a booked visit, and somebody who may stand in for them."""

    world: World
    vault: Vault
    clock: FakeClock
    mail: MemoryChannel
    guardian: Actor
    minor: Actor
    guardianship: UUID | None = None
    visit: str = ""
    starts_at: datetime | None = None

    @property
    def patient_id(self) -> PatientId:
        """Return the minor's id."""
        assert self.minor.patient_id is not None
        return self.minor.patient_id

    def stand_in(
        self, begins: timedelta = -DAY, ends: timedelta = 400 * DAY, private: tuple[str, ...] = ()
    ) -> None:
        """Let the desk write the guardian down, from and until so long from now."""
        now, self.guardianship = self.clock.now(), new_id()
        with transaction(self.world.parts.database) as session:
            guardianships.verify(
                session,
                actor=self.world.diary.desk,
                clock=self.clock,
                fields=self.vault.fields,
                id=self.guardianship,
                patient_id=self.patient_id,
                email=EMAIL,
                period=Period(now + begins, now + ends),
                private=private,
            )

    def end(self) -> None:
        """Let the desk end it."""
        done = self.world.browser(self.world.diary.desk).post(f"/guardianships/{self.guardianship}/end")
        assert done.status_code == 200, done.get_json()

    def limit(self, *private: str) -> None:
        """Let the minor keep these kinds of visit private."""
        body = {"private": list(private)}
        done = self.world.browser(self.minor).put(f"/guardianships/{self.guardianship}/private", body)
        assert done.status_code == 200, done.get_json()

    def book(self) -> None:
        """Let the minor book a visit a few days ahead."""
        slot = next(
            one
            for one in self.world.slots(limit=200)
            if datetime.fromisoformat(one["starts_at"]) > self.clock.now() + 4 * DAY
        )
        made = self.world.browser(self.minor).post("/appointments", wish(slot)).get_json()
        self.visit, self.starts_at = made["id"], datetime.fromisoformat(made["starts_at"])

    def sit(self) -> None:
        """Let the desk give the minor a seat in a group that meets a few days ahead."""
        world = self.world
        service = add_group_service(world.parts.database, self.vault, world.diary)
        starts_at = datetime.fromisoformat("2026-11-29T10:00:00+02:00")
        desk = world.browser(world.diary.desk)
        made = desk.post("/groups", group_body(world.diary, service, starts_at=starts_at.isoformat()))
        self.visit, self.starts_at = made.get_json()["id"], starts_at
        seat = desk.post(f"/groups/{self.visit}/seats", {"patient": str(self.patient_id)})
        assert seat.status_code == 201, seat.get_json()

    def when_reminded(self) -> None:
        """Go to the instant at which the reminder of two days before is due."""
        assert self.starts_at is not None
        self.clock.set(self.starts_at - 2 * DAY)

    def on_the_page(self) -> bool:
        """Tell whether the guardian's page shows the visit."""
        answer = self.world.browser(self.guardian).get(f"/wards/{self.patient_id}/visits")
        assert answer.status_code in {200, 404}
        items = answer.get_json()["items"] if answer.status_code == 200 else []
        return self.visit in {one["id"] for one in items}

    def in_a_reminder(self) -> bool:
        """Tell whether a reminder leaves for the guardian."""
        self.mail.sent.clear()
        parts = self.world.parts
        tasks.send_due(parts.database, parts.clock, post.office(self.world.app.extensions))
        return any(address == EMAIL and "A reminder" in letter.text for address, letter in self.mail.sent)

    def in_the_feed(self) -> bool:
        """Tell whether the guardian's calendar program is shown the visit."""
        made = self.world.browser(self.guardian).post("/me/calendar-feeds")
        if made.status_code == 404:
            return False
        address = made.get_json()["address"].partition("/calendar/")[2]
        found = self.world.app.test_client().get(f"/calendar/{address}")
        assert found.status_code == 200
        return self.visit in found.get_data(as_text=True)

    def in_the_count(self) -> bool:
        """Tell whether the visit is counted."""
        answer = self.world.browser(self.guardian).get("/wards")
        items = answer.get_json()["items"] if answer.status_code == 200 else []
        return bool(sum(one["coming"] for one in items))

    def everywhere(self) -> dict[str, bool]:
        """Return what each way tells."""
        return {
            "page": self.on_the_page(),
            "feed": self.in_the_feed(),
            "count": self.in_the_count(),
            "reminder": self.in_a_reminder(),
        }


@pytest.fixture
def family(world: World, vault: Vault, clock: FakeClock) -> Family:
    """A minor and somebody who is nothing to them yet."""
    mail = MemoryChannel()
    post.office(world.app.extensions).channel = mail
    with transaction(world.parts.database) as session:
        account = make_account(session, vault, email=EMAIL, name="Mona", roles=())
        kinds = {row.kind for row in session.scalars(select(Service))}
    assert kinds == {KIND}
    guardian = Actor(
        AccountId(account.id), frozenset({Role.GUARDIAN}), session_id=SessionId(new_id()), language="en"
    )
    return Family(world, vault, clock, mail, guardian, world.diary.patient_actors[0])


def nothing(_family: Family) -> None:
    """Change nothing."""


Act = Callable[[Family], None]
CASES: dict[str, tuple[Act, Act, bool]] = {
    "nobody": (nothing, nothing, False),
    "guardian": (Family.stand_in, nothing, True),
    "guardian who came after the booking": (nothing, Family.stand_in, True),
    "not yet": (lambda one: one.stand_in(begins=300 * DAY), nothing, False),
    "over by its date": (lambda one: one.stand_in(ends=DAY), nothing, False),
    "ended at the desk": (Family.stand_in, Family.end, False),
    "private from the start": (lambda one: one.stand_in(private=(KIND,)), nothing, False),
    "made private later": (Family.stand_in, lambda one: one.limit(KIND), False),
    "opened later": (lambda one: one.stand_in(private=(KIND,)), lambda one: one.limit(), True),
    "something else is private": (lambda one: one.stand_in(private=("intake",)), nothing, True),
}


@pytest.mark.parametrize("case", CASES)
def test_every_way_tells_the_same(family: Family, case: str) -> None:
    before, after, told = CASES[case]
    before(family)
    family.book()
    after(family)
    if case == "guardian who came after the booking":
        _top_up(family)
    family.when_reminded()
    assert family.everywhere() == dict.fromkeys(("page", "feed", "count", "reminder"), told)


@pytest.mark.parametrize("private", [(), ("group",)])
@pytest.mark.parametrize("late", [False, True])
def test_every_way_tells_the_same_of_a_seat(family: Family, private: tuple[str, ...], late: bool) -> None:
    for act in (family.sit, lambda: family.stand_in(private=private))[:: 1 if late else -1]:
        act()
    if late:
        _top_up(family)
    family.when_reminded()
    assert family.everywhere() == dict.fromkeys(("page", "feed", "count", "reminder"), not private)
    letters = [letter.text for address, letter in family.mail.sent if address == EMAIL]
    assert all("the person you accompany" in text and "circle" not in text for text in letters)


def test_the_desk_sees_what_did_not_reach_a_guardian_and_misses_no_page(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_address: str, _letter: object) -> None:
        raise NotSent("smtp_SMTPRecipientsRefused", final=True)

    family.stand_in()
    family.sit()
    monkeypatch.setattr(family.mail, "send", refuse)
    family.in_a_reminder()
    desk, cursor = family.world.browser(family.world.diary.desk), None
    seen: list[tuple[str, str, str]] = []
    while not seen or cursor:
        page = desk.get("/deliveries", limit=1, **({"cursor": cursor} if cursor else {})).get_json()
        seen += [(one["kind"], one["to"], one["patient"]) for one in page["items"]]
        cursor = page["next"]
    assert sorted(seen) == [("booked", to, str(family.patient_id)) for to in ("guardian", "patient")]


def test_a_child_whom_nothing_reaches_is_the_desks_concern_only_without_a_guardian(family: Family) -> None:
    family.stand_in()
    family.book()
    with transaction(family.world.parts.database) as session:
        child = session.get_one(Patient, family.patient_id)
        child.account_id = child.email_sealed = child.email_index = None
    family.in_a_reminder()

    def unreached() -> list[tuple[str, str]]:
        listed = family.world.browser(family.world.diary.desk).get("/deliveries").get_json()["items"]
        return [(one["to"], one["reason"]) for one in listed]

    assert unreached() == []
    family.end()
    family.when_reminded()
    family.in_a_reminder()
    assert unreached() == [("patient", "unreachable")]


def _top_up(family: Family) -> None:
    """Let the worker add what no booking has queued, within the day before."""
    family.when_reminded()
    family.clock.advance(-timedelta(hours=1))
    plan_reminders(family.world.parts.database, telling_of(family.world.parts))


@pytest.mark.parametrize("answer", [Told.PRIVATE, Told.GUARDIAN])
def test_every_way_obeys_the_decision_and_nothing_else(
    family: Family, monkeypatch: pytest.MonkeyPatch, answer: Told
) -> None:
    family.stand_in(private=(KIND,) if answer is Told.GUARDIAN else ())
    family.book()
    family.when_reminded()
    monkeypatch.setattr(decision, "may_be_told", lambda *_: answer)
    assert set(family.everywhere().values()) == {answer is Told.GUARDIAN}


def test_a_guardian_looks_on_and_cannot_act(family: Family) -> None:
    family.stand_in()
    family.book()
    guardian = family.world.browser(family.guardian)
    (visit,) = guardian.get(f"/wards/{family.patient_id}/visits").get_json()["items"]
    assert (visit["may_cancel"], visit["may_join"]) == (False, False)
    assert guardian.post(f"/appointments/{family.visit}/cancel").status_code == 404
    assert guardian.get(f"/appointments/{family.visit}").status_code == 404
    other = family.world.diary.patients[1]
    assert guardian.get(f"/wards/{other}/visits").status_code == 404


def test_the_desk_writes_down_who_stands_in_and_the_minor_sees_it(family: Family) -> None:
    desk, ends_at = family.world.browser(family.world.diary.desk), family.clock.now() + 900 * DAY
    path = f"/patients/{family.patient_id}/guardians"
    body = {"email": EMAIL.upper(), "ends_at": ends_at.isoformat(), "private": ["intake"]}
    key = {"Idempotency-Key": str(new_id())}
    made = [desk.post(path, body, **key) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 201]
    assert made[0].get_json() == made[1].get_json()
    (seen,) = family.world.browser(family.minor).get(path).get_json()["items"]
    assert (seen["name"], seen["private"], seen["ended_at"]) == ("Mona", ["intake"], None)
    again = desk.post(path, body)
    assert (again.status_code, again.get_json()["code"]) == (409, "already_guardian")
    (ward,) = family.world.browser(family.guardian).get("/wards").get_json()["items"]
    assert ward["patient"] == str(family.patient_id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "nobody@clinic.example"}, "email"),
        ({"ends_at": "2026-11-01T00:00:00Z"}, "ends_at"),
        ({"starts_at": "2029-01-01T00:00:00Z"}, "ends_at"),
        ({"private": ["Not a code"]}, "private.0"),
    ],
)
def test_what_cannot_be_is_refused_by_field(family: Family, change: dict[str, object], field: str) -> None:
    body = {"email": EMAIL, "ends_at": "2028-01-01T00:00:00Z", **change}
    answer = family.world.browser(family.world.diary.desk).post(
        f"/patients/{family.patient_id}/guardians", body
    )
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_nobody_is_their_own_guardian_or_writes_down_themselves(family: Family) -> None:
    path, world = f"/patients/{family.patient_id}/guardians", family.world
    with snapshot(world.parts.database) as session:
        account = session.get_one(Account, session.get_one(Patient, family.patient_id).account_id)
        own = family.vault.fields.open(account.id, "account.email", account.email_sealed or b"")
        desk = session.get_one(Account, world.diary.desk.account_id)
        desks = family.vault.fields.open(desk.id, "account.email", desk.email_sealed or b"")
    ends = "2028-01-01T00:00:00Z"
    browser = world.browser(world.diary.desk)
    assert browser.post(path, {"email": own, "ends_at": ends}).status_code == 422
    refused = browser.post(path, {"email": desks, "ends_at": ends})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "own_relationship")


def test_others_can_neither_see_nor_limit_nor_end(family: Family) -> None:
    family.stand_in()
    stranger = family.world.browser(family.world.diary.patient_actors[1])
    assert stranger.get(f"/patients/{family.patient_id}/guardians").status_code == 404
    assert stranger.put(f"/guardianships/{family.guardianship}/private", {"private": []}).status_code == 404
    for who in (family.guardian, family.minor):
        ended = family.world.browser(who).post(f"/guardianships/{family.guardianship}/end")
        assert ended.status_code == 404
    family.end()
    again = family.world.browser(family.world.diary.desk).post(f"/guardianships/{family.guardianship}/end")
    assert (again.status_code, again.get_json()["code"]) == (409, "guardianship_over")
