"""docs/data-classification.md names every column of both stores and how it is kept."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from sqlalchemy import JSON, LargeBinary, MetaData, String

from clinic.db.base import Base
from clinic.vault.key_tables import KeyBase

ROOT = Path(__file__).resolve().parents[3]
PAGE = "docs/data-classification.md"
CLASSES = {"sealed", "blind-indexed", "hashed", "plain"}
_ROW = re.compile(r"^\| (\w+\.\w+) \| ([\w-]+) \| ?(.*?) ?\|$", re.MULTILINE)


def _stores() -> list[MetaData]:
    """Return the metadata of both stores with the models of every slice loaded."""
    for path in sorted((ROOT / "clinic").rglob("*.py")):
        if "__tablename__" in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [Base.metadata, KeyBase.metadata]


COLUMNS = {
    f"{table.name}.{column.name}": column
    for metadata in _stores()
    for table in metadata.sorted_tables
    for column in table.columns
}
ROWS = {
    name: (kind, reason) for name, kind, reason in _ROW.findall((ROOT / PAGE).read_text(encoding="utf-8"))
}


def test_every_column_is_classified() -> None:
    missing = sorted(set(COLUMNS) - set(ROWS))
    assert not missing, f"add to {PAGE}: {', '.join(missing)}"


def test_every_row_has_its_column() -> None:
    stale = sorted(set(ROWS) - set(COLUMNS))
    assert not stale, f"remove from {PAGE}: {', '.join(stale)}"


@pytest.mark.parametrize("name", sorted(set(ROWS) & set(COLUMNS)))
def test_a_column_is_what_its_class_says(name: str) -> None:
    kind, reason = ROWS[name]
    column = COLUMNS[name]
    assert kind in CLASSES
    assert (kind == "sealed") >= name.endswith("_sealed")
    assert (kind == "blind-indexed") == name.endswith("_index")
    if kind in {"sealed", "blind-indexed"}:
        assert isinstance(column.type, LargeBinary), "the vault returns bytes"
    if kind == "plain" and isinstance(column.type, String | JSON):
        assert reason, "text that can be read needs a reason"
