"""Offers of device tests: one audio line, addresses only, bounded in every direction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.video.rules.offer import LONGEST, cleaned

HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AB\r\n"
AUDIO = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"


def candidate(address: str, *, transport: str = "udp", port: str = "5000") -> str:
    return f"a=candidate:1 1 {transport} 2122 {address} {port} typ host\r\n"


@pytest.mark.parametrize(
    "address", ["192.0.2.7", "2001:db8::1", "0b3a9c1e-7c7e-4f6a-9b5e-2f1f6a6f9a10.local"]
)
def test_keeps_addresses_and_mdns_names(address: str) -> None:
    sdp = HEAD + AUDIO + candidate(address)
    assert cleaned(sdp) == sdp


@pytest.mark.parametrize(
    "line",
    [
        candidate("internal.clinic.example"),
        candidate("metadata.local"),
        candidate("224.0.0.1"),
        candidate("0.0.0.0"),
        candidate("192.0.2.7", transport="tcp"),
        candidate("192.0.2.7", port="0"),
        candidate("192.0.2.7", port="99999"),
        candidate("192.0.2.7", port="x"),
        "a=candidate:1 1 udp\r\n",
    ],
)
def test_drops_candidates_of_no_use_or_that_name_a_host(line: str) -> None:
    assert cleaned(HEAD + AUDIO + line) == HEAD + AUDIO


@pytest.mark.parametrize(
    "sdp",
    [
        "",
        "hello",
        HEAD,
        AUDIO,
        HEAD + AUDIO + AUDIO,
        HEAD + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
        HEAD + AUDIO + "a=x:\0\r\n",
        HEAD + AUDIO + "a=x:ب\r\n",
        HEAD + AUDIO + candidate("192.0.2.7") * 31,
        HEAD + AUDIO + "a=x:1\r\n" * 301,
        HEAD + AUDIO + "a=" + "x" * LONGEST + "\r\n",
    ],
)
def test_refuses_what_is_no_device_test(sdp: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        cleaned(sdp)


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        cleaned(text)
