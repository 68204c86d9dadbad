"""Create notes."""

import sqlalchemy as sa
from alembic import op

from clinic.db.base import UTCDateTime

revision = "0007"
down_revision = "0006"

FROZEN = ("note_version", "note_signature")
REFUSAL = "a version of a note is never changed"


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("compartment", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'signed', 'amended')", name=op.f("ck_note_status")),
        sa.CheckConstraint(
            "compartment IN ('general', 'psychotherapy', 'sud', 'media')", name=op.f("ck_note_compartment")
        ),
        sa.ForeignKeyConstraint(["patient_id"], ["patient.id"], name=op.f("fk_note_patient_id")),
        sa.ForeignKeyConstraint(["author_id"], ["practitioner.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointment.id"], name=op.f("fk_note_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_patient_id_created_at"), "note", ["patient_id", "created_at"])
    op.create_index(op.f("ix_note_appointment_id"), "note", ["appointment_id"])
    op.create_table(
        "note_version",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.Column("blob_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous_sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("content_mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('draft', 'conflict', 'amendment')", name=op.f("ck_note_version_kind")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_note_version_note_id")),
        sa.PrimaryKeyConstraint("note_id", "version", name=op.f("pk_note_version")),
    )
    op.create_table(
        "note_signature",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("practitioner_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("value", sa.LargeBinary(length=64), nullable=False),
        sa.Column("signed_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id", "version"],
            ["note_version.note_id", "note_version.version"],
            name=op.f("fk_note_signature_note_id_version"),
        ),
        sa.ForeignKeyConstraint(
            ["practitioner_id"], ["practitioner.id"], name=op.f("fk_note_signature_practitioner_id")
        ),
        sa.PrimaryKeyConstraint("note_id", "version", name=op.f("pk_note_signature")),
    )
    _forbid_updates()


def _forbid_updates() -> None:
    """Let the database itself refuse UPDATE of versions and signatures."""
    if op.get_bind().dialect.name == "sqlite":
        for table in FROZEN:
            op.execute(
                f"CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION note_never_updated() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER {table}_never_updated BEFORE UPDATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION note_never_updated()"
        )


def downgrade() -> None:
    op.drop_table("note_signature")
    op.drop_table("note_version")
    op.drop_table("note")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION note_never_updated()")
