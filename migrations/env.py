"""Alembic's entry: runs the numbered migrations on the connection that `clinic.db.migrations` hands over."""

from typing import Any, Literal

from alembic import context

from clinic.db.base import Base, Code, UTCDateTime
from clinic.db.migrations import compare_type


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types plainly: codes are text, instants keep their own type."""
    if kind == "type" and isinstance(item, Code):
        return "sa.String(40)"
    if kind == "type" and isinstance(item, UTCDateTime):
        return "UTCDateTime()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=False,
    transactional_ddl=True,
    render_item=render_item,
    compare_type=compare_type,
)
with context.begin_transaction():
    context.run_migrations()
