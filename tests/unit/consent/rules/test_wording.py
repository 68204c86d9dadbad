"""What people consented to stays as it was, in every language."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from clinic.consent.rules.provisions import Effect
from clinic.consent.rules.wording import FORMS, Form, current, find, read_forms

FOLDER = Path(__file__).parents[4] / "clinic" / "consent" / "forms"


def test_every_form_exists_in_three_languages() -> None:
    named = {(form.name, form.version) for form in FORMS.values()}
    assert len(FORMS) == 3 * len(named)
    assert {form.language for form in FORMS.values()} == {"ar", "fr", "en"}


def test_offers_a_form_for_each_effect() -> None:
    for language in ("ar", "fr", "en"):
        assert {form.effect for form in current(FORMS.values(), language)} == set(Effect)


def test_a_changed_wording_is_found() -> None:
    source = json.loads((FOLDER / "share.1.json").read_text(encoding="utf-8"))
    source["text"]["fr"] += "."
    with pytest.raises(ValueError, match=r"share\.1\.fr"):
        read_forms(source)


def test_offers_the_newest_version_and_keeps_the_older() -> None:
    old = Form("share", 9, "en", Effect.PERMIT, "t", "old")
    new = Form("share", 10, "en", Effect.PERMIT, "t", "new")
    assert current([new, old], "en") == [new]
    assert find("share.1.ar") is not None
    assert find("share.99.ar") is None
    assert asdict(new)["version"] == 10
