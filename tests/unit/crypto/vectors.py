"""Reads the vector files; hex becomes bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[2] / "vectors" / "crypto"


def load(name: str) -> list[dict[str, Any]]:
    """Return the vectors of the file `name`."""
    vectors: list[dict[str, Any]] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))["vectors"]
    return vectors


def unhex(vector: dict[str, Any], *fields: str) -> list[bytes]:
    """Return the bytes of the named hex fields."""
    return [bytes.fromhex(vector[field]) for field in fields]
