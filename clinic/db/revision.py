"""Which schema the data store has and which this code needs, found out without loading Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Engine

from clinic.db.engine import READ_ONLY_OPTION

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


@cache
def head() -> str:
    """Return the newest revision in the tree."""
    return (FOLDER / ".current-head").read_text(encoding="ascii").strip()


def current(engine: Engine) -> str | None:
    """Return the revision that the database is at; None is nothing yet."""
    with engine.connect().execution_options(**{READ_ONLY_OPTION: True}) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found
