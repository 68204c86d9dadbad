"""`clinic up`: runs web, media and worker under supervisord until Ctrl-C.

supervisord restarts what dies; its configuration is generated from the settings at every start.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from clinic.config import Settings

PROCESSES = ("web", "media", "worker")
_READY_WITHIN_SECONDS = 60

_HEAD = """\
[supervisord]
nodaemon=true
silent=true
logfile={log}/supervisord.log
pidfile={run}/supervisord.pid
childlogdir={log}
[unix_http_server]
file={run}/supervisor.sock
chmod=0700
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{run}/supervisor.sock
"""
_PROGRAM = """\
[program:{name}]
command={python} -m clinic {name}
autorestart=true
startretries=1000000
startsecs=1
stopwaitsecs=8
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={log}/{name}.log
stdout_logfile_maxbytes=20MB
stdout_logfile_backups=5
"""


def write_configuration(settings: Settings) -> Path:
    """Write supervisord's configuration below DATA_DIR and return where."""
    run = settings.data_dir / "run"
    for folder in (run, settings.log_dir):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # ConfigParser reads a lone per cent sign as an interpolation.
    names = {"log": settings.log_dir, "run": run, "python": sys.executable}
    escaped = {key: str(value).replace("%", "%%") for key, value in names.items()}
    text = _HEAD.format(**escaped) + "".join(_PROGRAM.format(name=name, **escaped) for name in PROCESSES)
    path = run / "supervisord.conf"
    path.write_text(text)
    return path


def serve_until_interrupted(settings: Settings, announce: Callable[[], None]) -> int:
    """Run the processes, call `announce` once the web answers, and return supervisord's exit status."""
    configuration = write_configuration(settings)
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)]
    child = subprocess.Popen(command, env=os.environ | {"PYTHONWARNINGS": "ignore"})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: child.send_signal(signal.SIGTERM))
    if _wait_until_ready(settings, child):
        announce()
    elif child.poll() is None:
        sys.stderr.write(f"clinic: the web process is not ready; see {settings.log_dir}/web.log\n")
    return child.wait()


def _wait_until_ready(settings: Settings, child: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + _READY_WITHIN_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{settings.port}/readyz", timeout=2) as answer:
                return bool(json.load(answer)["ready"])
        except (urllib.error.URLError, OSError, ValueError):
            time.sleep(0.2)
    return False


def web_command(settings: Settings) -> Sequence[str]:
    """Return gunicorn's command line: threads for every socket that the cap allows, and 64 for requests.

    A socket holds a thread for as long as it is open; --worker-connections would otherwise cap them.
    """
    threads = settings.socket_cap + 64
    return (
        *(sys.executable, "-m", "gunicorn", "clinic.wsgi:application()", "--worker-class", "gthread"),
        *("--workers", "1", "--threads", str(threads), "--worker-connections", str(threads + 64)),
        # Loopback only: a proxy on the same machine stands in front in production.
        *("--bind", f"127.0.0.1:{settings.port}", "--graceful-timeout", "3", "--timeout", "60"),
        *("--no-control-socket", "--log-level", "warning"),
    )
