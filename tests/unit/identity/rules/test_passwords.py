"""What a password may be."""

from __future__ import annotations

import pytest

from clinic.errors import Invalid
from clinic.identity.rules.passwords import checked_password


@pytest.mark.parametrize(
    "password",
    ["correct-Horse-2026", "demo-Sakina-2026", "نخلة طويلة في يافا", "x7$kQ!m2vP", "1029384756 kilometres"],
)
def test_takes_what_others_would_not_try(password: str) -> None:
    assert checked_password(password, email="samar@clinic.example") == password


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("x7$kQ!m2v", "password_short"),
        ("password2026!", "password_common"),
        ("PASSWORD12", "password_common"),
        ("1234567890", "password_common"),
        ("qwertyuiop", "password_common"),
        ("aaaaaaaaaaaa", "password_common"),
        ("samar.haddad@clinic.example", "password_common"),
        ("Samar.Haddad", "password_common"),
    ],
)
def test_refuses_the_first_that_others_would_try(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_password(password, email="samar.haddad@clinic.example")
    assert refused.value.code == code
    assert list(refused.value.errors) == ["password"]


def test_without_an_address_the_list_still_counts() -> None:
    with pytest.raises(Invalid, match="password_common"):
        checked_password("iloveyou123")
