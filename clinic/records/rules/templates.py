"""The note templates that come with the clinic: their sections' titles in every language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from clinic.records.rules.content import Section


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of note; titles by language."""

    code: str
    titles: Mapping[str, str]
    sections: tuple[Mapping[str, str], ...]

    def empty(self, language: str) -> tuple[Section, ...]:
        """Return the sections to fill in, titled in `language`."""
        return tuple(Section(titles[language], "") for titles in self.sections)


def _load() -> Mapping[str, Template]:
    folder = files("clinic.records") / "templates"
    sources = [json.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir()]
    found = [Template(one["code"], one["title"], tuple(one["sections"])) for one in sources]
    return {template.code: template for template in sorted(found, key=lambda template: template.code)}


TEMPLATES: Mapping[str, Template] = _load()
