"""How every letter looks: a subject that says nothing, a greeting, the sentences, the link, who sent it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from uuid import UUID

from clinic.notifications.ports import Letter, Message


@cache
def texts(package: str, folder: str, language: str) -> Mapping[str, list[str]]:
    """Return a slice's sentences by message kind, from `<package>/<folder>/<language>.json`."""
    source = resources.files(package) / folder / f"{language}.json"
    found: Mapping[str, list[str]] = json.loads(source.read_text(encoding="utf-8"))
    return found


def letter(
    message: Message, *, language: str, clinic_name: str, id: UUID | None = None, address: str | None = None
) -> Letter:
    """Return `message` as it is sent; the subject is the same for all, since lock screens show it.

    Where the clinic has no name of its own (`clinic_name` is empty), the product's stands there. A text
    message costs by its length: it is the sender, the first sentence and the link.
    """
    frame = texts("clinic.notifications", "texts", language)
    sender = clinic_name or frame["sender"][0]
    parts = [*frame["greeting"], *message.sentences]
    if message.link is not None:
        parts.append(message.link)
    parts += [*frame["closing"], sender]
    short = f"{sender}: {message.sentences[0]}" + (f" {message.link}" if message.link else "")
    calendar = message.invite(address) if message.invite and address else None
    return Letter(frame["subject"][0].format(clinic=sender), "\n\n".join(parts) + "\n", short, id, calendar)
