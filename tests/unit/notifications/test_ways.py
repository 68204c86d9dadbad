"""Which way a message takes: a table of who has and wants what."""

from __future__ import annotations

import pytest

from clinic.notifications.rules.ways import Contact, Way, Weight, is_declined, ways

MAIL, TEXT = Way.EMAIL, Way.SMS
BOTH = Contact("samar@clinic.example", "ar", wanted=True, phone="+970591234567")


@pytest.mark.parametrize(
    ("weight", "contact", "texts", "tried"),
    [
        (Weight.NOTICE, BOTH, True, (MAIL,)),
        (Weight.REMINDER, BOTH, True, (MAIL,)),
        (Weight.NOTICE, Contact("a@b.example", "ar", True, "+970591234567", sms=True), True, (MAIL, TEXT)),
        (Weight.REMINDER, Contact("a@b.example", "ar", True, "+970591234567", sms=True), True, (TEXT, MAIL)),
        (Weight.REMINDER, Contact("a@b.example", "ar", True, "+970591234567", sms=True), False, (MAIL,)),
        (Weight.NOTICE, Contact("a@b.example", "ar", False, "+970591234567", sms=True), True, (TEXT,)),
        (Weight.NOTICE, Contact("a@b.example", "ar", False, "+970591234567"), True, ()),
        (Weight.NOTICE, Contact(None, "ar", True, "+970591234567"), True, (TEXT,)),
        (Weight.REMINDER, Contact(None, "ar", True, "+970591234567"), True, (TEXT,)),
        (Weight.REMINDER, Contact(None, "ar", True, "+970591234567"), False, ()),
        (Weight.REMINDER, Contact("a@b.example", "ar", True, reminders=False), True, ()),
        (Weight.NOTICE, Contact("a@b.example", "ar", True, reminders=False), True, (MAIL,)),
        (Weight.ESSENTIAL, Contact("a@b.example", "ar", False, "+970591234567", sms=True), True, (MAIL,)),
        (Weight.ESSENTIAL, Contact(None, "ar", True, "+970591234567"), True, ()),
        (Weight.DUTY, Contact("a@b.example", "ar", False, "+970591234567"), True, (TEXT, MAIL)),
        (Weight.DUTY, Contact("a@b.example", "ar", False, "+970591234567"), False, (MAIL,)),
        (Weight.DUTY, Contact("a@b.example", "ar", True), True, (MAIL,)),
    ],
)
def test_a_message_takes_the_way_that_people_chose(
    weight: Weight, contact: Contact, texts: bool, tried: tuple[Way, ...]
) -> None:
    assert ways(contact, weight, texts=texts) == tried


@pytest.mark.parametrize(
    ("weight", "contact", "texts", "declined"),
    [
        (Weight.REMINDER, Contact("a@b.example", "ar", True, reminders=False), False, True),
        (Weight.REMINDER, Contact(None, "ar", True, "+970591234567", reminders=False), True, True),
        (Weight.REMINDER, Contact(None, "ar", True, "+970591234567", reminders=False), False, False),
        (Weight.NOTICE, Contact("a@b.example", "ar", False), True, True),
        (Weight.ESSENTIAL, Contact(None, "ar", False, "+970591234567"), True, False),
    ],
)
def test_who_said_no_is_told_from_who_cannot_be_reached(
    weight: Weight, contact: Contact, texts: bool, declined: bool
) -> None:
    assert ways(contact, weight, texts=texts) == ()
    assert is_declined(contact, weight, texts=texts) is declined


@pytest.mark.parametrize(
    ("contact", "reachable"),
    [(BOTH, True), (Contact(None, "ar", True), False), (Contact("", "ar", True), False)],
)
def test_somebody_without_address_and_number_cannot_be_reached(contact: Contact, reachable: bool) -> None:
    assert contact.reachable is reachable
