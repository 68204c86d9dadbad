"""Write the next numbered migration from the models: `python -m tools.migration "Create rooms"`.

Read what it wrote: triggers, exclusion constraints and data moves are added by hand.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from clinic.db import migrations, revision
from clinic.db.engine import make_engine


def main(message: str) -> None:
    """Compare the models with the migrated schema and write the difference as the next number."""
    for models in (*Path("clinic").glob("*/**/models.py"), *Path("clinic").glob("*/**/models")):
        importlib.import_module(".".join(models.with_suffix("").parts))
    for extra in ("clinic.web.idempotency",):
        importlib.import_module(extra)
    versions = sorted((revision.FOLDER / "versions").glob("[0-9]*.py"))
    number = f"{len(versions) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.db")
        if versions:
            migrations.upgrade(engine)
        with engine.begin() as connection:
            config = migrations.config()
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=number)
    (revision.FOLDER / ".current-head").write_text(number + "\n")
    subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=110", str(revision.FOLDER)],
        check=True,
    )


if __name__ == "__main__":
    main(sys.argv[1])
