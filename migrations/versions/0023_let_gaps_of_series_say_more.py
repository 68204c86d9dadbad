"""Let a date that a series leaves out say that it is kept for urgent requests, or that no room is free."""

from alembic import op

revision = "0023"
down_revision = "0022"

_NAME = "ck_series_gap_fate"
_KNOWN = "'free', 'clash', 'patient_clash', 'outside_hours', "
_NEW = "'reserved', 'no_room', "
_REST = "'leave', 'holiday', 'left_out'"


def upgrade() -> None:
    _allow(_KNOWN + _NEW + _REST)


def downgrade() -> None:
    op.execute(f"UPDATE series_gap SET fate = 'clash' WHERE fate IN ({_NEW.rstrip(', ')})")  # noqa: S608
    _allow(_KNOWN + _REST)


def _allow(codes: str) -> None:
    with op.batch_alter_table("series_gap") as batch:
        batch.drop_constraint(op.f(_NAME), type_="check")
        batch.create_check_constraint(op.f(_NAME), f"fate IN ({codes})")
