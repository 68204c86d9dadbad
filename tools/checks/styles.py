"""Styles mirror by themselves and take their values from tokens: logical properties only, no raw colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_SIDE = r"(?:left|right|top|bottom)"
_PHYSICAL = re.compile(
    rf"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-{_SIDE}(?:-\w+)?|{_SIDE}"
    r"|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
)
_ALIGN = re.compile(r"(?:text-align|float|clear)\s*:\s*(?:left|right)")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
_QUERY = re.compile(r"@(?:media|container)[^{]*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_STYLE_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')
_TOKENS = "tokens.css"


def of_css(text: str, *, tokens: bool) -> list[str]:
    """Return what is wrong with a style sheet; only the `tokens` may name colours."""
    rules = _QUERY.sub("", _COMMENT.sub("", text))
    found = [match.group().strip() for match in (*_PHYSICAL.finditer(rules), *_ALIGN.finditer(rules))]
    colours = (
        [] if tokens else [match.group() for match in _COLOUR.finditer(re.sub(r"url\([^)]*\)", "", rules))]
    )
    return found + colours


def of_markup(text: str) -> list[str]:
    """Return what is wrong with a component or template: no inline style, the policy forbids it."""
    return [f"style attribute: {match.group(1)}" for match in _STYLE_ATTRIBUTE.finditer(text)]


def faults(root: Path) -> Iterator[str]:
    """Yield the faults of every style sheet, component and template below `root`."""
    for path in sorted((root / "frontend/src").rglob("*.css")):
        for fault in of_css(path.read_text("utf-8"), tokens=path.name == _TOKENS):
            yield f"{path.relative_to(root)}: {fault} (use a logical property or a token)"
    markup = [*(root / "frontend/src").rglob("*.svelte"), *(root / "clinic").rglob("templates/**/*.html")]
    for path in sorted(markup):
        for fault in of_markup(path.read_text("utf-8")):
            yield f"{path.relative_to(root)}: {fault}"
