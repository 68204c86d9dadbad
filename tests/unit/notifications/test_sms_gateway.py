"""Text messages by HTTP, against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from clinic.config import Settings, settings_from
from clinic.errors import ConfigurationError
from clinic.notifications.channels import channel_for, sms_gateway, texts_for
from clinic.notifications.channels.console import ConsoleChannel
from clinic.notifications.channels.files import laid_down
from clinic.notifications.channels.sms_gateway import gateway_from
from clinic.notifications.ports import Letter, NotSent
from clinic.notifications.rules.ways import Way
from tests.servers.sms_gateway import SMSGateway

LETTER = Letter("Message", "long", "سكينة: تذكير بموعدك. https://clinic.example/visits", UUID(int=7))


@pytest.fixture
def gateway() -> Iterator[SMSGateway]:
    """A gateway on loopback."""
    server = SMSGateway()
    yield server
    server.stop()


@pytest.fixture
def plain(tmp_path: Path) -> Settings:
    """Settings without a gateway."""
    return settings_from({"DATA_DIR": str(tmp_path), "CLINIC_SECRET_KEY": "0" * 64})


def send(settings: Settings, address: str = "+970591234567") -> None:
    """Send the letter as a text message."""
    channel = texts_for(settings)
    assert channel is not None
    channel.send(address, LETTER)


def test_a_text_message_arrives_with_its_id_and_the_gateways_word(
    plain: Settings, gateway: SMSGateway
) -> None:
    send(replace(plain, sms_gateway_url=gateway.url), "+970 59 123 4567")
    (handed,) = gateway.desk.handed
    assert handed.path == "/messages?from=clinic"
    assert handed.authorization == "Bearer a+word"
    assert handed.key == handed.id == str(UUID(int=7))
    assert (handed.to, handed.text) == ("+970591234567", LETTER.short)


@pytest.mark.parametrize(
    ("status", "final"), [(400, True), (422, True), (401, False), (404, False), (429, False), (503, False)]
)
def test_a_refusal_is_final_only_where_it_is_the_numbers_fault(
    plain: Settings, gateway: SMSGateway, status: int, final: bool
) -> None:
    gateway.desk.status = status
    with pytest.raises(NotSent) as refused:
        send(replace(plain, sms_gateway_url=gateway.url))
    assert (refused.value.code, refused.value.final) == (f"sms_{status}", final)


def test_a_redirect_is_not_followed(plain: Settings, gateway: SMSGateway) -> None:
    gateway.desk.status, gateway.desk.location = 307, gateway.url
    with pytest.raises(NotSent, match="sms_307"):
        send(replace(plain, sms_gateway_url=gateway.url))
    assert len(gateway.desk.handed) == 1


def test_a_gateway_that_has_accepted_a_message_owes_no_more_words(
    plain: Settings, gateway: SMSGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_gateway, "_TIMEOUT_S", 0.1)
    gateway.desk.stalls = True
    send(replace(plain, sms_gateway_url=gateway.url))
    assert len(gateway.desk.handed) == 1


def test_a_gateway_that_says_nothing_is_tried_again(
    plain: Settings, gateway: SMSGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_gateway, "_TIMEOUT_S", 0.1)
    gateway.desk.delay = 0.5
    with pytest.raises(NotSent, match="sms_TimeoutError"):
        send(replace(plain, sms_gateway_url=gateway.url))
    gateway.stop()
    with pytest.raises(NotSent, match="sms_ConnectionRefusedError"):
        send(replace(plain, sms_gateway_url=gateway.url))


@pytest.mark.parametrize("address", ["", "not a number", "+9725"])
def test_what_is_no_number_is_not_sent(plain: Settings, gateway: SMSGateway, address: str) -> None:
    with pytest.raises(NotSent, match="sms_no_number") as refused:
        send(replace(plain, sms_gateway_url=gateway.url), address)
    assert refused.value.final
    assert gateway.desk.handed == []


@pytest.mark.parametrize(
    "url",
    ["ftp://gateway.example", "gateway.example", "http://gateway.example", "https://", "https://g.example:0"],
)
def test_an_address_that_is_none_or_unencrypted_is_refused(plain: Settings, url: str) -> None:
    with pytest.raises(ConfigurationError, match="SMS_GATEWAY_URL"):
        gateway_from(replace(plain, sms_gateway_url=url))


def test_the_word_is_no_part_of_what_is_printed(plain: Settings) -> None:
    found = gateway_from(replace(plain, sms_gateway_url="https://user:p%3Aw@gateway.example:8443"))
    assert (found.host, found.port, found.path, found.secure) == ("gateway.example", 8443, "/", True)
    assert found.authorization == "Basic dXNlcjpwOnc="
    assert "dXNl" not in repr(found)
    assert gateway_from(replace(plain, sms_gateway_url="https://gateway.example/x")).authorization is None


def test_without_a_gateway_no_texts_are_sent_but_in_the_demo(plain: Settings) -> None:
    assert texts_for(plain) is None
    demo = replace(plain, demo=True)
    send(demo)
    channel_for(demo).send("samar@clinic.example", LETTER)
    found = sorted(laid_down(demo.mail_dir, limit=10), key=lambda one: one.way)
    assert [(one.way, one.to, one.text.strip()) for one in found] == [
        (Way.EMAIL, "samar@clinic.example", "long"),
        (Way.SMS, "+970591234567", LETTER.short),
    ]


def test_the_console_prints_for_a_person_and_into_no_log(
    plain: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = replace(plain, smtp_url="console:", sms_gateway_url="console:")
    assert isinstance(texts_for(console), ConsoleChannel)
    with pytest.raises(NotSent, match="no_terminal"):
        channel_for(console).send("samar@clinic.example", LETTER)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    channel_for(console).send("samar@clinic.example", LETTER)
    assert "--- samar@clinic.example" in capsys.readouterr().out
    with pytest.raises(ConfigurationError, match="development only"):
        channel_for(replace(console, production=True))
