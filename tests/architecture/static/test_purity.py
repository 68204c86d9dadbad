"""Rules, policies and events decide from values alone: they import no framework and ask no clock."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3] / "clinic"
FRAMEWORKS = {
    "flask",
    "sqlalchemy",
    "marshmallow",
    "aiortc",
    "av",
    "socketio",
    "flask_socketio",
    "cryptography",
}
PURE = sorted(
    {
        *ROOT.glob("*/rules/**/*.py"),
        *ROOT.glob("*/rules.py"),
        *ROOT.glob("*/events.py"),
        *ROOT.glob("*/policies.py"),
    }
    | {*(ROOT / "access").glob("*.py")}
)
CRYPTO = sorted((ROOT / "crypto").glob("*.py"))


def _imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def _breaches(paths: list[Path], frameworks: set[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in paths
        for name in sorted(_imported(ast.parse(path.read_text(encoding="utf-8"))) & frameworks)
    ]


def test_pure_code_imports_no_framework() -> None:
    assert _breaches(PURE, FRAMEWORKS) == []


def test_crypto_takes_bytes_and_gives_bytes() -> None:
    assert _breaches(CRYPTO, FRAMEWORKS - {"cryptography"}) == []


def test_pure_code_is_told_the_time() -> None:
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PURE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
    ]
    assert calls == []
