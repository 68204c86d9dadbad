"""No text without a clearance, no clearance without the gate: read off the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3] / "clinic"
GATE = ROOT / "consent" / "services" / "gate.py"
# Where the vault is asked for a text, and what in turn hands one on.
OPENS = {"open", "digest"}
HANDS_ON = {"open_version", "read_note", "read_version", "history", "statement", "verify"}
MODULES = sorted(path for path in ROOT.rglob("*.py") if "vault" not in path.relative_to(ROOT).parts)


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def _is_vault(node: ast.expr) -> bool:
    """Tell whether an expression is the vault itself, and not its directory fields."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name.strip("_") == "vault"


def _reaches_text(function: ast.FunctionDef) -> bool:
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr in OPENS and _is_vault(node.func.value):
            return True
        if isinstance(node.func, ast.Name) and node.func.id in HANDS_ON:
            return True
    return False


def _takes_clearance_second(function: ast.FunctionDef) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args]
    if len(arguments) < 2 or arguments[1].annotation is None:
        return False
    return "Clearance" in ast.unparse(arguments[1].annotation)


def unguarded(path: Path) -> list[str]:
    """Return the functions in `path` that reach a text and take no clearance as their second argument."""
    return [
        function.name
        for function in _functions(path)
        if _reaches_text(function) and not _takes_clearance_second(function)
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_whatever_reaches_a_text_takes_a_clearance(path: Path) -> None:
    assert unguarded(path) == []


def test_finds_the_functions_that_it_is_about() -> None:
    reaching = {function.name for path in MODULES for function in _functions(path) if _reaches_text(function)}
    assert {"open_version", "read_note", "statement"} <= reaching


def test_finds_a_read_without_one(tmp_path: Path) -> None:
    path = tmp_path / "leak.py"
    path.write_text("def leak(session, *, vault, row):\n    return vault.open(session, None, blob=row)\n")
    assert unguarded(path) == ["leak"]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_gate_makes_a_clearance(path: Path) -> None:
    made = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Clearance"
    ]
    assert not made or path == GATE


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_rewrites_a_clearance(path: Path) -> None:
    rewritten = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).split(".")[-1] == "replace"
        and node.args
        and "clearance" in ast.unparse(node.args[0]).lower()
    ]
    assert not rewritten
