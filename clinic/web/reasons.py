"""What is wrong with a field, in the caller's language.

Reasons are raised in English, by marshmallow and by us; `reason_texts` gives each its words. A part in
braces stands for whatever the reason names there: a number, the choices.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

_PART = re.compile(r"\{(\w+)\}")


def reasons(fields: Mapping[str, Sequence[str]], lang: str) -> dict[str, list[str]]:
    """Return the reasons of each field in `lang`."""
    return {name: [reason(raised, lang) for raised in listed] for name, listed in fields.items()}


def reason(raised: str, lang: str) -> str:
    """Return the words for `raised` in `lang`; what has none stays as it was raised."""
    for pattern, words in _patterns(lang):
        found = pattern.fullmatch(raised)
        if found is not None:
            return words.format(**found.groupdict())
    return raised


@cache
def texts(lang: str) -> Mapping[str, str]:
    """Return the words in `lang` by the reason as it is raised."""
    source = resources.files("clinic.web") / "reason_texts" / f"{lang}.json"
    found: Mapping[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return found


@cache
def _patterns(lang: str) -> Sequence[tuple[re.Pattern[str], str]]:
    """Return a pattern for each reason, those that name most words of their own first."""
    listed = sorted(texts(lang).items(), key=lambda item: (_PART.search(item[0]) is not None, -len(item[0])))
    return tuple((_pattern(raised), words) for raised, words in listed)


def _pattern(raised: str) -> re.Pattern[str]:
    pieces = _PART.split(raised)  # text, name, text, name, ... text
    return re.compile(
        "".join(f"(?P<{piece}>.+)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    )
