"""`clinic worker`: the jobs that no request waits for, each on its own thread at its own interval.

A job that fails is logged and comes again at its next turn; a slow one holds up no other.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from clinic.app import create_app
from clinic.audit import tasks as audit_tasks
from clinic.config import Settings
from clinic.identity import tasks as people_tasks
from clinic.notifications import post
from clinic.notifications import tasks as post_tasks
from clinic.notifications.post import Office
from clinic.notifications.rules.ways import Weight
from clinic.scheduling import tasks as diary_tasks
from clinic.scheduling.outside import tasks as outside_tasks
from clinic.scheduling.outside.fetching import Fetcher
from clinic.video import tasks as video_tasks
from clinic.web import idempotency
from clinic.web.runtime import Runtime, runtime

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do again `every` so often."""

    name: str
    every: timedelta
    run: Callable[[], object]


def jobs(parts: Runtime, office: Office, stop: threading.Event) -> list[Job]:
    """Return the jobs of the clinic that `parts` belong to; a long one ends early at `stop`."""
    database, vault, clock = parts.database, parts.vault, parts.clock
    telling = diary_tasks.telling_of(parts)
    fetcher = Fetcher(trusted=parts.settings.calendar_test_hosts)

    def send(kinds: Collection[str] | None = None) -> int:
        return post_tasks.send_due(database, clock, office, kinds=kinds, stopping=stop.is_set)

    by_itself = Job(
        "refill_times", timedelta(seconds=20), lambda: diary_tasks.refill_free_times(database, clock)
    )
    by_the_desk = Job("end_waits", timedelta(seconds=20), lambda: diary_tasks.end_waits(database, clock))
    return [
        by_itself if parts.settings.waitlist_offers else by_the_desk,
        Job("seal_trail", timedelta(seconds=1), lambda: audit_tasks.seal_trail(database)),
        Job("sign_trail", timedelta(minutes=5), lambda: audit_tasks.sign_trail(database, vault, clock)),
        Job("close_rooms", timedelta(minutes=5), lambda: video_tasks.close_old_rooms(database, clock)),
        Job("forget_lines", timedelta(seconds=30), lambda: video_tasks.forget_silent_lines(database, clock)),
        Job("send_messages", timedelta(seconds=2), send),
        # beside the others, which may wait for a mail server that does not answer
        Job("call_people", timedelta(seconds=2), lambda: send(office.kinds.of(Weight.DUTY))),
        Job("watch_messages", timedelta(minutes=5), lambda: post_tasks.watch(database, clock)),
        Job("plan_reminders", timedelta(hours=1), lambda: diary_tasks.plan_reminders(database, telling)),
        Job("settle_visits", timedelta(minutes=5), lambda: diary_tasks.settle_past_visits(database, clock)),
        Job("follow_clocks", timedelta(hours=1), lambda: diary_tasks.follow_clocks(database, clock)),
        Job(
            "read_calendars",
            timedelta(seconds=10),
            lambda: outside_tasks.read_calendars(database, vault, clock, fetcher),
        ),
        Job("ask_the_next", timedelta(seconds=5), lambda: diary_tasks.ask_the_next(database, clock)),
        Job("forget_holds", timedelta(hours=1), lambda: diary_tasks.forget_holds(database, clock)),
        Job("forget_unverified", timedelta(hours=1), lambda: people_tasks.forget_unverified(database, clock)),
        Job("forget_keys", timedelta(hours=1), lambda: idempotency.sweep(database, clock)),
        Job("forget_messages", timedelta(hours=1), lambda: post_tasks.sweep(database, clock)),
    ]


def work(due: Sequence[Job], stop: threading.Event) -> None:
    """Do the jobs until `stop`; returns when those that are running have ended."""
    threads = [threading.Thread(target=_repeat, args=(job, stop), name=job.name) for job in due]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def run(settings: Settings) -> None:
    """Work for the clinic of `settings` until SIGTERM or SIGINT."""
    app = create_app(settings)
    with app.app_context():
        parts = runtime()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(jobs(parts, post.office(app.extensions), stop), stop)
    parts.database.dispose()
    parts.vault.close()


def _repeat(job: Job, stop: threading.Event) -> None:
    while True:
        try:
            job.run()
        except Exception as error:  # the next turn may succeed; the type alone, since messages quote data
            _log.error("job_failed", job=job.name, error_type=type(error).__name__)
        if stop.wait(job.every.total_seconds()):
            return
