"""What the web server loads: `gunicorn 'clinic.wsgi:application()'`."""

from __future__ import annotations

import gc
import os

from flask import Flask

from clinic.app import create_app
from clinic.config import settings_from
from clinic.vault import harden_process
from clinic.web import logs


def application() -> Flask:
    """Return the application for this process's environment."""
    harden_process()
    logs.configure()
    app = create_app(settings_from(os.environ))
    # What is loaded by now stays: requests do not wait for looks for dead cycles in it.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return app
