"""What the web server loads: `gunicorn 'clinic.wsgi:application()'`."""

from __future__ import annotations

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
    return create_app(settings_from(os.environ))
