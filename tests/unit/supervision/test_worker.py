"""Jobs come again and again, whatever happens to them or to others."""

from __future__ import annotations

import threading
from datetime import timedelta

from structlog.testing import capture_logs

from clinic.supervision.worker import Job, work

SOON = timedelta(milliseconds=1)


def _until(count: int, stop: threading.Event) -> tuple[list[int], Job]:
    """Return a job that stops the worker at its turn number `count`."""
    turns: list[int] = []

    def run() -> None:
        turns.append(len(turns))
        if len(turns) == count:
            stop.set()

    return turns, Job("counted", SOON, run)


def test_a_job_comes_again_until_the_worker_is_stopped() -> None:
    stop = threading.Event()
    turns, job = _until(5, stop)
    work([job], stop)
    assert len(turns) == 5


def test_a_failing_job_comes_again_and_says_nothing_of_its_data() -> None:
    stop = threading.Event()
    turns, job = _until(3, stop)

    def fail() -> None:
        job.run()
        raise ValueError("the patient's name")

    with capture_logs() as lines:
        work([Job("failing", SOON, fail)], stop)
    assert len(turns) == 3
    assert lines[0] == {
        "event": "job_failed",
        "job": "failing",
        "error_type": "ValueError",
        "log_level": "error",
    }


def test_a_slow_job_holds_up_no_other() -> None:
    stop = threading.Event()
    turns, job = _until(5, stop)
    slow = Job("slow", SOON, lambda: stop.wait(30))
    work([slow, job], stop)
    assert len(turns) == 5
