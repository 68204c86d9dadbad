"""How letters look."""

from __future__ import annotations

import pytest

from clinic.notifications.layout import letter
from clinic.notifications.ports import Message


@pytest.mark.parametrize(
    ("language", "subject", "greeting"),
    [
        ("ar", "رسالة من سكينة", "تحية طيبة،"),
        ("fr", "Message de سكينة", "Bonjour,"),
        ("en", "Message from سكينة", "Hello,"),
    ],
)
def test_a_letter_is_in_its_readers_language_and_its_subject_says_nothing(
    language: str, subject: str, greeting: str
) -> None:
    message = Message(("Your visit has moved.",), "https://clinic.example/visits")
    made = letter(message, language=language, clinic_name="سكينة")
    assert made.subject == subject
    parts = made.text.strip().split("\n\n")
    assert parts[:3] == [greeting, "Your visit has moved.", "https://clinic.example/visits"]
    assert parts[-1] == "سكينة"


@pytest.mark.parametrize(("language", "sender"), [("ar", "سكينة"), ("fr", "Sakina"), ("en", "Sakina")])
def test_a_clinic_without_a_name_signs_as_its_readers_language_writes_sakina(
    language: str, sender: str
) -> None:
    made = letter(Message(("One.",), None), language=language, clinic_name="")
    assert made.subject.endswith(f" {sender}")
    assert made.text.strip().endswith(f"\n\n{sender}")
