"""Which way a message takes to somebody: by what they want, what they have, and what the clinic can send."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Way(StrEnum):
    """How a message leaves the clinic."""

    EMAIL = "email"
    SMS = "sms"


class Weight(StrEnum):
    """How far a message yields to what people have chosen."""

    ESSENTIAL = "essential"
    NOTICE = "notice"
    REMINDER = "reminder"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Contact:
    """Where and in which language somebody is reached, and what they have chosen.

    `wanted` is False where they declined mail, `sms` True where they asked for text messages, `reminders`
    False where they asked not to be reminded. `phone` is E.164.
    """

    email: str | None
    language: str
    wanted: bool
    phone: str | None = None
    sms: bool = False
    reminders: bool = True

    @property
    def reachable(self) -> bool:
        """Tell whether there is any way at all."""
        return bool(self.email or self.phone)


def ways(contact: Contact, weight: Weight, *, texts: bool) -> tuple[Way, ...]:
    """Return the ways to try, the first first; none where the person declined or cannot be reached.

    Essential messages answer what somebody did with an e-mail address, and their links open accounts: they
    never go by text message. Who has no address gets text messages unasked, where the clinic `texts`. What
    calls on somebody on duty rings their telephone first, whatever they chose for other messages.
    """
    if weight is Weight.ESSENTIAL:
        return (Way.EMAIL,) if contact.email else ()
    if weight is Weight.DUTY:
        rings, mail = texts and contact.phone is not None, contact.email is not None
        return tuple(way for way, open_ in ((Way.SMS, rings), (Way.EMAIL, mail)) if open_)
    if weight is Weight.REMINDER and not contact.reminders:
        return ()
    by_mail = contact.email is not None and contact.wanted
    by_text = texts and contact.phone is not None and (contact.sms or contact.email is None)
    found = [way for way, open_ in ((Way.EMAIL, by_mail), (Way.SMS, by_text)) if open_]
    return tuple(reversed(found)) if weight is Weight.REMINDER else tuple(found)


def is_declined(contact: Contact, weight: Weight, *, texts: bool) -> bool:
    """Tell of somebody to whom no way leads whether one would, had they not declined."""
    willing = replace(contact, wanted=True, sms=True, reminders=True)
    return bool(ways(willing, weight, texts=texts))
