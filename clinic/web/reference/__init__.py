"""The OpenAPI document, for programs as JSON and for people as a page drawn by the server, without script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint as PageBlueprint
from flask import Flask, render_template

from clinic.web.blueprint import Api
from clinic.web.guards import public
from clinic.web.headers import style_nonce

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Value:
    """A field or parameter: its name, its type in words, whether it must be there."""

    name: str
    type: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that the API does."""

    method: str
    path: str
    summary: str
    subject: str
    parameters: list[Value]
    body: list[Value]
    answers: list[tuple[str, list[Value]]]


def register(app: Flask, api: Api) -> None:
    """Serve what `api` describes at /api/v1/openapi.json and /api/docs."""
    pages = PageBlueprint("reference", __name__, template_folder="templates")

    @pages.route("/api/v1/openapi.json")
    @public
    def document() -> dict[str, object]:
        return api.document()

    @pages.route("/api/docs")
    @public
    def reference() -> str:
        operations = operations_of(api.document())
        subjects = list(dict.fromkeys(operation.subject for operation in operations))
        return render_template(
            "reference/reference.html", operations=operations, subjects=subjects, nonce=style_nonce()
        )

    app.register_blueprint(pages)


def operations_of(document: Mapping[str, Any]) -> list[Operation]:
    """Return what an OpenAPI 3.1 document describes, in its own order."""
    return [
        _operation(document, path, method, item)
        for path, item in document["paths"].items()
        for method in _METHODS
        if method in item
    ]


def _operation(document: Mapping[str, Any], path: str, method: str, item: Mapping[str, Any]) -> Operation:
    found = item[method]
    parameters = [
        _resolved(document, one) for one in (*item.get("parameters", ()), *found.get("parameters", ()))
    ]
    return Operation(
        method=method.upper(),
        path=path,
        summary=found.get("summary", ""),
        subject=found["tags"][0],
        parameters=[
            Value(one["name"], _type(document, one["schema"]), one.get("required", False))
            for one in parameters
        ],
        body=_fields(document, found.get("requestBody", {})),
        answers=[
            (status, _fields(document, _resolved(document, answer)))
            for status, answer in sorted(found["responses"].items())
            if status.startswith("2")
        ],
    )


def _resolved(document: Mapping[str, Any], found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference into the document's components."""
    if "$ref" not in found:
        return found
    target: Any = document
    for step in found["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    resolved: Mapping[str, Any] = target
    return resolved


def _fields(document: Mapping[str, Any], body: Mapping[str, Any]) -> list[Value]:
    schema = _resolved(document, body.get("content", {}).get("application/json", {}).get("schema", {}))
    required = schema.get("required", ())
    return [
        Value(name, _type(document, one), name in required)
        for name, one in schema.get("properties", {}).items()
    ]


def _type(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Return a schema in words: "string (uuid)", "list of SlotOut", "booked | cancelled"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", maxsplit=1)[-1]
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(document, schema.get('items', {}))}"
    kind = schema.get("type", "any")
    words = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{words} ({schema['format']})" if "format" in schema else words
