"""The post office of a running application: which kinds of message there are, and their ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from clinic.notifications.ports import Channel, Contact, ContactDirectory, Key, Letter, Render
from clinic.notifications.rules.ways import Way, Weight

_KEY = "clinic.notifications"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of message reads, how far it yields to preferences, and what it would be called now."""

    render: Render
    weight: Weight
    key: Key | None


class Kinds:
    """The kinds of message that slices have registered."""

    def __init__(self) -> None:
        """Start without kinds."""
        self._kinds: dict[str, Kind] = {}

    def add(
        self,
        name: str,
        render: Render,
        *,
        essential: bool = False,
        reminder: bool = False,
        duty: bool = False,
        key: Key | None = None,
    ) -> None:
        """Register how `name` (as in "identity.verification") reads; raises ValueError for a second one.

        An essential kind is sent to those, too, who declined mail; a reminder is not sent to those who asked
        for none; one of `duty` calls on somebody who is on call, by text message first. With a `key`, a
        message is dropped unless it would be called the same when it leaves.
        """
        if name in self._kinds:
            raise ValueError(f"two ways to render {name}")
        chosen = ((essential, Weight.ESSENTIAL), (reminder, Weight.REMINDER), (duty, Weight.DUTY))
        weight = next((weight for wanted, weight in chosen if wanted), Weight.NOTICE)
        self._kinds[name] = Kind(render, weight, key)

    def of(self, weight: Weight) -> frozenset[str]:
        """Return the names of the kinds that weigh so."""
        return frozenset(name for name, kind in self._kinds.items() if kind.weight is weight)

    def find(self, name: str) -> Kind | None:
        """Return the kind of this name, or None where no slice knows it any more."""
        return self._kinds.get(name)


@dataclass(slots=True)
class Office:
    """What the worker needs to send; `directory` is set by the identity slice when it registers.

    `texts` carries text messages, and is None where the clinic sends none.
    """

    channel: Channel
    clinic_name: str
    kinds: Kinds = field(default_factory=Kinds)
    directory: ContactDirectory | None = None
    names: Callable[[str], str] | None = None
    texts: Channel | None = None

    def sender(self, language: str) -> str:
        """Return what the clinic is called in `language`: the name that it has given itself comes first."""
        return self.names(language) if self.names else self.clinic_name

    def hand_over(self, way: Way, contact: Contact, letter: Letter) -> None:
        """Give `letter` to whoever carries it that way; raises NotSent."""
        if way is Way.SMS:
            assert self.texts is not None  # `rules.ways` offered it
            assert contact.phone is not None
            self.texts.send(contact.phone, letter)
        else:
            assert contact.email is not None
            self.channel.send(contact.email, letter)


def install(extensions: dict[str, object], office: Office) -> None:
    """Make `office` the one of the application that owns `extensions`."""
    extensions[_KEY] = office


def office(extensions: dict[str, object]) -> Office:
    """Return the post office of the application that owns `extensions`."""
    return cast(Office, extensions[_KEY])
