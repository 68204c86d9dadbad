"""The shape of every message of docs/signalling.md, from both ends; unknown fields are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from clinic.video.rules.limits import MESSAGE_BYTES
from clinic.video.rules.shapes import (
    Check,
    ShapeError,
    flag,
    instant,
    integer,
    list_of,
    nullable,
    one_of,
    record,
    text,
    uuid,
)

Message = Mapping[str, object]

HIGHEST_EPOCH: Final = 2**31 - 1
_NO_CONTROLS = r"[^\x00-\x1f\x7f]*"

_EPOCH = {"epoch": integer(1, HIGHEST_EPOCH)}
_FROM = {"from": uuid}
_HEX32 = text(64, shortest=64, pattern=r"[0-9a-f]{64}")
_MEDIA = {"mic": flag, "camera": flag, "sound_only": flag}


def _sound_only_has_no_camera(message: Message) -> str | None:
    return "sound_only" if message["sound_only"] and message["camera"] else None


_SDP = record({"type": one_of("offer", "answer"), "sdp": text(32768, shortest=1)})
_CANDIDATE = record(
    {"candidate": text(1024)},
    optional={
        "sdpMid": nullable(text(64)),
        "sdpMLineIndex": nullable(integer(0, 65535)),
        "usernameFragment": nullable(text(256)),
    },
)
_PLACE = {"place": text(200, pattern=_NO_CONTROLS), "phone": text(32, pattern=r"[0-9+()./ \-]*")}

_RELAYED: Final[Mapping[str, Mapping[str, Check]]] = {
    "description": {**_EPOCH, "description": _SDP},
    "candidate": {**_EPOCH, "candidate": nullable(_CANDIDATE)},
    "restart": _EPOCH,
    "commit": {**_EPOCH, "commit": _HEX32},
    "reveal": {**_EPOCH, "nonce": _HEX32},
    "media-state": {**_EPOCH, **_MEDIA},
}

_TICKET = text(43, shortest=43, pattern=r"[A-Za-z0-9_-]{43}")

FROM_CLIENT: Final[Mapping[str, Check]] = {
    "watch": record({}),
    "arrive": record({"appointment": uuid}),
    "join": record({"ticket": _TICKET, "instance": uuid}),
    "admit": record({**_EPOCH, "seat": uuid}),
    **{event: record(fields) for event, fields in _RELAYED.items() if event != "media-state"},
    "media-state": record(_RELAYED["media-state"], together=_sound_only_has_no_camera),
    "location": record({**_EPOCH, **_PLACE}),
    "leave": record(_EPOCH),
    "end": record(_EPOCH),
}

_ROLE = one_of("patient", "practitioner")
_SEAT_STATE = one_of("waiting", "admitted")
_PEERS = list_of(
    record(
        {
            "seat": uuid,
            "role": _ROLE,
            "name": text(200),
            "state": _SEAT_STATE,
            "here": flag,
            "media": nullable(record(_MEDIA)),
        }
    ),
    longest=12,
)
_APPOINTMENT = record(
    {
        "id": uuid,
        "starts_at": instant,
        "ends_at": instant,
        "local": text(16, shortest=16),
        "tz": text(64, shortest=1),
        "offset": text(6, shortest=6),
        "modality": text(16, shortest=1),
    }
)
_ARRIVAL = record(
    {
        "appointment": uuid,
        "seat": nullable(uuid),
        "patient_name": text(200),
        "starts_at": instant,
        "since": instant,
        "state": one_of("arrived", "waiting", "admitted", "away"),
    }
)

REFUSALS: Final = (
    *("invalid_message", "unknown_event", "rate_limited", "signed_out", "not_joined", "room_closed"),
    *("room_not_open", "unavailable", "not_permitted", "not_found", "ticket_invalid", "no_seat"),
    *("not_admitted", "no_peer", "stale_epoch", "session_idle"),
)
_ONLY_WITH = {"field": "invalid_message", "retry_after_ms": "rate_limited"}


def _ack_is_consistent(ack: Message) -> str | None:
    if ack["ok"] != (ack["code"] == "ok"):
        return "code"
    return next((field for field, code in _ONLY_WITH.items() if field in ack and ack["code"] != code), None)


FROM_SERVER: Final[Mapping[str, Check]] = {
    "welcome": record(
        {
            **{"room": uuid, "seat": uuid, **_EPOCH, "role": _ROLE, "polite": flag, "state": _SEAT_STATE},
            **{"peers": _PEERS, "appointment": _APPOINTMENT, "closes_at": instant},
        }
    ),
    "admitted": record({**_EPOCH, "peers": _PEERS}),
    "presence": record({**_EPOCH, "peers": _PEERS}),
    "arrivals": record({"items": list_of(_ARRIVAL, longest=200)}),
    **{event: record({**fields, **_FROM}) for event, fields in _RELAYED.items()},
    "location": record({**_EPOCH, **_PLACE, **_FROM, "given_at": instant}),
    "replaced": record({}),
    "ended": record({"appointment": uuid, "reason": one_of("ended", "cancelled", "moved")}),
    "ack": record(
        {"ok": flag, "code": one_of("ok", *REFUSALS)},
        optional={"field": text(128), "retry_after_ms": integer(0, 3_600_000)},
        together=_ack_is_consistent,
    ),
}


def check_from_client(event: str, raw: object) -> Message:
    """Return `raw` as a message of `event`; raises ShapeError, or KeyError for an unknown event."""
    FROM_CLIENT[event](raw, "")
    assert isinstance(raw, dict)  # every shape above is a record; this tells the type checker
    if len(json.dumps(raw, ensure_ascii=False).encode("utf-8", "surrogatepass")) > MESSAGE_BYTES:
        raise ShapeError("")
    return raw
