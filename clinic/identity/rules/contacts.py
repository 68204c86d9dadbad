"""One form for each e-mail address and telephone number, so that equal ones are found by their index."""

from __future__ import annotations

from functools import cache
from importlib import resources

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from clinic.errors import Invalid

# Mail inside a building (.local) and people of a demonstration (.invalid) have addresses too.
for _name in ("local", "invalid"):
    SPECIAL_USE_DOMAIN_NAMES.remove(_name)


def email_key(text: str) -> str:
    """Return the form under which an address is looked up, whatever was typed."""
    return text.strip().casefold()


def checked_email(text: str) -> str:
    """Return `text` as a well-formed address; raises Invalid."""
    try:
        return validate_email(text.strip(), check_deliverability=False, globally_deliverable=False).normalized
    except EmailNotValidError:
        raise Invalid("invalid", errors={"email": ["This is not an e-mail address."]}) from None


def checked_phone(text: str, *, tz: str) -> str:
    """Return `text` in E.164; a number without country code is one of the country of `tz`. Raises Invalid."""
    try:
        number = phonenumbers.parse(text, country_of(tz))
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Invalid("invalid", errors={"phone": ["This is not a telephone number."]})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@cache
def country_of(tz: str) -> str | None:
    """Return the ISO 3166 code of the country of an IANA zone, as the pinned `zone.tab` has it."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        columns = line.split("\t")
        if not line.startswith("#") and len(columns) > 2 and columns[2] == tz:
            return columns[0]
    return None
