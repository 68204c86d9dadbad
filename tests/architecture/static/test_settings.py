"""Every setting that the code reads is explained for operators, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NAME = re.compile(r'"([A-Z][A-Z_]{2,})"')


def _read_by_the_code() -> set[str]:
    return set(NAME.findall((ROOT / "clinic" / "config.py").read_text(encoding="utf-8")))


def test_the_example_lists_every_setting() -> None:
    listed = set(
        re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert listed == _read_by_the_code()


def test_the_operations_guide_explains_every_setting() -> None:
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in sorted(_read_by_the_code()) if f"`{name}`" not in guide] == []


def test_only_the_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "clinic").rglob("*.py")
        if re.search(r"os\.environ|os\.getenv", path.read_text(encoding="utf-8"))
    ]
    assert sorted(readers) == ["clinic/cli.py", "clinic/supervision/processes.py", "clinic/wsgi.py"]
