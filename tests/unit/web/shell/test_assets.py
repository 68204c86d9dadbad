"""What the shell reads of a frontend build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clinic.errors import Unavailable
from clinic.web.shell.assets import Assets

_MANIFEST = {
    "src/main.ts": {"file": "assets/main.js", "imports": ["_shared.js"], "css": ["assets/main.css"]},
    "_shared.js": {"file": "assets/shared.js"},
    "src/pages/x/X.svelte": {"file": "assets/X.js", "imports": ["_shared.js"], "css": ["assets/X.css"]},
    "src/work.ts": {"file": "assets/work.js", "imports": ["_shared.js"]},
    "virtual:catalog/ar": {"file": "assets/ar.js"},
    "virtual:catalog/work/ar": {"file": "assets/work-ar.js"},
    "src/styles/critical.css": {"file": "assets/critical.css"},
    "src/icons.svg": {"file": "assets/icons.svg"},
}
_TABLE = {
    "routes": [
        {
            "path": "/x/:id",
            "who": "anyone",
            "frame": "patient",
            "module": "src/pages/x/X.svelte",
            "title": {"ar": "س", "fr": "X", "en": "X"},
        }
    ]
}


def _build(folder: Path) -> Path:
    (folder / ".vite").mkdir()
    (folder / "assets").mkdir()
    (folder / ".vite" / "manifest.json").write_text(json.dumps(_MANIFEST))
    (folder / "shell.json").write_text(json.dumps(_TABLE))
    (folder / "assets" / "critical.css").write_text("body{}\n")
    return folder


def test_without_a_build_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="frontend_not_built"):
        Assets(tmp_path).build()


def test_a_page_loads_the_entry_its_own_files_and_what_they_share_once(tmp_path: Path) -> None:
    files = Assets(_build(tmp_path)).build().files("src/pages/x/X.svelte", "virtual:catalog/fr")
    assert files.scripts == (
        "/static/app/assets/main.js",
        "/static/app/assets/X.js",
        "/static/app/assets/shared.js",
    )
    assert files.styles == ("/static/app/assets/main.css", "/static/app/assets/X.css")


@pytest.mark.parametrize(("at_work", "more"), [(False, set()), (True, {"work", "work-ar"})])
def test_only_those_who_work_here_load_what_is_for_work(
    tmp_path: Path, at_work: bool, more: set[str]
) -> None:
    files = Assets(_build(tmp_path)).build().page_files("src/pages/x/X.svelte", "ar", at_work=at_work)
    names = {script.removeprefix("/static/app/assets/").removesuffix(".js") for script in files.scripts}
    assert names == {"main", "X", "shared", "ar"} | more


def test_a_new_build_is_seen_without_a_restart(tmp_path: Path) -> None:
    assets = Assets(_build(tmp_path))
    first = assets.build()
    assert assets.build() is first
    (tmp_path / "shell.json").write_text(json.dumps({"routes": []}))
    assert assets.build().pages == ()
