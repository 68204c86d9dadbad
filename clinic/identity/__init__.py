"""Accounts, people, sessions and care relationships: who somebody is to the clinic."""

from __future__ import annotations

from flask import Flask

from clinic.access.actor import Actor, ActorLoader
from clinic.identity.policies import POLICIES
from clinic.notifications import post
from clinic.web.blueprint import Api
from clinic.web.runtime import Runtime


class _Nobody:
    """The loader before the slice has registered: nobody is signed in."""

    def load(self, token: str, *, touch: bool) -> Actor | None:
        """Know nobody."""
        return None


NOBODY: ActorLoader = _Nobody()


def register(app: Flask, api: Api, runtime: Runtime) -> None:
    """Serve the slice's routes; take over the loading of actors and of the clinic's profile."""
    from clinic.identity.actors import SessionActors
    from clinic.identity.letters import Directory, Letters
    from clinic.identity.profiles import SavedProfiles
    from clinic.identity.routes import (
        account,
        care_team,
        clinic,
        guardians,
        patients,
        registration,
        sessions,
        staff,
    )

    runtime.actors = SessionActors(runtime.database, runtime.clock, lambda: runtime.seats)
    runtime.profiles = SavedProfiles(runtime.database, runtime.settings)
    runtime.permits.add(POLICIES)
    settings, office = runtime.settings, post.office(app.extensions)
    office.directory = Directory(runtime.vault.fields)
    letters = Letters(base_url=settings.base_url, secret=settings.secret_key, clock=runtime.clock)
    letters.register(office.kinds)
    for blueprint in (
        sessions.bp,
        account.bp,
        registration.bp,
        patients.bp,
        care_team.bp,
        guardians.bp,
        clinic.bp,
        staff.bp,
    ):
        api.register(blueprint)
