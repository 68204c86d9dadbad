"""Book rooms, and visits over others on purpose; say who was referred and who comes too."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0017"
down_revision = "0016"

LIVE = "('arrived', 'booked', 'held')"
TRIGGERS = ("appointment_overlap_insert", "appointment_overlap_update")

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"""ALTER TABLE appointment ADD CONSTRAINT ex_practitioner EXCLUDE USING gist (
        practitioner_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)
        WHERE (status IN {LIVE} AND overbook_of IS NULL)""",
    f"""ALTER TABLE appointment ADD CONSTRAINT ex_patient EXCLUDE USING gist (
        patient_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
        WHERE (status IN {LIVE} AND patient_id IS NOT NULL)""",
    f"""ALTER TABLE appointment ADD CONSTRAINT ex_room EXCLUDE USING gist (
        room_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)
        WHERE (status IN {LIVE} AND room_id IS NOT NULL)""",
)
EARLIER_POSTGRESQL = f"""ALTER TABLE appointment ADD CONSTRAINT ex_practitioner EXCLUDE USING gist (
        practitioner_id WITH =, tstzrange(busy_from, busy_to, '[)') WITH &&)
        WHERE (status IN {LIVE})"""


def trigger(name, moment, itself):
    return f"""CREATE TRIGGER {name} BEFORE {moment} ON appointment
    WHEN NEW.status IN {LIVE} BEGIN
        SELECT RAISE(ABORT, 'ex_practitioner') WHERE NEW.overbook_of IS NULL AND EXISTS (
            SELECT 1 FROM appointment AS a
            WHERE a.practitioner_id = NEW.practitioner_id AND a.id <> {itself} AND a.status IN {LIVE}
            AND a.overbook_of IS NULL
            AND a.busy_from < NEW.busy_to AND a.busy_from > datetime(NEW.busy_from, '-1 day')
            AND a.busy_to > NEW.busy_from);
        SELECT RAISE(ABORT, 'ex_patient') WHERE EXISTS (
            SELECT 1 FROM appointment AS a
            WHERE a.patient_id = NEW.patient_id AND a.id <> {itself} AND a.status IN {LIVE}
            AND a.starts_at < NEW.ends_at AND a.starts_at > datetime(NEW.starts_at, '-1 day')
            AND a.ends_at > NEW.starts_at);
        SELECT RAISE(ABORT, 'ex_room') WHERE EXISTS (
            SELECT 1 FROM appointment AS a
            WHERE a.room_id = NEW.room_id AND a.id <> {itself} AND a.status IN {LIVE}
            AND a.busy_from < NEW.busy_to AND a.busy_from > datetime(NEW.busy_from, '-1 day')
            AND a.busy_to > NEW.busy_from);
    END"""


SQLITE = (
    trigger(TRIGGERS[0], "INSERT", "NEW.id"),
    trigger(
        TRIGGERS[1],
        "UPDATE OF status, practitioner_id, patient_id, room_id, overbook_of,"
        " busy_from, busy_to, starts_at, ends_at",
        "OLD.id",
    ),
)


def earlier_trigger(name, moment, itself):
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


EARLIER_SQLITE = (
    earlier_trigger(TRIGGERS[0], "INSERT", "NEW.id"),
    earlier_trigger(
        TRIGGERS[1],
        "UPDATE OF status, practitioner_id, patient_id, busy_from, busy_to, starts_at, ends_at",
        "OLD.id",
    ),
)


def upgrade() -> None:
    op.create_table(
        "appointment_participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('interpreter', 'family', 'companion')", name=op.f("ck_appointment_participant_kind")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_appointment_participant_appointment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_participant")),
    )
    op.create_index(
        op.f("ix_appointment_participant_appointment_id"),
        "appointment_participant",
        ["appointment_id"],
        unique=False,
    )
    op.create_table(
        "referral",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_referral_patient_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_referral_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
        sa.UniqueConstraint("patient_id", "service_id", name=op.f("uq_referral_patient_id_service_id")),
    )
    bind = op.get_bind()
    uuid = sa.Uuid().compile(dialect=bind.dialect)
    # In one statement: SQLite adds a constraint to a table only together with its column.
    bind.exec_driver_sql(
        f"ALTER TABLE appointment ADD COLUMN room_id {uuid}"
        " CONSTRAINT fk_appointment_room_id REFERENCES location (id)"
    )
    op.add_column("appointment", sa.Column("overbook_of", sa.Uuid(), nullable=True))
    op.add_column("appointment", sa.Column("override_reason_sealed", sa.LargeBinary(), nullable=True))
    op.create_index(
        op.f("ix_appointment_room_id_busy_from"), "appointment", ["room_id", "busy_from"], unique=False
    )
    if bind.dialect.name == "postgresql":
        _run("ALTER TABLE appointment DROP CONSTRAINT ex_practitioner")
        _run(POSTGRESQL[1], POSTGRESQL[3])
    else:
        _run(*(f"DROP TRIGGER {name}" for name in TRIGGERS), *SQLITE)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run("ALTER TABLE appointment DROP CONSTRAINT ex_room")
        _run("ALTER TABLE appointment DROP CONSTRAINT ex_practitioner")
    else:
        _run(*(f"DROP TRIGGER {name}" for name in TRIGGERS))
    op.drop_index(op.f("ix_appointment_room_id_busy_from"), table_name="appointment")
    for column in ("room_id", "overbook_of", "override_reason_sealed"):
        op.drop_column("appointment", column)
    if op.get_bind().dialect.name == "postgresql":
        _run(EARLIER_POSTGRESQL)
    else:
        _run(*EARLIER_SQLITE)
    op.drop_table("referral")
    op.drop_index(op.f("ix_appointment_participant_appointment_id"), table_name="appointment_participant")
    op.drop_table("appointment_participant")


def _run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
