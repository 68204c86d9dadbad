"""A real media process on a socket file of its own."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from clinic.errors import Unavailable
from clinic.video.media_link import UnixMediaServer

_START_S = 20.0
_PROGRAM = "import sys; from pathlib import Path; from clinic.video.media.process import run; "
_PROGRAM += "run(Path(sys.argv[1]), loopback=True)"


class MediaProcess:
    """Runs until `stop`; `path` is its socket, `link` a client of it."""

    def __init__(self, path: Path) -> None:
        """Start the process and wait until it answers."""
        self.path = path
        self.link = UnixMediaServer(path)
        self._process = subprocess.Popen([sys.executable, "-c", _PROGRAM, str(path)])
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self.link.ping()
                return
            except Unavailable:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    self.stop()
                    raise
                time.sleep(0.05)

    def stop(self) -> int:
        """End the process as a supervisor does and return its exit code."""
        self._process.terminate()
        return self._process.wait(timeout=10)

    def kill(self) -> None:
        """End the process without a word."""
        self._process.kill()
        self._process.wait(timeout=10)
