"""Reads the helplines: the clinic's own file where it keeps one, else the list that comes with Sakina."""

from __future__ import annotations

import json
from pathlib import Path

from clinic.safety.rules.helplines import Helpline, read

OWN_FILE = "helplines.json"
_SHIPPED = Path(__file__).parent / "helplines.json"


def helplines(data_dir: Path) -> tuple[Helpline, ...]:
    """Return every helpline in the order of the file; `data_dir/helplines.json` replaces the shipped one."""
    own = data_dir / OWN_FILE
    source = own if own.is_file() else _SHIPPED
    return read(json.loads(source.read_text("utf-8"))["items"])
