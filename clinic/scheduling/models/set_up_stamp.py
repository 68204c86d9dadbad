"""A stamp that is another one after every change of what the search reads besides visits.

The databases see to it, whoever makes the change: triggers on the tables of `WATCHED`. A stamp is random,
so that none ever comes back with something else behind it. On PostgreSQL it changes when the transaction
commits, as its last act: two people who set up the clinic at once wait for each other then, and never both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from sqlalchemy import CheckConstraint, Connection, MetaData, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from clinic.db.base import Base

_ANY = ("INSERT", "UPDATE", "DELETE")
# Accounts matter by whether they are active: people sign in and out all day.
WATCHED: Mapping[str, tuple[str, ...]] = {
    "account": ("UPDATE OF status",),
    "account_role": _ANY,
    "availability_rule": _ANY,
    "availability_set": _ANY,
    "holiday": _ANY,
    "location": _ANY,
    "practitioner": _ANY,
    "practitioner_service": _ANY,
    "schedule": _ANY,
    "schedule_exception": _ANY,
    "service": _ANY,
    "site": _ANY,
}


class SetUpStamp(Base):
    """The one row with the stamp."""

    __tablename__ = "set_up_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stamp: Mapped[UUID]


# Nothing in these statements comes from outside. A row that the transaction wrote itself has its number as
# `xmin`: of a thousand changes only the first writes.
POSTGRESQL = (
    "INSERT INTO set_up_stamp (id, stamp) VALUES (1, gen_random_uuid())",
    """CREATE FUNCTION stamp_set_up() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE set_up_stamp SET stamp = gen_random_uuid() WHERE xmin <> pg_current_xact_id()::xid;
        RETURN NULL;
    END $$""",
    *(
        f"""CREATE CONSTRAINT TRIGGER {table}_stamp AFTER {" OR ".join(moments)} ON {table}
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stamp_set_up()"""
        for table, moments in WATCHED.items()
    ),
)


def _triggers() -> Iterator[str]:
    for table, moments in WATCHED.items():
        for moment in moments:
            yield f"""CREATE TRIGGER {table}_stamp_{moment.split()[0].lower()} AFTER {moment} ON {table} BEGIN
                UPDATE set_up_stamp SET stamp = lower(hex(randomblob(16)));
            END"""  # noqa: S608


SQLITE = (
    "INSERT INTO set_up_stamp (id, stamp) VALUES (1, lower(hex(randomblob(16))))",
    *_triggers(),
)


@event.listens_for(Base.metadata, "after_create")
def _create(_metadata: MetaData, connection: Connection, tables: Collection[Table], **_: object) -> None:
    """Create the stamp and its triggers wherever the tables are created from the models."""
    if SetUpStamp.__table__ in tables:
        for statement in POSTGRESQL if connection.dialect.name == "postgresql" else SQLITE:
            connection.exec_driver_sql(statement)
