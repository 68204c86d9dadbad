"""`python -m tools.checks.frontend`: types, texts, styles, budgets and hosts of the web app."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.checks import budgets, hosts, styles
from tools.openapi import write

ROOT = Path(__file__).resolve().parents[2]
_SCRIPTS = ("check", "test")
_CLIENT = "src/lib/api/api.d.ts"


def faults(root: Path) -> Iterator[str]:
    """Yield one line per fault of the sources and of the build below `root`."""
    yield from styles.faults(root)
    yield from hosts.faults(root)
    yield from budgets.faults(root / "clinic/web/shell/static/app")
    if not _client_is_current(root):
        yield f"frontend/{_CLIENT} does not match the API: run `make api-client` and commit it"


def _client_is_current(root: Path) -> bool:
    (root / ".cache").mkdir(exist_ok=True)
    write(root / ".cache/openapi.json")
    fresh = root / ".cache/api.d.ts"
    made = _node(
        root, "node_modules/openapi-typescript/bin/cli.js", "../.cache/openapi.json", "-o", str(fresh)
    )
    return made and fresh.read_text("utf-8") == (root / "frontend" / _CLIENT).read_text("utf-8")


def _node(root: Path, *command: str) -> bool:
    done = subprocess.run(["sh", "tools/node.sh", sys.prefix, *command], cwd=root, check=False)
    return done.returncode == 0


def main() -> int:
    """Print every fault and return the exit status."""
    found = list(faults(ROOT))
    for fault in found:
        print(fault)
    passed = [_node(ROOT, "npm", "run", "--silent", script) for script in _SCRIPTS]
    return 0 if all(passed) and not found else 1


if __name__ == "__main__":
    sys.exit(main())
