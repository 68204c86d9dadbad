"""No served file names a host of somebody else: not in the sources, and not in what was built from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_ADDRESS = re.compile(r"""(?:https?:|wss?:)?//(?:[a-z0-9-]+\.)+[a-z]{2,}[^\s"'`)]*""", re.IGNORECASE)
# Names of XML vocabularies; nothing is ever fetched from them.
_NAMESPACE = re.compile(r"http://www\.w3\.org/\d{4}/|http://www\.w3\.org/(?:1998|1999|2000)/")
_SOURCES = ("*.ts", "*.svelte", "*.css", "*.svg", "*.json")
_BUILT = ("*.js", "*.css", "*.svg")
_COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*$", re.DOTALL | re.MULTILINE)


def named_in(text: str) -> list[str]:
    """Return the outside addresses in `text`."""
    return [found for found in _ADDRESS.findall(text) if not _NAMESPACE.match(found) and "://" in found]


def faults(root: Path) -> Iterator[str]:
    """Yield every outside address below `root` that could reach a browser."""
    places = (
        (root / "frontend/src", _SOURCES),
        (root / "frontend/messages", ("*.json",)),
        (root / "clinic/web/shell/static/app/assets", _BUILT),
    )
    for folder, patterns in places:
        for path in sorted(file for pattern in patterns for file in folder.rglob(pattern)):
            if path.name == "openapi.json" or path.name.endswith(".test.ts"):
                continue
            text = _COMMENT.sub("", path.read_text("utf-8"))
            for address in named_in(text):
                yield f"{path.relative_to(root)}: names {address}"
