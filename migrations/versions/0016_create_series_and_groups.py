"""Create series and groups."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0016"
down_revision = "0015"

LIVE = "('arrived', 'booked', 'held')"
ALONE = "patient_id IS NOT NULL OR status IN ('held', 'expired')"
GROUPED = (
    "CASE WHEN is_group THEN patient_id IS NULL AND hold_expires_at IS NULL "
    "ELSE patient_id IS NOT NULL OR hold_expires_at IS NOT NULL END"
)


def function(name, other, taken):
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM 1 FROM patient WHERE id = NEW.patient_id FOR NO KEY UPDATE;
        IF EXISTS (SELECT 1 FROM {other} AS o WHERE o.patient_id = NEW.patient_id AND o.status IN {taken}
            AND o.starts_at < NEW.ends_at AND o.starts_at > NEW.starts_at - interval '1 day'
            AND o.ends_at > NEW.starts_at)
        THEN
            RAISE EXCEPTION 'ex_patient' USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'ex_patient';
        END IF;
        RETURN NEW;
    END $$"""


POSTGRESQL = (
    """ALTER TABLE group_seat ADD CONSTRAINT ex_patient_seat EXCLUDE USING gist (
        patient_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)
        WHERE (status = 'booked')""",
    function("visit_beside_seats", "group_seat", "('booked')"),
    function("seat_beside_visits", "appointment", LIVE),
    f"""CREATE TRIGGER appointment_beside_seats BEFORE INSERT
        OR UPDATE OF status, patient_id, starts_at, ends_at ON appointment
        FOR EACH ROW WHEN (NEW.patient_id IS NOT NULL AND NEW.status IN {LIVE})
        EXECUTE FUNCTION visit_beside_seats()""",
    """CREATE TRIGGER group_seat_beside_visits BEFORE INSERT OR UPDATE OF status, starts_at, ends_at
        ON group_seat FOR EACH ROW WHEN (NEW.status = 'booked') EXECUTE FUNCTION seat_beside_visits()""",
)


def clash(table, taken, apart=""):
    return f"""SELECT RAISE(ABORT, 'ex_patient') WHERE EXISTS (
            SELECT 1 FROM {table} AS o WHERE o.patient_id = NEW.patient_id AND o.status IN {taken} {apart}
            AND o.starts_at < NEW.ends_at AND o.starts_at > datetime(NEW.starts_at, '-1 day')
            AND o.ends_at > NEW.starts_at);"""


def on_visits(name, moment):
    return f"""CREATE TRIGGER {name} BEFORE {moment} ON appointment
    WHEN NEW.patient_id IS NOT NULL AND NEW.status IN {LIVE} BEGIN
        {clash("group_seat", "('booked')")}
    END"""


def on_seats(name, moment):
    other_seats = clash("group_seat", "('booked')", "AND o.appointment_id <> NEW.appointment_id")
    return f"""CREATE TRIGGER {name} BEFORE {moment} ON group_seat
    WHEN NEW.status = 'booked' BEGIN
        {other_seats}
        {clash("appointment", LIVE)}
    END"""


SQLITE = (
    on_visits("appointment_seats_insert", "INSERT"),
    on_visits("appointment_seats_update", "UPDATE OF status, patient_id, starts_at, ends_at"),
    on_seats("group_seat_overlap_insert", "INSERT"),
    on_seats("group_seat_overlap_update", "UPDATE OF status, starts_at, ends_at"),
)


def is_postgresql():
    return op.get_bind().dialect.name == "postgresql"


def run(statement):
    op.get_bind().exec_driver_sql(statement)


def replace_check(old, new):
    """Say otherwise which appointments have no patient.

    On SQLite the text of the schema is edited, as its manual describes for constraints (lang_altertable,
    section 8): a table rebuilt under another name would lose its triggers and what refers to it.
    """
    if is_postgresql():
        op.drop_constraint(op.f("ck_appointment_patient"), "appointment", type_="check")
        op.create_check_constraint(op.f("ck_appointment_patient"), "appointment", new)
        return
    connection = op.get_bind()
    table = sa.table("sqlite_master", sa.column("sql"), sa.column("type"), sa.column("name"))
    here = sa.and_(table.c.type == "table", table.c.name == "appointment")
    before = connection.execute(sa.select(table.c.sql).where(here)).scalar_one()
    assert before.count(f"CHECK ({old})") == 1
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    run("PRAGMA writable_schema=ON")
    after = before.replace(f"CHECK ({old})", f"CHECK ({new})")
    connection.execute(table.update().where(here).values(sql=after))
    run(f"PRAGMA schema_version={version + 1}")
    run("PRAGMA writable_schema=RESET")


