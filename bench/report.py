"""Times of repeated acts, as a table for people and JSON for programs."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def timed(act: Callable[[], object], times: int) -> dict[str, float]:
    """Do `act` so often and return the median, the 95th percentile and the first time, in milliseconds."""
    spans = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        spans.append((time.perf_counter() - begun) * 1000)
    return {
        "first_ms": round(spans[0], 2),
        "p50_ms": round(statistics.median(spans), 2),
        "p95_ms": round(statistics.quantiles(spans, n=20)[-1], 2),
    }


def publish(name: str, title: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Print `rows` under `title` and write them to `results/<name>.json`."""
    columns = list(rows[0])
    cells = [[str(row[column]) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    print(f"\n{title}")
    for line in (columns, ["-" * width for width in widths], *cells):
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    RESULTS.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    document = {"title": title, "machine": machine, "rows": [dict(row) for row in rows]}
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
