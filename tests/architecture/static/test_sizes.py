"""Files and functions stay small enough to read, and their names say a subject."""

from __future__ import annotations

import ast
from pathlib import Path

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


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_a_file_has_at_most_400_lines() -> None:
    lengths = {_name(path): len(path.read_text("utf-8").splitlines()) for path in (*SOURCES, *FRONTEND)}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_a_function_has_at_most_40_lines() -> None:
    long = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= 40
    ]
    assert long == []


def test_a_file_is_named_after_its_subject() -> None:
    drawers = [_name(path) for path in (*SOURCES, *FRONTEND) if path.stem.lower() in BANNED]
    assert drawers == [_name(path) for path in ALLOWED]


def _public(body: list[ast.stmt]) -> list[ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)
    found = [node for node in body if isinstance(node, kinds) and not node.name.startswith("_")]
    return found + [inner for node in found if isinstance(node, ast.ClassDef) for inner in _public(node.body)]


def test_modules_and_what_they_offer_say_what_they_are_for() -> None:
    silent: list[str] = []
    for path in sorted((ROOT / "clinic").rglob("*.py")):
        tree = _tree(path)
        silent += [] if ast.get_docstring(tree) else [_name(path)]
        silent += [f"{_name(path)} {one.name}" for one in _public(tree.body) if not ast.get_docstring(one)]
    assert silent == []
