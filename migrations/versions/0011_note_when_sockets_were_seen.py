"""Let a seat be held only while a web process speaks for its socket."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("room_seat", sa.Column("seen_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("room_seat", "seen_at")
