"""What the OpenAPI document says of a route beyond its shapes: who may call it, and with which headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from clinic.web.guards import PUBLIC, guard_of

SCHEME = "session"
_HEADERS = "__clinic_headers__"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Header:
    """A request header that a route reads."""

    name: str
    says: str
    required: bool = False

    @property
    def parameter(self) -> dict[str, object]:
        """Return it as OpenAPI's Parameter Object."""
        return {
            "in": "header",
            "name": self.name,
            "required": self.required,
            "description": self.says,
            "schema": {"type": "string"},
        }


CSRF_TOKEN = Header("X-CSRF-Token", "The session's `csrf_token`.", required=True)
IDEMPOTENCY_KEY = Header("Idempotency-Key", "Retries with the same key come to the same thing.")
IF_MATCH = Header("If-Match", "The ETag of what is changed; 412 when it is another by now.")
IF_MATCH_REQUIRED = Header(IF_MATCH.name, IF_MATCH.says, required=True)
PURPOSE = Header("X-Purpose-Of-Use", "What the content is for, as in `TREAT`; required from staff.")


def reads(*headers: Header) -> Callable[[F], F]:
    """Say that the handler reads `headers`."""

    def decorate(function: F) -> F:
        setattr(function, _HEADERS, headers)
        return function

    return decorate


def security(function: Callable[..., Any]) -> list[dict[str, list[str]]]:
    """Return who may call `function`: whoever comes, or whoever is signed in."""
    return [] if guard_of(function) == PUBLIC else [{SCHEME: []}]


def parameters(function: Callable[..., Any], methods: Sequence[str]) -> list[dict[str, object]]:
    """Return the headers that `function` reads, the token of state-changing calls among them."""
    headers: list[Header] = list(getattr(function, _HEADERS, ()))
    if guard_of(function) != PUBLIC and not _SAFE.issuperset(methods):
        headers.append(CSRF_TOKEN)
    return [header.parameter for header in headers]


def security_scheme(cookie: str) -> dict[str, str]:
    """Return how one is known: the cookie that `POST /session` sets."""
    return {"type": "apiKey", "in": "cookie", "name": cookie}
