"""Keep at which site a visit is held: somebody may work at several, and people must know where to go."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    bind = op.get_bind()
    uuid = sa.Uuid().compile(dialect=bind.dialect)
    # In one statement: SQLite adds a constraint to a table only together with its column.
    bind.exec_driver_sql(
        f"ALTER TABLE appointment ADD COLUMN site_id {uuid}"
        " CONSTRAINT fk_appointment_site_id REFERENCES site (id)"
    )
    # Until now a visit was where its room is, or else where its practitioner is at home.
    bind.exec_driver_sql(
        "UPDATE appointment SET site_id = coalesce("
        "(SELECT location.site_id FROM location WHERE location.id = appointment.room_id),"
        " (SELECT schedule.site_id FROM schedule"
        " WHERE schedule.practitioner_id = appointment.practitioner_id))"
    )


def downgrade() -> None:
    op.drop_column("appointment", "site_id")
