"""What a password may be: long enough, not everybody's, not its owner's address (NIST SP 800-63B 3.1.1.2)."""

from __future__ import annotations

import gzip
from functools import cache
from importlib import resources

from clinic.errors import Invalid

SHORTEST = 10
_REASONS = {
    "password_short": f"At least {SHORTEST} characters.",
    "password_common": "This is one of the first passwords that others would try.",
}


def checked_password(password: str, *, email: str | None = None) -> str:
    """Return `password`; raises Invalid with the reason."""
    reason = _reason(password, email)
    if reason is not None:
        raise Invalid(reason, errors={"password": [_REASONS[reason]]})
    return password


def _reason(password: str, email: str | None) -> str | None:
    if len(password) < SHORTEST:
        return "password_short"
    folded = password.casefold()
    if email is not None and folded in {email.casefold(), email.casefold().partition("@")[0]}:
        return "password_common"
    return "password_common" if {folded, _core(folded)} & _common() or len(set(folded)) < 4 else None


def _core(folded: str) -> str:
    """Return the word that digits and signs were put around: `password2026!` is still `password`."""
    letters = [i for i, character in enumerate(folded) if character.isalpha()]
    return folded[letters[0] : letters[-1] + 1] if letters else ""


@cache
def _common() -> frozenset[str]:
    """Return the 20 000 passwords that leak most often (list and licence beside)."""
    source = resources.files("clinic.identity.rules") / "data" / "common-passwords.txt.gz"
    return frozenset(gzip.decompress(source.read_bytes()).decode().split())
