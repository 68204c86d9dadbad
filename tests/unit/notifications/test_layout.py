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
