"""The HTML around every page: real headings, help line and navigation before any script runs.

The frontend's own table of pages (`shell.json`, written by the build) says which path shows what to whom.
"""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from clinic.web.shell.assets import Assets
from clinic.web.shell.frame import install
from clinic.web.shell.routes import pages

__all__ = ["register"]

_BUILT = Path(__file__).parent / "static" / "app"


def register(app: Flask) -> None:
    """Serve the pages and their assets on `app`; call after every other route is in place."""
    install(app, Assets(_BUILT))
    app.register_blueprint(pages)
