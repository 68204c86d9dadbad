"""One head, and every step goes up, down and up again on both databases."""

from __future__ import annotations

import importlib
from pathlib import Path
from uuid import uuid4

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from clinic.db import migrations, revision
from clinic.db.base import Base
from clinic.db.engine import Database

ROOT = Path(__file__).resolve().parents[3]


def _load_models() -> None:
    for path in (*(ROOT / "clinic").glob("*/**/models.py"), *(ROOT / "clinic").glob("*/**/models")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def test_the_head_is_the_one_that_was_agreed() -> None:
    assert ScriptDirectory.from_config(migrations.config()).get_heads() == [revision.head()]


def test_goes_up_down_and_up_again(database: Database) -> None:
    migrations.downgrade(database.engine, "base")
    assert revision.current(database.engine) is None
    migrations.upgrade(database.engine)
    with database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == revision.head()
    assert revision.current(database.engine) == revision.head()


def test_the_migrated_schema_is_the_models(database: Database) -> None:
    _load_models()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": migrations.compare_type})
        assert compare_metadata(context, Base.metadata) == []


def test_a_site_keeps_its_name_on_the_way_up_and_down(database: Database) -> None:
    site = sa.table("site", sa.column("id", sa.Uuid), sa.column("name"), sa.column("tz"))
    migrations.downgrade(database.engine, "0008")
    with database.engine.begin() as connection:
        connection.execute(site.insert().values(id=uuid4(), name="Old Town", tz="Asia/Jerusalem"))
    migrations.upgrade(database.engine)
    with database.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.column("names", sa.JSON)).select_from(site)) == {
            "en": "Old Town"
        }
    migrations.downgrade(database.engine, "0008")
    with database.engine.connect() as connection:
        assert connection.scalar(sa.select(site.c.name)) == "Old Town"
    migrations.upgrade(database.engine)
