"""Ways out of the clinic; SMTP against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from clinic.config import Settings, settings_from
from clinic.errors import ConfigurationError
from clinic.notifications.channels import NoChannel, channel_for
from clinic.notifications.channels.files import FileChannel
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


def test_a_letter_that_the_server_has_taken_is_sent_whatever_it_says_at_the_end(
    plain: Settings, smtp: SMTPServer
) -> None:
    smtp.mailbox.quit_reply = b"421 closing, too many of you"
    SMTPChannel(server_from(replace(plain, smtp_url=f"smtp://127.0.0.1:{smtp.port}"))).send(
        "samar@clinic.example", LETTER
    )
    assert len(smtp.mailbox.messages) == 1


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


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:mail"]
)
def test_an_address_that_is_none_is_refused(plain: Settings, url: str) -> None:
    with pytest.raises(ConfigurationError, match="SMTP_URL"):
        server_from(replace(plain, smtp_url=url))


def test_on_ones_own_machine_letters_are_files_that_nobody_else_reads(
    plain: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    channel = channel_for(plain)
    assert isinstance(channel, FileChannel)
    channel.send("samar@clinic.example", LETTER)
    channel.send("samar@clinic.example", LETTER)
    first, second = sorted((plain.data_dir / "mail").iterdir())
    assert {path.stat().st_mode & 0o777 for path in (first, second)} == {0o600}
    assert first.parent.stat().st_mode & 0o777 == 0o700
    message = message_from_bytes(first.read_bytes(), policy=policy.default)
    assert first.suffix == ".eml"
    assert (message["From"], message["To"]) == ("no-reply@localhost", "samar@clinic.example")
    body = message.get_body()
    assert body is not None
    assert (message["Subject"], body.get_content()) == (LETTER.subject, LETTER.text)
    assert capfd.readouterr() == ("", "")


def test_a_letter_that_cannot_be_laid_down_is_tried_again(plain: Settings) -> None:
    (plain.data_dir / "mail").write_text("in the way")
    with pytest.raises(NotSent, match="file_FileExistsError"):
        channel_for(plain).send("samar@clinic.example", LETTER)


def test_in_production_nothing_is_laid_down(plain: Settings) -> None:
    channel = channel_for(replace(plain, production=True))
    assert isinstance(channel, NoChannel)
    with pytest.raises(NotSent, match="no_mail_server"):
        channel.send("samar@clinic.example", LETTER)
    assert not (plain.data_dir / "mail").exists()
