"""Let a clinic be set up: its profile, rooms, and documents whose changes are counted."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0012"
down_revision = "0011"

EDITED = ("account", "schedule", "service", "site")


def upgrade() -> None:
    op.create_table(
        "clinic",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("digits", sa.String(length=4), nullable=False),
        sa.Column("week_start", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("closed_directory", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("digits IN ('latn', 'arab')", name=op.f("ck_clinic_digits")),
        sa.CheckConstraint("id = 1", name=op.f("ck_clinic_one")),
        sa.CheckConstraint("week_start BETWEEN 0 AND 6", name=op.f("ck_clinic_week_start")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic")),
    )
    op.create_table(
        "location",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_location_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
    )
    op.create_index(op.f("ix_location_site_id"), "location", ["site_id"], unique=False)
    for table in EDITED:
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        op.add_column(table, sa.Column("changed_by", sa.Uuid(), nullable=True))
        op.add_column(table, sa.Column("changed_at", UTCDateTime(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":  # SQLite counts no letters
        op.alter_column("practitioner", "gender", type_=sa.String(length=20))
    # In one statement: SQLite adds a constraint to a table only together with its column.
    op.get_bind().exec_driver_sql(
        "ALTER TABLE service ADD COLUMN booking_rule VARCHAR(40) DEFAULT 'self' NOT NULL"
        " CONSTRAINT ck_service_booking_rule CHECK (booking_rule IN ('self', 'referral', 'staff'))"
    )
    for table in ("service", "site"):
        op.add_column(table, sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False))
    # Friday and Saturday, until somebody says otherwise of a site that was there before.
    op.add_column("site", sa.Column("weekend", sa.JSON(), server_default="[4, 5]", nullable=False))


def downgrade() -> None:
    op.drop_column("site", "weekend")
    for table in ("service", "site"):
        op.drop_column(table, "active")
    op.drop_column("service", "booking_rule")
    for table in EDITED:
        for column in ("changed_at", "changed_by", "version"):
            op.drop_column(table, column)
    op.drop_index(op.f("ix_location_site_id"), table_name="location")
    op.drop_table("location")
    op.drop_table("clinic")
