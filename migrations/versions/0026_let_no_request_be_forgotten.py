"""Let every open urgent request have a time at which somebody is told of it again."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.execute("UPDATE urgent_request SET due_at = raised_at WHERE state = 'open' AND due_at IS NULL")
    with op.batch_alter_table("urgent_request") as batch:
        batch.create_check_constraint(op.f("ck_urgent_request_due"), "(state = 'open') = (due_at IS NOT NULL)")


def downgrade() -> None:
    with op.batch_alter_table("urgent_request") as batch:
        batch.drop_constraint(op.f("ck_urgent_request_due"), type_="check")
    # before this revision nobody was told again: what is with the desk had no time
    op.execute("UPDATE urgent_request SET due_at = NULL WHERE state = 'open' AND step = 6")
