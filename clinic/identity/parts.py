"""The slice's stateful parts in a running application."""

from __future__ import annotations

from typing import cast

from flask import current_app

from clinic.identity.passwords import Passwords

_PASSWORDS = "clinic.identity.passwords"


def install(extensions: dict[str, object], passwords: Passwords) -> None:
    """Give the application that owns `extensions` its way of hashing passwords."""
    extensions[_PASSWORDS] = passwords


def passwords() -> Passwords:
    """Return how the current application hashes passwords."""
    return cast(Passwords, current_app.extensions[_PASSWORDS])
