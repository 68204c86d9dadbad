"""The clinic asks for public addresses over TLS and for nothing else."""

from __future__ import annotations

import pytest

from clinic.scheduling.rules.outside_addresses import NotAllowed, is_public, target_of


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "2606:2800:220:1:248:1893:25c8:1946",
        "2a00:1450:4001:81b::200e",
    ],
)
def test_addresses_of_the_public_internet_are_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.9.9.9"),
        *("169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1"),
        *("192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
        *("239.255.255.250", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:10.0.0.1", "::127.0.0.1", "::8.8.8.8"),
        *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378::1"),
        *("2001:db8::1", "2001:10::1", "2001:20::1", "2002:7f00:1::1", "2002:c0a8:101::1", "3fff::1"),
        *("fc00::1", "fd12:3456:789a::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1"),
        *("", "localhost", "8.8.8", "8.8.8.8.8", "0x7f000001", "2130706433"),
    ],
)
def test_addresses_of_our_own_networks_are_refused_however_they_are_dressed(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("address", "host", "path", "header"),
    [
        ("https://calendar.example/a/b.ics", "calendar.example", "/a/b.ics", "calendar.example"),
        ("webcal://Calendar.Example/a?token=1#part", "calendar.example", "/a?token=1", "calendar.example"),
        ("https://calendar.example", "calendar.example", "/", "calendar.example"),
        ("https://calendar.example.:443/x", "calendar.example", "/x", "calendar.example"),
        ("https://münchen.example/x", "xn--mnchen-3ya.example", "/x", "xn--mnchen-3ya.example"),
        ("https://[2606:2800:220:1::1]/x", "2606:2800:220:1::1", "/x", "[2606:2800:220:1::1]"),
    ],
)
def test_an_address_is_taken_apart(address: str, host: str, path: str, header: str) -> None:
    target = target_of(address)
    assert (target.host, target.path, target.host_header) == (host, path, header)
    assert (target.port, target.tls, target.trusted, target.authorization) == (443, True, False, None)


def test_user_and_password_become_a_header_that_no_log_shows() -> None:
    target = target_of("https://sal%C3%B3n:p%3Aw@calendar.example/x")
    assert target.authorization == "Basic c2Fsw7NuOnA6dw=="
    assert "c2Fs" not in repr(target)


@pytest.mark.parametrize(
    "address",
    [
        *("http://calendar.example/x", "ftp://calendar.example/x", "file:///etc/passwd", "gopher://x/"),
        *("https://calendar.example:8443/x", "https://calendar.example:22/x", "https://calendar.example:x/"),
        *("https://", "https:///x", "//calendar.example/x", "calendar.example/x", "", "https://.example/"),
        *(
            "https://calendar.example/a b",
            "https://calendar.example/\r\nHost: x",
            "https://calendar.example/é",
        ),
        *("https://[::1/x", "https://" + "a" * 70 + ".example/", "https://calendar.example/" + "a" * 2_000),
    ],
)
def test_what_is_no_https_address_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed):
        target_of(address)


def test_hosts_of_tests_may_be_plain_and_anywhere() -> None:
    trusted = frozenset({"127.0.0.1:8080"})
    target = target_of("http://127.0.0.1:8080/x", trusted=trusted)
    assert (target.tls, target.trusted, target.host_header) == (False, True, "127.0.0.1:8080")
    for other in ("http://127.0.0.1:8081/x", "http://localhost:8080/x", "ftp://127.0.0.1:8080/x"):
        with pytest.raises(NotAllowed):
            target_of(other, trusted=trusted)
