"""Help in danger: the crisis page that anyone can open, without signing in and without script."""

from __future__ import annotations

from flask import Flask

from clinic.safety.routes import blueprint, pages
from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


def register(app: Flask, api: Api, _runtime: Runtime) -> None:
    """Serve the crisis page and its numbers."""
    api.register(blueprint)
    app.register_blueprint(pages)
