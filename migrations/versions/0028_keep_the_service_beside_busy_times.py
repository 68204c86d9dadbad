"""Keep the service of visits beside their busy times, so that round robin reads one index alone."""

from alembic import op

revision = "0028"
down_revision = "0027"

_BEFORE = ["practitioner_id", "busy_from", "busy_to", "status", "hold_expires_at"]


def upgrade() -> None:
    _rebuild([*_BEFORE, "service_id"])


def downgrade() -> None:
    _rebuild(_BEFORE)


def _rebuild(columns: list[str]) -> None:
    op.drop_index("ix_appointment_busy", table_name="appointment")
    op.create_index("ix_appointment_busy", "appointment", columns)
