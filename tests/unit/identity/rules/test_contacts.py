"""One form for each address and number."""

from __future__ import annotations

import pytest

from clinic.errors import Invalid
from clinic.identity.rules.contacts import checked_email, checked_phone, country_of, email_key


def test_addresses_are_looked_up_whatever_was_typed() -> None:
    assert email_key("  Samar@Clinic.Example ") == email_key("samar@clinic.example")


def test_demonstration_addresses_are_addresses() -> None:
    assert checked_email(" patient@demo.invalid ") == "patient@demo.invalid"


@pytest.mark.parametrize("text", ["", "samar", "samar@", "a b@clinic.example"])
def test_refuses_what_is_no_address(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_email(text)
    assert "email" in refused.value.errors


@pytest.mark.parametrize(
    ("text", "tz", "number"),
    [
        ("052-123-4567", "Asia/Jerusalem", "+972521234567"),
        ("0599 123 456", "Asia/Hebron", "+970599123456"),
        ("0612-345678", "Africa/Casablanca", "+212612345678"),
        ("+33 6 12 34 56 78", "Asia/Jerusalem", "+33612345678"),
        ("+33 6 12 34 56 78", "UTC", "+33612345678"),
    ],
)
def test_numbers_without_country_are_of_the_clinics(text: str, tz: str, number: str) -> None:
    assert checked_phone(text, tz=tz) == number


@pytest.mark.parametrize("text", ["", "12", "call me", "0612345678"])
def test_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_phone(text, tz="UTC")
    assert "phone" in refused.value.errors


def test_zones_have_the_countries_of_the_pinned_table() -> None:
    assert [country_of(tz) for tz in ("Asia/Hebron", "Africa/Casablanca", "UTC")] == ["PS", "MA", None]
