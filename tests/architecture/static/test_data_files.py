"""Data files can be read: a merge gone wrong would otherwise show only where their words are asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = ("clinic", "frontend/messages", "tests/vectors")
FILES = sorted(
    path for folder in FOLDERS for path in (ROOT / folder).rglob("*.json") if "static" not in path.parts
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_data_file_is_json(path: Path) -> None:
    json.loads(path.read_text(encoding="utf-8"))
