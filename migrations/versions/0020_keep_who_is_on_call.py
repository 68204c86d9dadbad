"""Keep who is on call for urgent services."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "on_call_rota",
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("around_the_clock", sa.Boolean(), nullable=False),
        sa.Column("answer_minutes", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("answer_minutes BETWEEN 1 AND 120", name=op.f("ck_on_call_rota_answer")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_on_call_rota_service_id")),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_on_call_rota")),
    )
    op.create_table(
        "on_call_cover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("instead_of_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("wall_start", sa.String(length=16), nullable=False),
        sa.Column("wall_end", sa.String(length=16), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("instead_of_id <> practitioner_id", name=op.f("ck_on_call_cover_colleague")),
        sa.CheckConstraint("step BETWEEN 1 AND 5", name=op.f("ck_on_call_cover_step")),
        sa.CheckConstraint("wall_start < wall_end", name=op.f("ck_on_call_cover_order")),
        sa.ForeignKeyConstraint(
            ["instead_of_id"], ["practitioner.id"], name=op.f("fk_on_call_cover_instead_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_on_call_cover_practitioner_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["on_call_rota.service_id"], name=op.f("fk_on_call_cover_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_cover")),
    )
    op.create_index(
        op.f("ix_on_call_cover_service_id_wall_end"),
        "on_call_cover",
        ["service_id", "wall_end"],
        unique=False,
    )
    op.create_table(
        "on_call_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("overnight", sa.Boolean(), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("(starts < ends) <> overnight", name=op.f("ck_on_call_rule_order")),
        sa.CheckConstraint("step BETWEEN 1 AND 5", name=op.f("ck_on_call_rule_step")),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_on_call_rule_validity")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_on_call_rule_weekday")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_on_call_rule_practitioner_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["on_call_rota.service_id"], name=op.f("fk_on_call_rule_service_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call_rule")),
    )
    op.create_index(op.f("ix_on_call_rule_service_id"), "on_call_rule", ["service_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_on_call_rule_service_id"), table_name="on_call_rule")
    op.drop_table("on_call_rule")
    op.drop_index(op.f("ix_on_call_cover_service_id_wall_end"), table_name="on_call_cover")
    op.drop_table("on_call_cover")
    op.drop_table("on_call_rota")
