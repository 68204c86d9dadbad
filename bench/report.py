"""Times of repeated acts, as a table for people and JSON for programs."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def timed(act: Callable[[], object], times: int) -> dict[str, float]:
    """Do `act` so often and return the median, the 95th percentile and the first time, in milliseconds.

    `cpu_ms` is the median of what this process itself worked: other programs on the machine, which make
    every act wait, are not in it (nor is a database server).
    """
    spans, worked = [], []
    for _ in range(times):
        begun, idle = time.perf_counter(), time.process_time()
        act()
        spans.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - idle) * 1000)
    return {
        "first_ms": round(spans[0], 2),
        "p50_ms": round(statistics.median(spans), 2),
        "p95_ms": round(statistics.quantiles(spans, n=20)[-1], 2),
        "cpu_ms": round(statistics.median(worked), 2),
    }


def note(text: str) -> None:
    """Say on standard error how far a long benchmark has come."""
    print(f"  {text}", file=sys.stderr, flush=True)


def publish(name: str, title: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Print `rows` under `title` and write them to `results/<name>.json`."""
    columns = list(rows[0])
    cells = [[str(row[column]) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    print(f"\n{title}")
    for line in (columns, ["-" * width for width in widths], *cells):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    RESULTS.mkdir(exist_ok=True)
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "load": round(os.getloadavg()[1], 1),
    }
    print(f"({machine['processors']} processors, load of the last five minutes {machine['load']})")
    document = {"title": title, "machine": machine, "rows": [dict(row) for row in rows]}
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
