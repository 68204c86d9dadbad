"""The post office of a running application: which kinds of message there are, and their way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from clinic.notifications.ports import Channel, ContactDirectory, Render

_KEY = "clinic.notifications"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of message reads; an essential one is sent to those, too, who declined mail."""

    render: Render
    essential: bool


class Kinds:
    """The kinds of message that slices have registered."""

    def __init__(self) -> None:
        """Start without kinds."""
        self._kinds: dict[str, Kind] = {}

    def add(self, name: str, render: Render, *, essential: bool = False) -> None:
        """Register how `name` (as in "identity.verification") reads; raises ValueError for a second one."""
        if name in self._kinds:
            raise ValueError(f"two ways to render {name}")
        self._kinds[name] = Kind(render, essential)

    def find(self, name: str) -> Kind | None:
        """Return the kind of this name, or None where no slice knows it any more."""
        return self._kinds.get(name)


@dataclass(slots=True)
class Office:
    """What the worker needs to send; `directory` is set by the identity slice when it registers."""

    channel: Channel
    clinic_name: str
    kinds: Kinds = field(default_factory=Kinds)
    directory: ContactDirectory | None = None
    names: Callable[[str], str] | None = None

    def sender(self, language: str) -> str:
        """Return what the clinic is called in `language`: the name that it has given itself comes first."""
        return self.names(language) if self.names else self.clinic_name


def install(extensions: dict[str, object], office: Office) -> None:
    """Make `office` the one of the application that owns `extensions`."""
    extensions[_KEY] = office


def office(extensions: dict[str, object]) -> Office:
    """Return the post office of the application that owns `extensions`."""
    return cast(Office, extensions[_KEY])