def add_series_id():
    # in one statement, since SQLite adds no foreign key to a column that is there
    kind = "UUID" if is_postgresql() else "CHAR(32)"
    run(
        f"ALTER TABLE appointment ADD COLUMN series_id {kind} "
        "CONSTRAINT fk_appointment_series_id REFERENCES series (id)"
    )


def add_seats():
    run(
        "ALTER TABLE service ADD COLUMN seats INTEGER DEFAULT '1' NOT NULL "
        "CONSTRAINT ck_service_seats CHECK (seats BETWEEN 1 AND 50)"
    )
    op.add_column("service", sa.Column("joinable", sa.Boolean(), server_default=sa.false(), nullable=False))


def upgrade() -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("modality", sa.String(40), nullable=False),
        sa.Column("rhythm", sa.String(40), nullable=False),
        sa.Column("wall_start", sa.String(length=16), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("modality IN ('video', 'phone', 'in_person')", name=op.f("ck_series_modality")),
        sa.CheckConstraint("rhythm IN ('weekly', 'fortnightly', 'monthly')", name=op.f("ck_series_rhythm")),
        sa.CheckConstraint("(times IS NULL) <> (until IS NULL)", name=op.f("ck_series_end")),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_series_patient_id")),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["schedule.practitioner_id"], name=op.f("fk_series_practitioner_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_series_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
    )
    op.create_index(op.f("ix_series_patient_id"), "series", ["patient_id"], unique=False)
    op.create_index(op.f("ix_series_practitioner_id"), "series", ["practitioner_id"], unique=False)
    op.create_table(
        "series_gap",
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("local", sa.String(length=16), nullable=False),
        sa.Column("fate", sa.String(40), nullable=False),
        sa.CheckConstraint(
            "fate IN ('free', 'clash', 'patient_clash', 'outside_hours', 'leave', 'holiday', 'left_out')",
            name=op.f("ck_series_gap_fate"),
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_series_gap_series_id")),
        sa.PrimaryKeyConstraint("series_id", "local", name=op.f("pk_series_gap")),
    )
    op.add_column(
        "appointment", sa.Column("is_group", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    replace_check(ALONE, GROUPED)
    add_series_id()
    op.create_index(op.f("ix_appointment_series_id"), "appointment", ["series_id"], unique=False)
    op.create_index("ix_appointment_id_times", "appointment", ["id", "starts_at", "ends_at"], unique=True)
    add_seats()
    op.create_table(
        "group_session",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity BETWEEN 1 AND 50", name=op.f("ck_group_session_capacity")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_group_session_taken")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_group_session_appointment_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_group_session")),
    )
    op.create_table(
        "group_seat",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('booked', 'waiting', 'cancelled', 'attended', 'missed')",
            name=op.f("ck_group_seat_status"),
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id", "starts_at", "ends_at"],
            ["appointment.id", "appointment.starts_at", "appointment.ends_at"],
            name="fk_group_seat_times",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["group_session.appointment_id"], name=op.f("fk_group_seat_appointment_id")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_group_seat_patient_id")),
        sa.PrimaryKeyConstraint("appointment_id", "patient_id", name=op.f("pk_group_seat")),
    )
    op.create_index(
        op.f("ix_group_seat_patient_id_starts_at"), "group_seat", ["patient_id", "starts_at"], unique=False
    )
    for statement in POSTGRESQL if is_postgresql() else SQLITE:
        run(statement)


def downgrade() -> None:
    if is_postgresql():
        run("DROP TRIGGER appointment_beside_seats ON appointment")
    else:
        run("DROP TRIGGER appointment_seats_insert")
        run("DROP TRIGGER appointment_seats_update")
    op.drop_index(op.f("ix_group_seat_patient_id_starts_at"), table_name="group_seat")
    op.drop_table("group_seat")
    op.drop_table("group_session")
    if is_postgresql():
        run("DROP FUNCTION visit_beside_seats()")
        run("DROP FUNCTION seat_beside_visits()")
    op.drop_column("service", "joinable")
    op.drop_column("service", "seats")
    op.drop_index("ix_appointment_id_times", table_name="appointment")
    op.drop_index(op.f("ix_appointment_series_id"), table_name="appointment")
    op.drop_column("appointment", "series_id")
    run("DELETE FROM appointment WHERE is_group")  # the older schema has no room for them
    replace_check(GROUPED, ALONE)
    op.drop_column("appointment", "is_group")
    op.drop_table("series_gap")
    op.drop_index(op.f("ix_series_practitioner_id"), table_name="series")
    op.drop_index(op.f("ix_series_patient_id"), table_name="series")
    op.drop_table("series")
