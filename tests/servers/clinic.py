"""A whole clinic for the tests: real processes on loopback, with their own data, ended by pid."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tests.servers.postgresql import free_port

ROOT = Path(__file__).resolve().parents[2]
_READY_WITHIN_SECONDS = 40


class ClinicServer:
    """Web, and on demand media and worker, of one installation below `folder`."""

    def __init__(
        self, folder: Path, *, extra: Mapping[str, str] | None = None, of: ClinicServer | None = None
    ) -> None:
        """Prepare an installation, a copy of what `of` has on disk; `extra` are further settings."""
        self.folder, self.port = folder, free_port()
        self.base_url = f"http://localhost:{self.port}"
        self._environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CLINIC_")},
            "DATA_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            "CLINIC_MEDIA_LOOPBACK": "1",
            **(extra or {}),
        }
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        if of:
            shutil.copytree(of.folder / "var", folder / "var")

    def run(self, *arguments: str, timeout: float = 120) -> str:
        """Run one `clinic` command to its end and return what it printed; raises with its error output."""
        done = subprocess.run(
            [sys.executable, "-m", "clinic", *arguments],
            env=self._environ,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"clinic {' '.join(arguments)}: {done.stderr[-2000:]}")
        return done.stdout

    def start(self, *names: str) -> None:
        """Start the named processes; returns when the web process, if named, is ready."""
        for name in names:
            self._spawn(name, "clinic", name)
        if "web" in names:
            self._wait_until_ready()

    def start_dying_web(self, fatal: int) -> None:
        """Start a web process that dies when it has sealed `fatal` blobs (see `tests.servers.dying_web`)."""
        self._spawn("web", "tests.servers.dying_web", str(fatal))
        self._wait_until_ready()

    def wait_until_dead(self, name: str, seconds: float = 60) -> int:
        """Wait until process `name` has ended by itself and return its status."""
        return self._children.pop(name).wait(seconds)

    def _spawn(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=self._environ,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """End one process as a power cut would, with all it has started."""
        child = self._children.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def stop(self) -> None:
        """End all processes."""
        for name in list(self._children):
            self.kill(name)

    def log(self, name: str) -> str:
        """Return what process `name` has written so far."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if self._children["web"].poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.base_url}/readyz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"the web process did not get ready: {self.log('web')[-2000:]}")
