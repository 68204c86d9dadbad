"""A letter as mail servers and mail programs know it (RFC 5322), with its calendar file (RFC 6047)."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate

from clinic.ids import new_id
from clinic.notifications.ports import Letter


def message_of(letter: Letter, *, sender: str, address: str) -> EmailMessage:
    """Return `letter` from `sender` to `address`; every try has the same Message-ID."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = address
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = f"<{letter.id or new_id()}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.calendar is not None:
        message.add_attachment(
            letter.calendar.content,
            maintype="text",
            subtype="calendar",
            params={"method": letter.calendar.method, "charset": "utf-8"},
            filename="appointment.ics",
        )
    return message
