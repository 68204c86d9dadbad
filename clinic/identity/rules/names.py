"""Finding people by what was heard on the telephone: case, accents and Arabic spelling do not matter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# Letters that are written one for the other: forms of alif, final ya and ta marbuta, hamza seats.
_ARABIC = str.maketrans("أإآٱىئؤة", "ااااييوه", "ـ")


def folded(text: str) -> str:
    """Return `text` without what people spell differently: case, accents, vowel signs, seats of hamza."""
    composed = unicodedata.normalize("NFKC", text).casefold().translate(_ARABIC)
    bare = (c for c in unicodedata.normalize("NFKD", composed) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(bare))


def matches(query: str, texts: Iterable[str]) -> bool:
    """Tell whether each word of `query` begins a word of `texts`; digits match anywhere in a number."""
    words = [word for text in texts for word in _words(text)]
    return all(any(_fits(part, word) for word in words) for part in _words(query))


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c in "+@." else " " for c in folded(text)).split()


def _fits(part: str, word: str) -> bool:
    digits = part.lstrip("+0")
    if len(digits) >= 4 and digits.isdigit():
        return digits in word
    return word.startswith(part)
