"""Run every benchmark: `python -m bench`, or some of them by name: `python -m bench slots`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from bench import bookings, pages, slots

BENCHMARKS: Mapping[str, Callable[[], None]] = {
    "bookings": bookings.main,
    "pages": pages.main,
    "slots": slots.main,
}


def main(names: list[str]) -> int:
    """Run the benchmarks called `names`, or all; return the exit code."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}")
        return 2
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
