"""Accounts, people, sessions and care relationships: who somebody is to the clinic."""

from __future__ import annotations

from flask import Flask

from clinic.access.actor import Actor, ActorLoader
from clinic.identity.policies import POLICIES
from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


class _Nobody:
    """The loader before the slice has registered: nobody is signed in."""

    def load(self, token: str, *, touch: bool) -> Actor | None:
        """Know nobody."""
        return None


NOBODY: ActorLoader = _Nobody()


def register(_app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes and take over the loading of actors."""
    from clinic.identity.actors import SessionActors
    from clinic.identity.routes import account, care_team, patients, sessions

    runtime.actors = SessionActors(runtime.database, runtime.clock, lambda: runtime.seats)
    runtime.permits.add(POLICIES)
    for blueprint in (sessions.bp, account.bp, patients.bp, care_team.bp):
        api.register(blueprint)
