"""`clinic doctor`: looks at an installation and says in sentences what is well and what is not."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from clinic.clock import Clock, SystemClock
from clinic.config import Settings
from clinic.db import revision
from clinic.db.engine import Database, make_engine
from clinic.db.transaction import snapshot
from clinic.errors import ConfigurationError
from clinic.notifications import queries as messages
from clinic.scheduling.queries import clock_changes, external_calendars, urgent_requests
from clinic.scheduling.rules.zones import assert_tzdata, use_packaged_zones
from clinic.vault import build_vault

_ENOUGH_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `well` is False where somebody has to act."""

    well: bool
    sentence: str


def examine(settings: Settings, *, clock: Clock | None = None) -> Iterator[Finding]:
    """Look at everything, as it is now or at the time of `clock`, and yield what was found."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _zones,
        _schema,
        _keys,
        _private_folders,
        _disk,
        _relay,
        _outside_hosts,
        _calendar_hosts,
        lambda settings: _moved_visits(settings, clock or SystemClock()),
        lambda settings: _messages(settings, clock or SystemClock()),
        lambda settings: _unclaimed_requests(settings, clock or SystemClock()),
        lambda settings: _unfinished_requests(settings, clock or SystemClock()),
    )
    for check in checks:
        yield from check(settings)


def _zones(_settings: Settings) -> Iterator[Finding]:
    try:
        use_packaged_zones()
        assert_tzdata()
        yield Finding(True, "Time zones come from the pinned tzdata.")
    except ConfigurationError as error:
        yield Finding(False, str(error))


def _schema(settings: Settings) -> Iterator[Finding]:
    engine = make_engine(settings.database_url)
    try:
        current, head = revision.current(engine), revision.head()
    except SQLAlchemyError as error:
        yield Finding(False, f"The data store does not answer ({type(error).__name__}): check DATABASE_URL.")
        return
    finally:
        engine.dispose()
    if current == head:
        yield Finding(True, f"The data store is at schema {head}.")
    else:
        yield Finding(
            False, f"The data store is at schema {current}, {head} is needed: run `clinic db upgrade`."
        )


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        build_vault(settings, SystemClock()).close()
        yield Finding(True, "The root key opens the key store.")
    except ConfigurationError as error:
        yield Finding(False, f"{str(error)[0].upper()}{str(error)[1:]}.")
    except SQLAlchemyError as error:
        yield Finding(
            False, f"The key store does not answer ({type(error).__name__}): check KEYS_DATABASE_URL."
        )


def _private_folders(settings: Settings) -> Iterator[Finding]:
    for path in (settings.data_dir / "keys", settings.data_dir / "data", settings.root_key_file):
        if path.exists():
            yield _private(path)


def _private(path: Path) -> Finding:
    open_bits = stat.S_IMODE(path.stat().st_mode) & 0o077
    if open_bits:
        return Finding(
            False, f"{path} can be read by other users of this machine: run `chmod go-rwx {path}`."
        )
    return Finding(True, f"{path} is readable by its owner only.")


def _disk(settings: Settings) -> Iterator[Finding]:
    if not settings.data_dir.exists():
        yield Finding(False, f"{settings.data_dir} does not exist yet: run `clinic init`.")
        return
    free = shutil.disk_usage(settings.data_dir).free
    yield Finding(free >= _ENOUGH_FREE_BYTES, f"{free / 1024**3:.0f} GiB are free below DATA_DIR.")


def _relay(settings: Settings) -> Iterator[Finding]:
    if settings.turn_url:
        yield Finding(True, f"Calls may be relayed by {settings.turn_url}.")
    else:
        sentence = "TURN_URL is empty: calls fail between two networks that block direct traffic."
        yield Finding(not settings.production, sentence)


def _outside_hosts(settings: Settings) -> Iterator[Finding]:
    hosts = settings.outside_hosts()
    if hosts:
        yield Finding(True, f"Hosts beyond this machine that the settings name: {', '.join(hosts)}.")
    else:
        yield Finding(True, "The settings name no host beyond this machine.")


def _calendar_hosts(settings: Settings) -> Iterator[Finding]:
    """Name the hosts whose calendars practitioners have the worker read (decision 8)."""
    try:
        vault = build_vault(settings, SystemClock())
        try:
            with _looking(settings) as session:
                hosts = external_calendars.hosts(session, fields=vault.fields)
        finally:
            vault.close()
    except (ConfigurationError, SQLAlchemyError):
        return  # said above
    if hosts:
        yield Finding(True, f"Hosts from which practitioners' calendars are read: {', '.join(hosts)}.")
    else:
        yield Finding(True, "No calendar is read from elsewhere.")


def _moved_visits(settings: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        use_packaged_zones()
        with _looking(settings) as session:
            count = clock_changes.count_moved(session, now=clock.now())
    except SQLAlchemyError:
        return  # said above
    if count:
        yield Finding(
            False,
            f"Since zone rules changed, {count} visits or sessions wait to be moved: see /clock-changes.",
        )
    else:
        yield Finding(True, "No visit waits to be moved for new zone rules.")


def _messages(settings: Settings, clock: Clock) -> Iterator[Finding]:
    if settings.production and not settings.smtp_url:
        yield Finding(False, "SMTP_URL is empty: letters wait for a mail server and are then given up.")
    try:
        with _looking(settings) as session:
            late = messages.backlog(session, now=clock.now()).overdue
    except SQLAlchemyError:
        return  # said above
    if late:
        yield Finding(
            False,
            f"Messages that should have left more than five minutes ago: {late}. Does `clinic worker` run, "
            "and do the mail server and the gateway answer?",
        )
    else:
        yield Finding(True, "No message is overdue.")


def _unclaimed_requests(settings: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        with _looking(settings) as session:
            found = urgent_requests.unclaimed(session, now=clock.now())
    except SQLAlchemyError:
        return  # said above
    if found.with_desk:
        yield Finding(
            False,
            f"Urgent requests that nobody has claimed and the desk has been told of: {found.with_desk}, the "
            f"oldest is {found.oldest_seconds / 60:.0f} minutes old: see /on-call as reception.",
        )
    else:
        yield Finding(True, "No urgent request is left to the desk.")


def _unfinished_requests(settings: Settings, clock: Clock) -> Iterator[Finding]:
    try:
        with _looking(settings) as session:
            found = urgent_requests.unfinished(session, now=clock.now())
    except SQLAlchemyError:
        return  # said above
    if found.waiting:
        yield Finding(
            False,
            f"Urgent requests that were claimed and nobody has ended: {found.waiting}, the oldest was "
            f"claimed {found.oldest_seconds / 3600:.0f} hours ago: see /on-call as reception.",
        )
    else:
        yield Finding(True, "No urgent request has been claimed for hours without an end.")


@contextmanager
def _looking(settings: Settings) -> Iterator[Session]:
    database = Database(settings.database_url)
    try:
        with snapshot(database) as session:
            yield session
    finally:
        database.dispose()
