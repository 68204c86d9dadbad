"""Bring the data store to the schema that this code needs; the steps stand in `migrations/versions`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def config() -> Config:
    """Return Alembic's configuration for the tree's migrations."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    return found


@cache
def head() -> str:
    """Return the newest revision in the tree."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    assert found is not None
    return found


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at."""
    with engine.connect().execution_options(clinic_read_only=True) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate upward to `revision` in one transaction."""
    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Migrate downward to `revision` in one transaction."""
    with engine.begin() as connection:
        settings = config()
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)
