"""No message tells whoever looks on what it is about: no health word, no service, nobody's name."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest
from sqlalchemy import select

from clinic.db.transaction import transaction
from clinic.identity.models import Account, Patient
from clinic.identity.services import guardianships
from clinic.identity.services.guardianships import Period
from clinic.ids import new_id
from clinic.notifications import post, tasks
from clinic.notifications.channels.memory import MemoryChannel
from clinic.notifications.ports import Letter
from clinic.vault import Vault
from tests.factories.identity import make_account
from tests.fakes.clock import FakeClock
from tests.functional.scheduling.conftest import World, wish

LANGUAGES = ("ar", "fr", "en")
WORDS: dict[str, list[str]] = json.loads(
    (Path(__file__).parent / "health_words.json").read_text(encoding="utf-8")
)
SLICES = ("clinic.scheduling", "clinic.identity")


def told(letter: Letter) -> str:
    """Return all of a letter that somebody may see, whatever fields it has."""
    assert is_dataclass(letter)
    return " ".join(str(getattr(letter, one.name)) for one in fields(letter))


def health_words(text: str) -> set[str]:
    """Return the health words of any language in `text`."""
    folded = text.casefold()
    return {word for words in WORDS.values() for word in words if re.search(word, folded)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_any_message_has_a_health_word(language: str) -> None:
    for package in SLICES:
        source = resources.files(package) / "mail_texts" / f"{language}.json"
        sentences = json.loads(source.read_text(encoding="utf-8")).values()
        assert health_words(" ".join(one for several in sentences for one in several)) == set(), package


def test_the_words_are_found_where_they_are() -> None:
    assert health_words("Votre thérapie")
    assert health_words("جلسة العلاج النفسي")
    assert health_words("Your therapist Salma")


@pytest.fixture
def mail(world: World) -> MemoryChannel:
    """What leaves the clinic, by mail or text message."""
    office, mail = post.office(world.app.extensions), MemoryChannel()
    office.channel, office.texts = mail, mail
    return mail


def let_everybody_be_reached(world: World, vault: Vault, clock: FakeClock, language: str) -> None:
    """Give the first patient a guardian, and everybody a number, an address and the language."""
    with transaction(world.parts.database) as session:
        make_account(session, vault, email="mona@mail.example", roles=())
        guardianships.verify(
            session,
            actor=world.diary.desk,
            clock=clock,
            fields=vault.fields,
            id=new_id(),
            patient_id=world.diary.patients[0],
            email="mona@mail.example",
            period=Period(clock.now(), clock.now() + timedelta(days=900)),
        )
        for account in session.scalars(select(Account)):
            account.language, account.sms_wanted = language, True
        for row in session.scalars(select(Patient)):
            row.phone_sealed = vault.fields.seal(row.id, "patient.phone", "+970591234567")
            row.email_sealed = vault.fields.seal(row.id, "patient.email", "samar@mail.example")


def live_through(world: World, clock: FakeClock) -> dict[str, str]:
    """Book a visit, move it, be reminded twice and call it off; return it."""
    patient = world.diary.patient_actors[0]
    slots = world.slots(limit=200)
    slot = next(one for one in slots if one["starts_at"] > (clock.now() + timedelta(days=9)).isoformat())
    later = {"starts_at": slots[slots.index(slot) + 4]["starts_at"]}

    def run(days: int) -> None:
        clock.advance(timedelta(days=days))
        tasks.send_due(world.parts.database, clock, post.office(world.app.extensions))

    visit: dict[str, str] = world.browser(patient).post("/appointments", wish(slot)).get_json()
    run(days=0)
    assert world.browser(patient).post(f"/appointments/{visit['id']}/reschedule", later).status_code == 200
    run(days=3)
    run(days=5)
    assert world.browser(patient).post(f"/appointments/{visit['id']}/cancel").status_code == 200
    run(days=0)
    return visit


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visits_whole_life_is_told_without_saying_what_it_is(
    world: World, vault: Vault, clock: FakeClock, mail: MemoryChannel, language: str
) -> None:
    let_everybody_be_reached(world, vault, clock, language)
    visit = live_through(world, clock)
    assert len(mail.sent) == 10, "booked, moved, two reminders, cancelled: to patient and guardian"
    for _, letter in mail.sent:
        text = told(letter)
        assert health_words(text) == set()
        for secret in ("practitioner_name", "patient_name", "service_name", "patient"):
            assert visit[secret] not in text
        for link in re.findall(r"https?://\S+", f"{letter.text} {letter.short}"):
            assert link.removeprefix("http://localhost:8000") in {"/visits", "/book", "/family"}
