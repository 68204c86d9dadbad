"""What is written about people: notes, their versions and signatures; every text is sealed."""

from __future__ import annotations

from flask import Flask

from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


def register(app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes and sockets and give its permissions their policies."""
    from clinic.records.policies import POLICIES
    from clinic.records.routes import blueprint
    from clinic.records.sockets import serve_files

    runtime.permits.add(POLICIES)
    api.register(blueprint)
    serve_files(app, runtime)
