"""What a browser is called in the list of sessions: its family and system, nothing that identifies it."""

from __future__ import annotations

# The order matters: Edge and Opera also call themselves Chrome, Chrome calls itself Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_name(user_agent: str) -> str:
    """Return "Firefox, Linux" for a browser's User-Agent, and the empty text for what is not known."""
    found = [
        next((name for mark, name in known if mark in user_agent), None) for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)
