"""Give schedules sets of other hours, exceptions and leave, holidays, and hours overnight; services a reserve."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0018"
down_revision = "0017"

RESERVE = (
    "reserved_percent INTEGER DEFAULT 0 NOT NULL "
    "CONSTRAINT ck_service_reserve CHECK (reserved_percent BETWEEN 0 AND 100)",
    "release_at TIME DEFAULT '07:00:00.000000' NOT NULL",
)
OLD = ("id", "practitioner_id", "weekday", "starts", "ends", "tz", "valid_from", "valid_to", "modalities")


def _rebuild_rules(*, new: bool) -> None:
    """Make the table of rules again: SQLite cannot change a check, and both databases take this way."""
    connection = op.get_bind()
    kept = "" if new else " WHERE set_id IS NULL AND NOT overnight"
    columns = ", ".join(OLD)
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE kept_rule AS SELECT {columns} FROM availability_rule{kept}")
    op.drop_index(op.f("ix_availability_rule_practitioner_id"), table_name="availability_rule")
    op.drop_table("availability_rule")
    _create_rules(new)
    more, values = (", overnight", ", false") if new else ("", "")
    connection.exec_driver_sql(
        f"INSERT INTO availability_rule ({columns}{more}) SELECT {columns}{values} FROM kept_rule"
    )
    connection.exec_driver_sql("DROP TABLE kept_rule")


def _create_rules(new: bool) -> None:
    more = [
        sa.Column("set_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("overnight", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["availability_set.id"], name=op.f("fk_availability_rule_set_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_availability_rule_site_id")),
    ]
    op.create_table(
        "availability_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("modalities", sa.String(length=200), nullable=False),
        *(more if new else []),
        sa.CheckConstraint(
            "(starts < ends) <> overnight" if new else "starts < ends", name=op.f("ck_availability_rule_order")
        ),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from <= valid_to", name=op.f("ck_availability_rule_validity")
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_availability_rule_weekday")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["schedule.practitioner_id"],
            name=op.f("fk_availability_rule_practitioner_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_rule")),
    )
    op.create_index(
        op.f("ix_availability_rule_practitioner_id"), "availability_rule", ["practitioner_id"], unique=False
    )


def upgrade() -> None:
    op.create_table(
        "holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("wall_start", sa.String(length=16), nullable=False),
        sa.Column("wall_end", sa.String(length=16), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("wall_start < wall_end", name=op.f("ck_holiday_order")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_holiday_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
    )
    op.create_index(op.f("ix_holiday_site_id_wall_end"), "holiday", ["site_id", "wall_end"], unique=False)
    op.create_index(op.f("ix_holiday_wall_end"), "holiday", ["wall_end"], unique=False)
    op.create_table(
        "availability_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.CheckConstraint("kind IN ('ramadan', 'travel', 'other')", name=op.f("ck_availability_set_kind")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_availability_set_order")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["schedule.practitioner_id"],
            name=op.f("fk_availability_set_practitioner_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability_set")),
    )
    op.create_index(
        op.f("ix_availability_set_practitioner_id"), "availability_set", ["practitioner_id"], unique=False
    )
    op.create_table(
        "schedule_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("wall_start", sa.String(length=16), nullable=False),
        sa.Column("wall_end", sa.String(length=16), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("modalities", sa.String(length=200), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("cover_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind = 'leave' OR (reason_sealed IS NULL AND cover_id IS NULL)",
            name=op.f("ck_schedule_exception_leave"),
        ),
        sa.CheckConstraint("kind IN ('open', 'closed', 'leave')", name=op.f("ck_schedule_exception_kind")),
        sa.CheckConstraint("cover_id <> practitioner_id", name=op.f("ck_schedule_exception_cover")),
        sa.CheckConstraint("wall_start < wall_end", name=op.f("ck_schedule_exception_order")),
        sa.ForeignKeyConstraint(
            ["cover_id"], ["practitioner.id"], name=op.f("fk_schedule_exception_cover_id")
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"],
            ["schedule.practitioner_id"],
            name=op.f("fk_schedule_exception_practitioner_id"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_schedule_exception_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_exception")),
    )
    op.create_index(
        op.f("ix_schedule_exception_practitioner_id_wall_end"),
        "schedule_exception",
        ["practitioner_id", "wall_end"],
        unique=False,
    )
    op.create_index(op.f("ix_schedule_exception_wall_end"), "schedule_exception", ["wall_end"], unique=False)
    _rebuild_rules(new=True)
    op.drop_index(op.f("ix_appointment_practitioner_id_busy_from"), table_name="appointment")
    op.create_index(
        "ix_appointment_busy",
        "appointment",
        ["practitioner_id", "busy_from", "busy_to", "status", "hold_expires_at"],
    )
    for column in RESERVE:
        op.execute(f"ALTER TABLE service ADD COLUMN {column}")


def downgrade() -> None:
    op.drop_column("service", "release_at")
    op.drop_column("service", "reserved_percent")
    op.drop_index("ix_appointment_busy", table_name="appointment")
    op.create_index(
        op.f("ix_appointment_practitioner_id_busy_from"), "appointment", ["practitioner_id", "busy_from"]
    )
    _rebuild_rules(new=False)
    op.drop_index(op.f("ix_schedule_exception_wall_end"), table_name="schedule_exception")
    op.drop_index(op.f("ix_schedule_exception_practitioner_id_wall_end"), table_name="schedule_exception")
    op.drop_table("schedule_exception")
    op.drop_index(op.f("ix_availability_set_practitioner_id"), table_name="availability_set")
    op.drop_table("availability_set")
    op.drop_index(op.f("ix_holiday_wall_end"), table_name="holiday")
    op.drop_index(op.f("ix_holiday_site_id_wall_end"), table_name="holiday")
    op.drop_table("holiday")
