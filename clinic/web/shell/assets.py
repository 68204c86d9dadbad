"""What the frontend build wrote: the table of pages, and the files that each of them needs.

Read again when the build changes, so that a running development server serves what was just built.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from clinic.errors import Unavailable
from clinic.web.shell.matching import Page

ENTRY = "src/main.ts"
CRITICAL = "src/styles/critical.css"
SPRITE = "src/icons.svg"
WORK = "src/work.ts"
URL = "/static/app/"


@dataclass(frozen=True, slots=True)
class Files:
    """URLs that a page loads, in the order of need and without repetition."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """One entry of Vite's manifest."""

    file: str
    imports: tuple[str, ...]
    css: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Build:
    """One finished build."""

    pages: tuple[Page, ...]
    chunks: dict[str, Chunk]
    critical_css: str

    @property
    def entry(self) -> str:
        """Return the URL of the script that starts every page."""
        return URL + self.chunks[ENTRY].file

    @property
    def sprite(self) -> str:
        """Return the URL of the icons."""
        return URL + self.chunks[SPRITE].file

    def page_files(self, module: str, language: str, *, at_work: bool) -> Files:
        """Return what a page in `language` loads; those who work here have pages and texts of their own."""
        catalog = "virtual:catalog/"
        work = (WORK, f"{catalog}work/{language}") if at_work else ()
        return self.files(module, f"{catalog}{language}", *work)

    @property
    def styles(self) -> tuple[str, ...]:
        """Return the style sheets that pages without script share: those of the entry."""
        return self.files().styles

    def files(self, *roots: str) -> Files:
        """Return what the modules `roots` load, their static imports included."""
        seen: dict[str, Chunk] = {}
        waiting = [ENTRY, *roots]
        while waiting:
            name = waiting.pop(0)
            if name not in seen and name in self.chunks:
                seen[name] = self.chunks[name]
                waiting.extend(seen[name].imports)
        styles = dict.fromkeys(URL + css for chunk in seen.values() for css in chunk.css)
        scripts = tuple(URL + chunk.file for chunk in seen.values() if chunk.file.endswith(".js"))
        return Files(scripts=scripts, styles=tuple(styles))


class Assets:
    """The folder of the build; raises Unavailable where nothing has been built."""

    def __init__(self, folder: Path) -> None:
        """Serve the build below `folder`."""
        self.folder = folder
        self._read: tuple[int, Build] | None = None

    def build(self) -> Build:
        """Return the build as it is now."""
        table = self.folder / "shell.json"
        try:
            changed = table.stat().st_mtime_ns
        except FileNotFoundError as missing:
            raise Unavailable("frontend_not_built") from missing
        if self._read is None or self._read[0] != changed:
            self._read = (changed, _read(self.folder))
        return self._read[1]


def _read(folder: Path) -> Build:
    manifest = cast(
        dict[str, dict[str, object]], json.loads((folder / ".vite" / "manifest.json").read_text("utf-8"))
    )
    table = cast(dict[str, list[dict[str, object]]], json.loads((folder / "shell.json").read_text("utf-8")))
    chunks = {name: _chunk(entry) for name, entry in manifest.items()}
    return Build(
        pages=tuple(Page.of(row) for row in table["routes"]),
        chunks=chunks,
        critical_css=(folder / chunks[CRITICAL].file).read_text("utf-8").strip(),
    )


def _chunk(entry: dict[str, object]) -> Chunk:
    return Chunk(
        file=str(entry["file"]),
        imports=tuple(cast(list[str], entry.get("imports", []))),
        css=tuple(cast(list[str], entry.get("css", []))),
    )
