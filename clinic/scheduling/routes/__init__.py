"""The HTTP of scheduling: the public catalogue and slots, visits, schedules."""

from clinic.scheduling.routes import catalogue, family, messages, schedules, visits
from clinic.scheduling.routes.parts import blueprint

__all__ = ["blueprint", "catalogue", "family", "messages", "schedules", "visits"]
