"""Every error leaves as RFC 9457 problem+json, in the caller's language, without a trace of our insides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import structlog
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from clinic import errors
from clinic.web.language import language
from clinic.web.reasons import reasons

_log = structlog.get_logger(__name__)

_STATUS: Mapping[type[errors.ClinicError], int] = {
    errors.Invalid: 422,
    errors.Unauthenticated: 401,
    errors.Denied: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
_CODE_OF_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many",
    503: "unavailable",
}


@cache
def _texts(lang: str) -> Mapping[str, str]:
    source = resources.files("clinic.web") / "problem_texts" / f"{lang}.json"
    texts: Mapping[str, str] = json.loads(source.read_text(encoding="utf-8"))
    return texts


def sentence(code: str, lang: str) -> str:
    """Return what happened, for a person, in `lang`."""
    texts = _texts(lang)
    return texts.get(code, texts["error"])


def _closest(code: str, reasons: object) -> str:
    """Return the code of the sentence that says most: `consent_denied.no_relationship` where there is one."""
    first = f"{code}.{reasons[0]}" if isinstance(reasons, list) and reasons else code
    return first if first in _texts("en") else code


def _detail(code: str, facts: Mapping[str, object], lang: str) -> str:
    """Return the sentence that says most: it names the seconds to wait or the last moment, where known."""
    waiting, until = f"{code}.wait", f"{code}.until"
    if "until_local" in facts and until in _texts(lang):
        last = datetime.fromisoformat(str(facts["until_local"]))
        # as a number, isolated, since Arabic text around it would turn it about
        return sentence(until, lang).format(until=f"\u2066{last:%d/%m/%Y %H:%M}\u2069")
    if "retry_after" in facts and waiting in _texts(lang):
        return sentence(waiting, lang).format(seconds=facts["retry_after"])
    return sentence(_closest(code, facts.get("reasons")), lang)


def problem(
    status: int, code: str, *, fields: Mapping[str, list[str]] | None = None, **facts: object
) -> Response:
    """Return a problem document; `facts` are further members (RFC 9457, section 3.2)."""
    lang = language()
    detail = _detail(code, facts, lang)
    body = {
        **facts,
        "type": f"urn:sakina:problem:{code}",
        "title": detail.split(". ", maxsplit=1)[0].rstrip("."),
        "status": status,
        "code": code,
        "detail": detail,
        "errors": reasons(fields or {}, lang),
    }
    response = Response(
        json.dumps(body, ensure_ascii=False, default=str), status, content_type="application/problem+json"
    )
    response.headers["Content-Language"] = lang
    if "retry_after" in facts:
        response.headers["Retry-After"] = str(facts["retry_after"])
    return response


def register(app: Flask) -> None:
    """Answer every error of `app` with a problem document."""
    app.register_error_handler(errors.ClinicError, _clinic_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(
        RecursionError, lambda _error: problem(400, "bad_request")
    )  # JSON nested too deep
    app.register_error_handler(Exception, _unexpected)


def _clinic_error(error: errors.ClinicError) -> Response:
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)
    return problem(status, error.code, fields=error.errors, **error.facts)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    fields = _fields(getattr(error, "data", None))
    response = problem(status, _CODE_OF_STATUS.get(status, "error"), fields=fields)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _fields(data: Any) -> Mapping[str, list[str]]:
    """Flatten marshmallow's nested messages into dotted names: `sections.0.title`."""
    flat: dict[str, list[str]] = {}
    if isinstance(data, dict) and isinstance(data.get("messages"), dict):
        for messages in data["messages"].values():  # by location: json, query, headers
            _flatten("", messages, flat)
    return flat


def _flatten(prefix: str, messages: object, flat: dict[str, list[str]]) -> None:
    if isinstance(messages, dict):
        for name, nested in messages.items():
            _flatten(f"{prefix}.{name}" if prefix else str(name), nested, flat)
    elif isinstance(messages, list):
        flat.setdefault(prefix or "body", []).extend(str(message) for message in messages)


def _unexpected(error: Exception) -> Response:
    # The type alone: messages of database and parser errors quote the data they failed on.
    _log.error(
        "unexpected_error",
        error_type=type(error).__name__,
        route=str(request.url_rule),
        frames=_frames(error),
    )
    return problem(500, "error")


def _frames(error: Exception) -> list[str]:
    frames: list[str] = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rsplit('/clinic/', 1)[-1]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-12:]
