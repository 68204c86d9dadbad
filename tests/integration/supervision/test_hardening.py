"""A process that holds keys leaves no core file and lets nobody of the same user read its memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from clinic.supervision.hardening import harden_process

SCRIPT = """
import ctypes, resource
from clinic.supervision.hardening import harden_process
harden_process()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""


def test_forbids_core_files_and_dumps() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "(0, 0) 0"


def test_does_not_run_on_where_the_kernel_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Kernel:
        @staticmethod
        def prctl(*_: int) -> int:
            return -1

    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: Kernel)
    monkeypatch.setattr("resource.setrlimit", lambda *_: None)
    with pytest.raises(OSError, match="PR_SET_DUMPABLE"):
        harden_process()


def test_elsewhere_than_on_linux_core_files_alone_are_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("resource.setrlimit", lambda _, limit: limits.append(limit))
    harden_process()
    assert limits == [(0, 0)]
