"""Bring the data store to the schema that this code needs; the steps stand in `migrations/versions`."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, String
from sqlalchemy.types import TypeEngine

from clinic.db.revision import FOLDER


def config() -> Config:
    """Return Alembic's configuration for the tree's migrations."""
    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    return found


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


def compare_type(
    context: MigrationContext,
    _inspected: object,
    _column: object,
    kept: TypeEngine[Any],
    _wanted: TypeEngine[Any],
) -> bool | None:
    """Tell whether a column's type is another than the models say; None is as Alembic sees it.

    SQLite counts no letters, so that the length of a text there is not altered in migrations.
    """
    if context.dialect.name == "sqlite" and isinstance(kept, String):
        return False
    return None
