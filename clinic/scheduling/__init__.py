"""Scheduling: services and sites, availability, slots, booking; double booking is refused by the database."""

from __future__ import annotations

from flask import Flask

from clinic.scheduling.policies import POLICIES
from clinic.scheduling.routes import blueprint
from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


def register(_app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes and say who may use them."""
    runtime.permits.add(POLICIES)
    api.register(blueprint)
