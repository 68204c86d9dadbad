"""What the web server loads: `gunicorn 'clinic.wsgi:application()'`."""

from __future__ import annotations

import gc
import os

# Loading makes half a million objects that stay: see `clinic.__main__`.
gc.set_threshold(50_000, 20, 20)

from flask import Flask  # noqa: E402

from clinic.app import create_app  # noqa: E402
from clinic.config import settings_from  # noqa: E402
from clinic.supervision.hardening import harden_process  # noqa: E402
from clinic.web import logs  # noqa: E402


def application() -> Flask:
    """Return the application for this process's environment."""
    harden_process()
    logs.configure()
    app = create_app(settings_from(os.environ))
    # What is loaded by now stays: requests do not wait for looks for dead cycles in it.
    gc.freeze()
    return app
