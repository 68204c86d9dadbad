"""A letter as mail servers and mail programs know it (RFC 5322)."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from clinic.notifications.ports import Letter


def message_of(letter: Letter, *, sender: str, address: str) -> EmailMessage:
    """Return `letter` from `sender` to `address`."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = address
    message["Subject"] = letter.subject
    message["Date"] = formatdate(usegmt=True)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message
