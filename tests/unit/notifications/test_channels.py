"""Ways out of the clinic; SMTP against a real server."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clinic.config import Settings, settings_from
from clinic.errors import ConfigurationError
from clinic.notifications.channels import NoChannel, channel_for
from clinic.notifications.channels.console import ConsoleChannel
from clinic.notifications.channels.smtp import SMTPChannel, server_from
from clinic.notifications.ports import Letter, NotSent
from tests.servers.smtp import SMTPServer

LETTER = Letter("رسالة من سكينة", "أهلًا\n.\nhttps://clinic.example/verify#" + "x" * 90 + "\n")


@pytest.fixture
def smtp() -> Iterator[SMTPServer]:
    """A mail server on loopback."""
    server = SMTPServer()
    yield server
    server.stop()


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    """Settings without a mail server."""
    return settings_from({"DATA_DIR": str(tmp_path), "CLINIC_SECRET_KEY": "0" * 64})


def test_a_letter_arrives_as_it_was_written(plain: Settings, smtp: SMTPServer) -> None:
    url = f"smtp://127.0.0.1:{smtp.port}?from=clinic@clinic.example"
    channel_for(replace(plain, smtp_url=url)).send("samar@clinic.example", LETTER)
    (message,) = smtp.mailbox.messages
    assert (message["From"], message["To"]) == ("clinic@clinic.example", "samar@clinic.example")
    assert message["Subject"] == LETTER.subject
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text


def test_a_refused_letter_was_not_sent_and_names_nobody(plain: Settings, smtp: SMTPServer) -> None:
    smtp.mailbox.recipient_reply = b"550 no such person samar@clinic.example"
    channel = SMTPChannel(server_from(replace(plain, smtp_url=f"smtp://127.0.0.1:{smtp.port}")))
    with pytest.raises(NotSent) as refused:
        channel.send("samar@clinic.example", LETTER)
    assert refused.value.code == "smtp_SMTPRecipientsRefused"
    assert smtp.mailbox.messages == []


def test_a_server_that_is_down_is_tried_again(plain: Settings, smtp: SMTPServer) -> None:
    port = smtp.port
    smtp.stop()
    channel = SMTPChannel(server_from(replace(plain, smtp_url=f"smtp://127.0.0.1:{port}")))
    with pytest.raises(NotSent, match="smtp_ConnectionRefusedError"):
        channel.send("samar@clinic.example", LETTER)


@pytest.mark.parametrize(
    ("url", "port", "sender", "tls"),
    [
        ("smtp://a%40clinic.example:p%3Aw@mail.example", 587, "a@clinic.example", False),
        ("smtps://user:pw@mail.example", 465, "no-reply@localhost", True),
        ("smtp://mail.example:2525?from=x@clinic.example", 2525, "x@clinic.example", False),
    ],
)
def test_the_address_says_where_and_as_whom(
    plain: Settings, url: str, port: int, sender: str, tls: bool
) -> None:
    server = server_from(replace(plain, smtp_url=url))
    assert (server.host, server.port, server.sender, server.implicit_tls) == (
        "mail.example",
        port,
        sender,
        tls,
    )
    assert "p:w" not in repr(server)


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_an_address_that_is_none_is_refused(plain: Settings, url: str) -> None:
    with pytest.raises(ConfigurationError, match="SMTP_URL"):
        server_from(replace(plain, smtp_url=url))


def test_on_ones_own_machine_letters_are_shown_and_addresses_hinted_at(plain: Settings) -> None:
    assert isinstance(channel_for(plain), ConsoleChannel)
    out = io.StringIO()
    ConsoleChannel(out).send("samar@clinic.example", LETTER)
    assert out.getvalue() == f"--- to s…@clinic.example: {LETTER.subject}\n{LETTER.text}---\n"


def test_in_production_nothing_is_shown(plain: Settings) -> None:
    channel = channel_for(replace(plain, production=True))
    assert isinstance(channel, NoChannel)
    with pytest.raises(NotSent, match="no_mail_server"):
        channel.send("samar@clinic.example", LETTER)
