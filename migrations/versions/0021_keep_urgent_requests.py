"""Keep urgent requests and the steps of their way."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "urgent_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("raised_by", sa.Uuid(), nullable=False),
        sa.Column("raised_at", UTCDateTime(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_urgent_request_closed")
        ),
        sa.CheckConstraint(
            "outcome IN ('visit', 'spoken', 'passed_on', 'not_reached', 'not_needed')",
            name=op.f("ck_urgent_request_outcome"),
        ),
        sa.CheckConstraint(
            "state <> 'claimed' OR claimed_by IS NOT NULL", name=op.f("ck_urgent_request_claimed")
        ),
        sa.CheckConstraint("state IN ('open', 'claimed', 'closed')", name=op.f("ck_urgent_request_state")),
        sa.CheckConstraint("step BETWEEN 0 AND 6", name=op.f("ck_urgent_request_step")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_urgent_request_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_practitioner_id"],
            ["practitioner.id"],
            name=op.f("fk_urgent_request_claimed_practitioner_id"),
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_urgent_request_patient_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_urgent_request_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urgent_request")),
    )
    op.create_index(
        op.f("ix_urgent_request_state_due_at"), "urgent_request", ["state", "due_at"], unique=False
    )
    op.create_index(
        "uq_urgent_request_standing",
        "urgent_request",
        ["patient_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "urgent_request_event",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('raised', 'asked', 'nobody', 'desk', 'claimed', 'handed_on', 'closed')",
            name=op.f("ck_urgent_request_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_urgent_request_event_practitioner_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["urgent_request.id"], name=op.f("fk_urgent_request_event_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "number", name=op.f("pk_urgent_request_event")),
    )


def downgrade() -> None:
    op.drop_table("urgent_request_event")
    op.drop_index(
        "uq_urgent_request_standing",
        table_name="urgent_request",
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.drop_index(op.f("ix_urgent_request_state_due_at"), table_name="urgent_request")
    op.drop_table("urgent_request")
