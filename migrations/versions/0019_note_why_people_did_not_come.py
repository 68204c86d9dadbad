"""Keep why people did not come, as the desk notes it."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("noted_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('unreached', 'short_notice', 'forgot', 'travel', 'technical', 'other')",
            name=op.f("ck_absence_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_absence_appointment_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_absence")),
    )


def downgrade() -> None:
    op.drop_table("absence")
