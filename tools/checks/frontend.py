"""`python -m tools.checks.frontend`: types, texts, styles, budgets and hosts of the web app."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.checks import budgets, hosts, styles

ROOT = Path(__file__).resolve().parents[2]
_SCRIPTS = ("check", "test")


def faults(root: Path) -> Iterator[str]:
    """Yield one line per fault of the sources and of the build below `root`."""
    yield from styles.faults(root)
    yield from hosts.faults(root)
    yield from budgets.faults(root / "clinic/web/shell/static/app")


def _node_scripts(root: Path) -> bool:
    venv = str(Path(sys.prefix))
    return all(
        subprocess.run(
            ["sh", "tools/node.sh", venv, "npm", "run", "--silent", script], cwd=root, check=False
        ).returncode
        == 0
        for script in _SCRIPTS
    )


def main() -> int:
    """Print every fault and return the exit status."""
    found = list(faults(ROOT))
    for fault in found:
        print(fault)
    return 0 if _node_scripts(ROOT) and not found else 1


if __name__ == "__main__":
    sys.exit(main())
