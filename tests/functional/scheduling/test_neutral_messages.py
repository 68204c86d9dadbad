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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visits_whole_life_is_told_without_saying_what_it_is(
    world: World, vault: Vault, clock: FakeClock, language: str
) -> None:
    patient, mail = world.diary.patient_actors[0], MemoryChannel()
    office = post.office(world.app.extensions)
    office.channel, office.texts = mail, mail
    patient_id = world.diary.patients[0]
    with transaction(world.parts.database) as session:
        make_account(session, vault, email="mona@clinic.example", roles=())
        guardianships.verify(
            session,
            actor=world.diary.desk,
            clock=clock,
            fields=vault.fields,
            id=new_id(),
            patient_id=patient_id,
            email="mona@clinic.example",
            period=Period(clock.now(), clock.now() + timedelta(days=900)),
        )
        for account in session.scalars(select(Account)):
            account.language = language
            account.sms_wanted = True
        for row in session.scalars(select(Patient)):
            row.phone_sealed = vault.fields.seal(row.id, "patient.phone", "+970591234567")
    slots = world.slots(limit=200)
    slot = next(one for one in slots if one["starts_at"] > (clock.now() + timedelta(days=9)).isoformat())
    later = slots[slots.index(slot) + 4]

    def run(*, days: float = 0) -> None:
        clock.advance(timedelta(days=days))
        tasks.send_due(world.parts.database, clock, office)

    visit = world.browser(patient).post("/appointments", wish(slot)).get_json()
    run()
    moved = world.browser(patient).post(
        f"/appointments/{visit['id']}/reschedule", {"starts_at": later["starts_at"]}
    )
    assert moved.status_code == 200, moved.get_json()
    run(days=3)
    run(days=5)
    assert world.browser(patient).post(f"/appointments/{visit['id']}/cancel").status_code == 200
    run()
    assert len(mail.sent) == 10, "booked, moved, two reminders, cancelled: to patient and guardian"
    for _, letter in mail.sent:
        text = told(letter)
        assert health_words(text) == set()
        for secret in (visit["practitioner_name"], visit["patient_name"], visit["service_name"], "?", "#"):
            assert secret not in text.replace("/visits", "").replace("؟", "")
        assert visit["id"] not in text
        assert str(patient_id) not in text
