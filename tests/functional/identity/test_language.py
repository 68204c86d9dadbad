"""Pages speak the language that their reader has chosen: in the address, then in the account."""

from __future__ import annotations

from collections.abc import Callable

from tests.functional.identity.conftest import Browser


def test_who_is_signed_in_reads_the_language_of_the_account(browser: Callable[[str], Browser]) -> None:
    samar = browser("samar")
    samar.send("PATCH", "/me/preferences", {"language": "ar"})
    spoken = {"Accept-Language": "fr"}
    assert 'lang="ar"' in samar.client.get("/settings", headers=spoken).get_data(as_text=True)
    assert 'lang="en"' in samar.client.get("/settings?lang=en", headers=spoken).get_data(as_text=True)
    assert 'lang="en"' in samar.client.get("/settings", headers=spoken).get_data(as_text=True)
