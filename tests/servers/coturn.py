"""A real TURN server on loopback, with the settings of production but for its addresses."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

from tests.servers.postgresql import free_port

SECRET = "north-of-the-river-2026"
_START_S = 10.0


class Coturn:
    """Relays for whoever has credentials made with `SECRET`; `url` is what browsers are told."""

    def __init__(self, folder: Path) -> None:
        """Start it and wait until it listens."""
        binary = shutil.which("turnserver")
        if binary is None:
            raise RuntimeError("TURN server is missing: install the Debian package `coturn`")
        self.port = free_port()
        self.url = f"turn:127.0.0.1:{self.port}?transport=udp"
        options = [
            *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={self.port}"),
            *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=clinic.test"),
            *("--no-cli", "--no-tls", "--no-dtls", "--allow-loopback-peers", "--fingerprint"),
            *("--no-multicast-peers", "--log-file=stdout", f"--pidfile={folder / 'turn.pid'}"),
            *("--userdb", str(folder / "turn.db")),
        ]
        self._process = subprocess.Popen(
            [binary, "-n", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
        )
        self._wait()

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(timeout=10)

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("the TURN server did not start")
