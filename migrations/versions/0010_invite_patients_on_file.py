"""Create the invitations of people on file to accounts of their own."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "patient_invitation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patient.id"], name=op.f("fk_patient_invitation_patient_id_patient")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patient_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_patient_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_patient_invitation_patient_id"), "patient_invitation", ["patient_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_patient_invitation_patient_id"), table_name="patient_invitation")
    op.drop_table("patient_invitation")
