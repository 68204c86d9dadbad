"""Tests only: let ICE use 127.0.0.1, which aioice leaves out; production refuses the setting."""

from __future__ import annotations

from collections.abc import Callable

import aioice.ice


def allow_loopback() -> Callable[[], None]:
    """Gather 127.0.0.1 alone from now on, in this process; return what undoes it."""
    before = aioice.ice.get_host_addresses

    def undo() -> None:
        aioice.ice.get_host_addresses = before

    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]  # noqa: ARG005
    return undo
