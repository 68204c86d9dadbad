"""The HTTP of scheduling: the public catalogue and slots, visits, schedules."""

from clinic.scheduling.routes import catalogue, schedules, visits
from clinic.scheduling.routes.parts import blueprint

__all__ = ["blueprint", "catalogue", "schedules", "visits"]
