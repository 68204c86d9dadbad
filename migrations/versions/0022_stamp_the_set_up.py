"""Stamp the set-up: every change of hours, people or services leaves another stamp for the search to see."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

ANY = ("INSERT", "UPDATE", "DELETE")
WATCHED = {
    "account": ("UPDATE OF status",),
    "account_role": ANY,
    "availability_rule": ANY,
    "availability_set": ANY,
    "holiday": ANY,
    "location": ANY,
    "practitioner": ANY,
    "practitioner_service": ANY,
    "schedule": ANY,
    "schedule_exception": ANY,
    "service": ANY,
    "site": ANY,
}
FUNCTION = """CREATE FUNCTION stamp_set_up() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE set_up_stamp SET stamp = gen_random_uuid() WHERE xmin <> pg_current_xact_id()::xid;
        RETURN NULL;
    END $$"""


def upgrade() -> None:
    op.create_table(
        "set_up_stamp",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.Uuid(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_set_up_stamp_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_up_stamp")),
    )
    if op.get_bind().dialect.name == "postgresql":
        _run("INSERT INTO set_up_stamp (id, stamp) VALUES (1, gen_random_uuid())", FUNCTION)
        _run(*(_on_commit(table, moments) for table, moments in WATCHED.items()))
    else:
        _run("INSERT INTO set_up_stamp (id, stamp) VALUES (1, lower(hex(randomblob(16))))")
        _run(*(_at_once(table, moment) for table, moments in WATCHED.items() for moment in moments))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _run(*(f"DROP TRIGGER {table}_stamp ON {table}" for table in WATCHED))
        _run("DROP FUNCTION stamp_set_up()")
    else:
        names = (_name(table, moment) for table, moments in WATCHED.items() for moment in moments)
        _run(*(f"DROP TRIGGER {name}" for name in names))
    op.drop_table("set_up_stamp")


def _on_commit(table, moments):
    return f"""CREATE CONSTRAINT TRIGGER {table}_stamp AFTER {" OR ".join(moments)} ON {table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stamp_set_up()"""


def _at_once(table, moment):
    return f"""CREATE TRIGGER {_name(table, moment)} AFTER {moment} ON {table} BEGIN
        UPDATE set_up_stamp SET stamp = lower(hex(randomblob(16)));
    END"""


def _name(table, moment):
    return f"{table}_stamp_{moment.split()[0].lower()}"


def _run(*statements: str) -> None:
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)
