"""A worker process that sends what is due and ends, or dies at a named moment of its Nth message."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy.orm import Session

from clinic.clock import SystemClock
from clinic.config import settings_from
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.notifications import services, tasks
from clinic.notifications.channels import channel_for, texts_for
from clinic.notifications.ports import Contact, Ids, Message, Recipient
from clinic.notifications.post import Office

# Before the claim is durable; before there is a text; before it leaves; when it has left; when it is marked
# as sent but not durably; when all is done.
MOMENTS = ("claiming", "claimed", "written", "handed_over", "settling", "settled")
KIND = "test.told"


class Directory:
    """Reaches one half of people by mail and the other by telephone."""

    def contact(self, session: Session, recipient: Recipient) -> Contact | None:
        """Return the address or the number."""
        if recipient.id.int % 2:
            return Contact(None, "fr", wanted=True, phone=f"+33612{recipient.id.int % 1_000_000:06d}")
        return Contact(f"{recipient.id}@clinic.example", "fr", wanted=True)

    def is_represented(self, session: Session, recipient: Recipient, at: datetime) -> bool:
        """Know of no guardians."""
        return False


def render(_session: Session, ids: Ids, _language: str) -> Message:
    """Name the thing."""
    return Message((f"C’est {ids['thing']}.",), "http://localhost/visits")


def make_office(smtp_port: str, sms_url: str) -> Office:
    """Return a post office with real ways out."""
    smtp_url = f"smtp://127.0.0.1:{smtp_port}?from=clinic@clinic.example"
    environ = {"SMTP_URL": smtp_url, "SMS_GATEWAY_URL": sms_url, "CLINIC_SECRET_KEY": "0" * 64}
    settings = settings_from(environ)
    office = Office(channel=channel_for(settings), clinic_name="Sakina", texts=texts_for(settings))
    office.directory = Directory()
    office.kinds.add(KIND, render)
    return office


class Fate:
    """Dies by SIGKILL when a moment has come for the `number`th time."""

    def __init__(self, moment: str, number: int) -> None:
        """Wait for `moment`."""
        self.moment, self._left = moment, number

    def come(self, moment: str) -> None:
        """Die if this is the moment."""
        if moment == self.moment:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def lie_in_wait(self) -> None:
        """Stand at every moment of the sending."""
        self._after(services, "take", "claiming")
        self._after(tasks, "_next", "claimed")
        self._after(tasks, "_prepare", "written")
        self._after(tasks, "_hand_over", "handed_over")
        self._after(services, "settle", "settling")
        self._after(tasks, "_send", "settled")

    def _after(self, where: Any, name: str, moment: str) -> None:
        inner: Callable[..., Any] = getattr(where, name)

        def and_then(*args: Any, **kwargs: Any) -> Any:
            result = inner(*args, **kwargs)
            self.come(moment)
            return result

        setattr(where, name, and_then)


def send_until(_line: Connection, database_url: str, smtp_port: str, sms_url: str, fate: Fate) -> None:
    """Send what is due until it is time to die."""
    database = Database(database_url, pool_size=2)
    fate.lie_in_wait()
    tasks.send_due(database, SystemClock(), make_office(smtp_port, sms_url))
    database.dispose()


def take_all(line: Connection, database_url: str) -> None:
    """Only take what is due, and say the ids."""
    database, clock = Database(database_url, pool_size=2), SystemClock()
    while found := _take(database, clock):
        line.send([str(one.id) for one in found])
    database.dispose()


def _take(database: Database, clock: SystemClock) -> list[services.Taken]:
    with transaction(database) as session:
        return services.take(session, clock=clock, limit=4)
