"""What a device test's offer may look like: one audio line, few candidates, no names to look up."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

LONGEST: Final = 16 * 1024
_MOST_LINES: Final = 300
_MOST_CANDIDATES: Final = 30
_LINE: Final = re.compile(r"[a-z]=[\x20-\x7e]+")
_MDNS: Final = re.compile(r"[0-9a-fA-F-]{36}\.local")


def cleaned(sdp: str) -> str:
    """Return the offer without candidates that are of no use or name a host; ValueError if it is no test's.

    A name in a candidate would be looked up by the server: only addresses and mDNS names (RFC 8828) stay.
    """
    if len(sdp) > LONGEST:
        raise ValueError("too long")
    lines = sdp.replace("\r\n", "\n").strip("\n").split("\n")
    if len(lines) > _MOST_LINES or any(_LINE.fullmatch(line) is None for line in lines):
        raise ValueError("not SDP")
    media = [line for line in lines if line.startswith("m=")]
    if len(media) != 1 or not media[0].startswith("m=audio "):
        raise ValueError("not one audio line")
    if not any(line.startswith("a=fingerprint:sha-256 ") for line in lines):
        raise ValueError("no fingerprint")
    kept = [line for line in lines if not line.startswith("a=candidate:") or _useful(line)]
    if sum(line.startswith("a=candidate:") for line in kept) > _MOST_CANDIDATES:
        raise ValueError("too many candidates")
    return "\r\n".join(kept) + "\r\n"


def _useful(candidate: str) -> bool:
    parts = candidate.split(" ")
    if len(parts) < 8 or parts[2].lower() != "udp" or not parts[5].isdecimal():
        return False
    if _MDNS.fullmatch(parts[4]) is not None:
        return True
    try:
        address = ipaddress.ip_address(parts[4])
    except ValueError:
        return False
    return not address.is_multicast and not address.is_unspecified and 0 < int(parts[5]) < 65536
