"""What the addresses of mail servers and gateways in the settings have in common."""

from __future__ import annotations

from urllib.parse import SplitResult


def has_port(url: SplitResult) -> bool:
    """Tell whether the port of `url` is one, or left out; urllib finds out when it is asked for."""
    try:
        return url.port is None or url.port > 0
    except ValueError:
        return False
