"""Reads calendars of others in a process of its own, which is ended when it takes too long."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from clinic.scheduling.outside.failures import Failure, NotRead
from clinic.scheduling.rules.intervals import Interval

_PARSER = Path(__file__).with_name("parser.py")
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch in which somebody is busy, and the UUID of the entry where it has one."""

    stretch: Interval
    uid: UUID | None


def read(content: bytes, window: Interval, tz: str, *, seconds: float = _SECONDS) -> list[Found]:
    """Return the busy stretches of a calendar in `window`; raises NotRead.

    The process gets neither our environment nor our modules: nothing that is secret is within its reach.
    """
    command = [sys.executable, "-I", str(_PARSER), window.start.isoformat(), window.end.isoformat(), tz]
    try:
        done = subprocess.run(  # noqa: S603 -- a fixed script; what is read goes through a pipe
            command, input=content, capture_output=True, timeout=seconds, check=True, env={}, cwd="/"
        )
        answer: Mapping[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        raise NotRead(Failure.TOO_MUCH) from None
    if "failure" in answer:
        raise NotRead(Failure(answer["failure"]))
    return [
        Found(
            Interval(datetime.fromisoformat(start), datetime.fromisoformat(end)), UUID(uid) if uid else None
        )
        for start, end, uid in answer["busy"]
    ]
