"""Keep the telephone of people who work here, on which being on call rings."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.add_column("account", sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("account", "phone_sealed")
