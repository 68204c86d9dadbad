"""`python -m tools.openapi FILE`: write the OpenAPI document that the typed client is generated from."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from pathlib import Path

from clinic.app import create_app
from clinic.clock import SystemClock
from clinic.config import settings_from
from clinic.vault import initialise


def document() -> dict[str, object]:
    """Return the document of a fresh application that lives in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
        data = Path(folder) / "var"
        (data / "data").mkdir(parents=True)
        settings = settings_from({"DATA_DIR": str(data), "CLINIC_SECRET_KEY": "0" * 64})
        initialise(settings, SystemClock())
        found: dict[str, object] = create_app(settings).test_client().get("/api/v1/openapi.json").get_json()
        return found


def write(path: Path) -> None:
    """Write the document to `path`, the same bytes for the same API."""
    path.write_text(json.dumps(document(), indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
