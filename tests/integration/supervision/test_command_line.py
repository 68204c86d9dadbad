"""What the command line loads, and what it knows."""

from __future__ import annotations

import subprocess
import sys

from click import Context

from clinic.cli import main

MEDIA = """
import sys
from clinic.cli import main
from clinic.video.media import process
process.run = lambda *_given, **_settings: print("runs")
main(["media"], standalone_mode=False)
print(main.get_command(None, "web").name, {"flask", "sqlalchemy", "clinic.app"} & set(sys.modules))
"""
WORKER = """
import sys
from clinic.cli import main
print(main.get_command(None, "worker").name, {"alembic"} & set(sys.modules))
"""


def said(script: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.splitlines()


def test_the_web_server_and_the_media_process_are_reached_without_loading_the_clinic() -> None:
    assert said(MEDIA) == ["runs", "web set()"]


def test_only_what_migrates_loads_alembic() -> None:
    assert said(WORKER) == ["worker set()"]


def test_every_command_that_is_listed_is_there() -> None:
    context = Context(main)
    listed = main.list_commands(context)
    assert {"audit", "db", "demo", "doctor", "init", "keys", "media", "up", "users", "web", "worker"} == {
        *listed
    }
    assert all(main.get_command(context, name) for name in listed)
    assert main.get_command(context, "nothing") is None
