"""Files and functions stay small enough to read, and their names say a subject."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(path for top in ("clinic", "tests", "tools", "bench") for path in (ROOT / top).rglob("*.py"))
FRONTEND = sorted(
    path
    for pattern in ("*.ts", "*.svelte", "*.css")
    for path in (ROOT / "frontend" / "src").rglob(pattern)
    if path.name not in {"api.d.ts", "messages.d.ts"}
)
BANNED = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "base"}
ALLOWED = {ROOT / "clinic" / "db" / "base.py"}


@pytest.mark.parametrize("path", [*SOURCES, *FRONTEND], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_has_at_most_40_lines(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 40, f"{path.name}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", [*SOURCES, *FRONTEND], ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_named_after_its_subject(path: Path) -> None:
    assert path in ALLOWED or path.stem.lower() not in BANNED


def _public(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    found = [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]
    return found + [inner for node in found if isinstance(node, ast.ClassDef) for inner in _public(node.body)]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "clinic").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_modules_and_what_they_offer_say_what_they_are_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{path.name} has no docstring"
    silent = [node.name for node in _public(tree.body) if not ast.get_docstring(node)]
    assert not silent, f"{path.name}: {silent}"
