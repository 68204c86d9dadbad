"""What a page may weigh on a weak network: brotli sizes from the build's manifest, in kB of 1000 bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

KB = 1000
CATALOG = 12.0
ENTRY = "src/main.ts"
WORK = "src/work.ts"
# Device test, waiting room and room carry the call; the rest follows the frame around the page.
_BY_PATH = {"/device-test": 70.0, "/visits/:id": 70.0, "/room/:id": 70.0, "/calendar": 100.0}
_BY_FRAME = {"patient": 35.0, "staff": 90.0, "bare": 70.0}
_FONTS = (".woff", ".woff2", ".ttf", ".otf")

Manifest = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Weight:
    """A page and what it loads before it can be used, in kB."""

    path: str
    size: float
    limit: float


def files_of(manifest: Manifest, roots: Iterable[str]) -> set[str]:
    """Return the scripts and styles that `roots` load at once: lazy imports do not count."""
    waiting, seen = list(roots), set[str]()
    files: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        chunk = manifest[name]
        files.add(str(chunk["file"]))
        files.update(cast(list[str], chunk.get("css", [])))
        waiting.extend(cast(list[str], chunk.get("imports", [])))
    return files


def limit_of(path: str, frame: str) -> float:
    """Return the budget of a page."""
    return _BY_PATH.get(path, _BY_FRAME[frame])


def _size(folder: Path, files: Iterable[str]) -> float:
    return sum((folder / f"{name}.br").stat().st_size for name in files) / KB


def weights(folder: Path) -> Iterator[Weight]:
    """Yield the weight of every page of the build in `folder`."""
    manifest = cast(Manifest, json.loads((folder / ".vite/manifest.json").read_text("utf-8")))
    table = json.loads((folder / "shell.json").read_text("utf-8"))
    for route in table["routes"]:
        work = (WORK,) if route["frame"] == "staff" else ()
        files = files_of(manifest, (ENTRY, route["module"], *work))
        yield Weight(route["path"], _size(folder, files), limit_of(route["path"], route["frame"]))
    for name in sorted(key for key in manifest if key.startswith("virtual:catalog/")):
        yield Weight(name.removeprefix("virtual:"), _size(folder, [str(manifest[name]["file"])]), CATALOG)


def faults(folder: Path) -> Iterator[str]:
    """Yield what is too heavy, and any font."""
    for weight in weights(folder):
        if weight.size > weight.limit:
            yield f"{weight.path}: {weight.size:.1f} kB is more than {weight.limit:.0f} kB"
    for path in folder.rglob("*"):
        if path.suffix in _FONTS:
            yield f"{path.name}: fonts cost 0 kB here"


def main() -> None:
    """Print every page with its weight."""
    folder = Path(__file__).resolve().parents[2] / "clinic/web/shell/static/app"
    for weight in weights(folder):
        print(f"{weight.size:6.1f} of {weight.limit:5.0f} kB  {weight.path}")


if __name__ == "__main__":
    main()
