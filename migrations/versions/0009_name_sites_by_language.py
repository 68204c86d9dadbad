"""Give sites a name for each language; what had one name keeps it as its English one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_site = sa.table("site", sa.column("id", sa.Uuid), sa.column("name", sa.String), sa.column("names", sa.JSON))


def upgrade() -> None:
    # SQLite cannot make a column NOT NULL afterwards, so that the new one begins with a default.
    op.add_column("site", sa.Column("names", sa.JSON(), nullable=False, server_default="{}"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_site.c.id, _site.c.name)).all():
        connection.execute(_site.update().where(_site.c.id == row.id).values(names={"en": row.name}))
    op.drop_column("site", "name")


def downgrade() -> None:
    op.add_column("site", sa.Column("name", sa.String(length=120), nullable=False, server_default=""))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_site.c.id, _site.c.names)).all():
        name = row.names.get("en") or next(iter(row.names.values()))
        connection.execute(_site.update().where(_site.c.id == row.id).values(name=name))
    op.drop_column("site", "names")
