"""Count consent changes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "patient_epoch",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("patient_id", name=op.f("pk_patient_epoch")),
    )


def downgrade() -> None:
    op.drop_table("patient_epoch")
