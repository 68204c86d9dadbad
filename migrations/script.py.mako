"""${message}."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "${up_revision}"
down_revision = ${'"' + down_revision + '"' if down_revision else None}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
