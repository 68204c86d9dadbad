"""`clinic up` brings everything up, restarts what dies, and takes everything down again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.clinic import ROOT
from tests.servers.postgresql import free_port

Up = tuple[subprocess.Popen[str], Path, int]


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """A clinic started with `clinic up`."""
    port = free_port()
    environ = {**os.environ, "DATA_DIR": str(tmp_path / "var"), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(
        [sys.executable, "-m", "clinic", "up"], env=environ, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    yield child, tmp_path / "var", port
    child.send_signal(signal.SIGTERM)
    child.wait(30)
    assert child.stdout is not None
    child.stdout.close()


def ready(port: int, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    return False


def pids(data: Path) -> dict[str, int]:
    """Return the process ids by name, as the supervisor says; 0 is not running."""
    command = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(data / "run" / "supervisord.conf")]
    names = ("web", "media", "worker")
    done = subprocess.run([*command, "pid", *names], capture_output=True, text=True, check=False, timeout=30)
    return dict(zip(names, (int(line) for line in done.stdout.split()), strict=True))


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_dies_is_restarted_and_an_interrupt_ends_it_all(up: Up) -> None:
    child, data, port = up
    assert ready(port)
    before = pids(data)
    assert all(before.values())
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while not (all((after := pids(data)).values()) and not set(after.values()) & set(before.values())):
        assert time.monotonic() < deadline, f"not restarted: {before} -> {after}"
        time.sleep(0.5)
    assert ready(port)
    child.send_signal(signal.SIGINT)
    assert child.wait(30) == 0
    assert not any(alive(pid) for pid in pids_of(data, after))


def pids_of(data: Path, known: dict[str, int]) -> list[int]:
    """Return the known processes, the supervisor's own among them."""
    pidfile = data / "run" / "supervisord.pid"
    return [*known.values(), *([int(pidfile.read_text())] if pidfile.exists() else [])]
