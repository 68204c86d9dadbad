"""The exact words that people consent to: by version and language, checked against their hash when read.

A wording is never changed: a new one is a new version in a file of its own, since consents name the old.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from clinic.consent.rules.provisions import Effect


@dataclass(frozen=True, slots=True)
class Form:
    """One wording in one language; `id` names it for good: `share.1.fr`."""

    name: str
    version: int
    language: str
    effect: Effect
    title: str
    text: str

    @property
    def id(self) -> str:
        """Return the name, version and language as one word."""
        return f"{self.name}.{self.version}.{self.language}"

    @property
    def sha256(self) -> str:
        """Return the hash of title and text, in hex."""
        return hashlib.sha256(f"{self.title}\n\n{self.text}".encode()).hexdigest()


def read_forms(source: Mapping[str, object]) -> list[Form]:
    """Return the forms in one file, one a language; raises ValueError where a wording has been changed."""
    title, text, hashes = source["title"], source["text"], source["sha256"]
    assert isinstance(title, dict)
    assert isinstance(text, dict)
    assert isinstance(hashes, dict)
    name, version, effect = str(source["name"]), int(str(source["version"])), Effect(str(source["effect"]))
    forms = [Form(name, version, lang, effect, title[lang], text[lang]) for lang in sorted(text)]
    for form in forms:
        if hashes[form.language] != form.sha256:
            raise ValueError(f"the wording {form.id} is not the one that its hash was taken of")
    return forms


def _load() -> Mapping[str, Form]:
    folder = files("clinic.consent") / "forms"
    sources = [json.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir()]
    return {form.id: form for source in sources for form in read_forms(source)}


FORMS: Mapping[str, Form] = _load()


def current(forms: Iterable[Form], language: str) -> list[Form]:
    """Return the newest version of each form in `language`, by name."""
    newest: dict[str, Form] = {}
    for form in sorted(forms, key=lambda form: (form.name, form.version)):
        if form.language == language:
            newest[form.name] = form
    return list(newest.values())


def find(form_id: str) -> Form | None:
    """Return the form that `form_id` names, or None."""
    return FORMS.get(form_id)
