"""Create the diary."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0003"
down_revision = "0002"

LIVE = "('arrived', 'booked', 'held')"

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"""ALTER TABLE appointment ADD CONSTRAINT ex_practitioner EXCLUDE USING gist (
        practitioner_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)
        WHERE (status IN {LIVE})""",
    f"""ALTER TABLE appointment ADD CONSTRAINT ex_patient EXCLUDE USING gist (
        patient_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
        WHERE (status IN {LIVE} AND patient_id IS NOT NULL)""",
)


def trigger(name, moment, itself):
    return f"""CREATE TRIGGER {name} BEFORE {moment} ON appointment
    WHEN NEW.status IN {LIVE} BEGIN
        SELECT RAISE(ABORT, 'ex_practitioner') WHERE EXISTS (
            SELECT 1 FROM appointment AS a
            WHERE a.practitioner_id = NEW.practitioner_id AND a.id <> {itself} AND a.status IN {LIVE}
            AND a.busy_from < NEW.busy_to AND a.busy_from > datetime(NEW.busy_from, '-1 day')
            AND a.busy_to > NEW.busy_from);
        SELECT RAISE(ABORT, 'ex_patient') WHERE EXISTS (
            SELECT 1 FROM appointment AS a
            WHERE a.patient_id = NEW.patient_id AND a.id <> {itself} AND a.status IN {LIVE}
            AND a.starts_at < NEW.ends_at AND a.starts_at > datetime(NEW.starts_at, '-1 day')
            AND a.ends_at > NEW.starts_at);
    END"""


SQLITE = (
    trigger("appointment_overlap_insert", "INSERT", "NEW.id"),
    trigger(
        "appointment_overlap_update",
        "UPDATE OF status, practitioner_id, patient_id, busy_from, busy_to, starts_at, ends_at",
        "OLD.id",
    ),
)


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("texts_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("modalities", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("before_minutes", sa.Integer(), nullable=False),
        sa.Column("after_minutes", sa.Integer(), nullable=False),
        sa.Column("grid_minutes", sa.Integer(), nullable=False),
        sa.Column("lead_minutes", sa.Integer(), nullable=False),
        sa.Column("horizon_days", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("grid_minutes IN (5, 10, 15, 20, 30, 60)", name=op.f("ck_service_grid")),
        sa.CheckConstraint(
            "lead_minutes >= 0 AND horizon_days > 0 AND notice_minutes >= 0", name=op.f("ck_service_policy")
        ),
        sa.CheckConstraint(
            "minutes > 0 AND before_minutes >= 0 AND after_minutes >= 0", name=op.f("ck_service_lengths")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("code", name=op.f("uq_service_code")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_table(
        "practitioner_service",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_practitioner_service_practitioner_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_practitioner_service_service_id")
        ),
        sa.PrimaryKeyConstraint("practitioner_id", "service_id", name=op.f("pk_practitioner_service")),
    )
    op.create_index(
        op.f("ix_practitioner_service_service_id"), "practitioner_service", ["service_id"], unique=False
    )
    op.create_table(
        "schedule",
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_schedule_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_schedule_site_id")),
        sa.PrimaryKeyConstraint("practitioner_id", name=op.f("pk_schedule")),
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("modality", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("busy_from", UTCDateTime(), nullable=False),
        sa.Column("busy_to", UTCDateTime(), nullable=False),
        sa.Column("wall_start", sa.String(length=16), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("tzdb", sa.String(length=8), nullable=False),
        sa.Column("hold_expires_at", UTCDateTime(), nullable=True),
        sa.Column("hold_address", sa.LargeBinary(length=32), nullable=True),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("cancel_reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("checked_in_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('held', 'expired')) = (hold_expires_at IS NOT NULL)",
            name=op.f("ck_appointment_hold"),
        ),
        sa.CheckConstraint(
            "busy_to - busy_from <= interval '24 hours'", name=op.f("ck_appointment_length")
        ).ddl_if(dialect="postgresql"),
        sa.CheckConstraint(
            "modality IN ('video', 'phone', 'in_person')", name=op.f("ck_appointment_modality")
        ),
        sa.CheckConstraint(
            "patient_id IS NOT NULL OR status IN ('held', 'expired')", name=op.f("ck_appointment_patient")
        ),
        sa.CheckConstraint(
            "status IN ('held', 'expired', 'booked', 'arrived', 'fulfilled', 'cancelled', 'noshow')",
            name=op.f("ck_appointment_status"),
        ),
        sa.CheckConstraint(
            "strftime('%s', busy_to) - strftime('%s', busy_from) <= 86400", name=op.f("ck_appointment_length")
        ).ddl_if(dialect="sqlite"),
        sa.CheckConstraint(
            "busy_from <= starts_at AND starts_at < ends_at AND ends_at <= busy_to",
            name=op.f("ck_appointment_order"),
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_appointment_patient_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["schedule.practitioner_id"], name=op.f("fk_appointment_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_appointment_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.get_bind().exec_driver_sql(statement)
    op.create_index(op.f("ix_appointment_created_by"), "appointment", ["created_by"], unique=False)
    op.create_index(
        op.f("ix_appointment_patient_id_starts_at"), "appointment", ["patient_id", "starts_at"], unique=False
    )
    op.create_index(
        op.f("ix_appointment_practitioner_id_busy_from"),
        "appointment",
        ["practitioner_id", "busy_from"],
        unique=False,
    )
    op.create_index(op.f("ix_appointment_starts_at"), "appointment", ["starts_at"], unique=False)
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
        sa.CheckConstraint("starts < ends", name=op.f("ck_availability_rule_order")),
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
    op.create_table(
        "attendance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.String(40), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=False),
        sa.Column("left_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("seat IN ('patient', 'practitioner')", name=op.f("ck_attendance_seat")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_attendance_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
    )
    op.create_index(op.f("ix_attendance_appointment_id"), "attendance", ["appointment_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_attendance_appointment_id"), table_name="attendance")
    op.drop_table("attendance")
    op.drop_index(op.f("ix_availability_rule_practitioner_id"), table_name="availability_rule")
    op.drop_table("availability_rule")
    op.drop_index(op.f("ix_appointment_starts_at"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_practitioner_id_busy_from"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_patient_id_starts_at"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_created_by"), table_name="appointment")
    op.drop_table("appointment")
    op.drop_table("schedule")
    op.drop_index(op.f("ix_practitioner_service_service_id"), table_name="practitioner_service")
    op.drop_table("practitioner_service")
    op.drop_table("site")
    op.drop_table("service")
