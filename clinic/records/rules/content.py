"""The text of a note as it is sealed: canonical JSON, so that equal texts are equal bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

MOST_SECTIONS = 20
LONGEST_TITLE = 200
LONGEST_TEXT = 50_000
LONGEST_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Section:
    """One headed part of a note; plain text, whatever its script."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Content:
    """Everything of one version that only clearances open; `reason` says why a signed note was amended."""

    sections: tuple[Section, ...]
    reason: str | None = None

    def encode(self) -> bytes:
        """Return the bytes to seal."""
        body: dict[str, object] = {
            "sections": [{"text": section.text, "title": section.title} for section in self.sections]
        }
        if self.reason is not None:
            body["reason"] = self.reason
        return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def decode(plaintext: bytes) -> Content:
    """Return the content that `encode` wrote."""
    body = json.loads(plaintext)
    sections = tuple(Section(section["title"], section["text"]) for section in body["sections"])
    return Content(sections, body.get("reason"))


def of(sections: Sequence[Section], reason: str | None = None) -> Content:
    """Return the content of these sections."""
    return Content(tuple(sections), reason)
