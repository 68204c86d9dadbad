"""What the command line loads, and what it knows."""

from __future__ import annotations

import subprocess
import sys

from click import Context

from clinic.cli import main

SCRIPT = """
import sys
from clinic.cli import main
import clinic.video.media.process
names = [main.get_command(None, name).name for name in ("web", "media")]
print(*names, {"flask", "sqlalchemy", "clinic.app"} & set(sys.modules))
"""


def test_the_web_server_and_the_media_process_are_reached_without_loading_the_clinic() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "web media set()"


def test_every_command_that_is_listed_is_there() -> None:
    context = Context(main)
    listed = main.list_commands(context)
    assert {"audit", "db", "demo", "doctor", "init", "keys", "media", "up", "users", "web", "worker"} == {
        *listed
    }
    assert all(main.get_command(context, name) for name in listed)
    assert main.get_command(context, "nothing") is None
