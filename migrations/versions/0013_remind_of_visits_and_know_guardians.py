"""Remind of visits and know guardians."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("private_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("verified_by", sa.Uuid(), nullable=False),
        sa.Column("verified_at", UTCDateTime(), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_guardianship_ended")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_guardianship_period")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_guardianship_account_id")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_guardianship_patient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
    )
    op.create_index(op.f("ix_guardianship_account_id"), "guardianship", ["account_id"], unique=False)
    op.create_index(op.f("ix_guardianship_patient_id"), "guardianship", ["patient_id"], unique=False)
    op.add_column(
        "account", sa.Column("reminders_wanted", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column(
        "patient", sa.Column("reminders_wanted", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("service", sa.Column("reminder_minutes", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("outbox_message", sa.Column("dedupe", sa.String(length=160), nullable=True))
    op.execute("UPDATE outbox_message SET dedupe = CAST(id AS VARCHAR(36))")
    with op.batch_alter_table("outbox_message") as batch:
        batch.alter_column("dedupe", existing_type=sa.String(length=160), nullable=False)
        batch.add_column(sa.Column("about_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("way", sa.String(40), nullable=True))
        batch.add_column(sa.Column("reason", sa.String(length=60), nullable=True))
        batch.create_unique_constraint(op.f("uq_outbox_message_dedupe"), ["dedupe"])
        batch.create_check_constraint(op.f("ck_outbox_message_way"), "way IN ('email', 'sms')")
        batch.create_index(op.f("ix_outbox_message_about_id"), ["about_id"])


def downgrade() -> None:
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_index(op.f("ix_outbox_message_about_id"))
        batch.drop_constraint(op.f("ck_outbox_message_way"), type_="check")
        batch.drop_constraint(op.f("uq_outbox_message_dedupe"), type_="unique")
        batch.drop_column("reason")
        batch.drop_column("way")
        batch.drop_column("about_id")
        batch.drop_column("dedupe")
    op.drop_column("service", "reminder_minutes")
    op.drop_column("patient", "reminders_wanted")
    op.drop_column("account", "reminders_wanted")
    op.drop_index(op.f("ix_guardianship_patient_id"), table_name="guardianship")
    op.drop_index(op.f("ix_guardianship_account_id"), table_name="guardianship")
    op.drop_table("guardianship")
