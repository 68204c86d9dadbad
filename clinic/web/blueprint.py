"""The typed seam to flask-smorest: routes with a guard, checked input and declared output.

Order on a handler, outermost first: `route`, guard, `arguments`, `response`. The guard runs before the
body is read, so that a stranger learns nothing from validation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from threading import Lock
from typing import Any, TypeVar

import flask_smorest
from flask import Flask
from marshmallow import RAISE, Schema, fields
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType

from clinic.web import described
from clinic.web.guards import guard_of
from clinic.web.schema import WireSchema

F = TypeVar("F", bound=Callable[..., Any])


class _StrictParser(FlaskParser):
    """Refuses unknown names in query strings as it does in bodies."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": RAISE}

    def load_json(self, req: Any, schema: Schema) -> Any:
        """Read the body; one of another kind is refused as such, and not as a lack of fields."""
        if not req.is_json and (req.mimetype or req.content_length):
            raise UnsupportedMediaType
        return super().load_json(req, schema)

    def load_querystring(self, req: Any, schema: Schema) -> Any:
        """Read the query without `lang`, which any address may carry for `clinic.web.language`."""
        args = req.args.copy()
        args.poplist("lang")
        return self._makeproxy(args, schema)


class Blueprint:
    """A slice's routes; one without a guard is refused when the module is imported."""

    def __init__(
        self, name: str, import_name: str, *, url_prefix: str = "/api/v1", description: str = ""
    ) -> None:
        """Name the blueprint after its slice."""
        self._inner: Any = flask_smorest.Blueprint(
            name, import_name, url_prefix=url_prefix, description=description
        )
        self._inner.ARGUMENTS_PARSER = _StrictParser()
        self.name = name

    def route(self, rule: str, *, methods: Sequence[str]) -> Callable[[F], F]:
        """Serve `rule`; raises ValueError when the handler declares no permission."""

        def decorate(function: F) -> F:
            if guard_of(function) is None:
                raise ValueError(f"{function.__module__}.{function.__name__} declares no permission")
            _describe(function, methods)
            decorated: F = self._inner.route(rule, methods=list(methods))(function)
            return decorated

        return decorate

    def arguments(self, schema: type[Schema], *, location: str = "json") -> Callable[[F], F]:
        """Pass the checked body, query (`location="query"`) or headers as a positional argument."""
        decorate: Callable[[F], F] = self._inner.arguments(schema, location=location)
        return decorate

    def response(self, status: int, schema: type[Schema] | None = None) -> Callable[[F], F]:
        """Answer with `status` and what `schema` lists of the returned object, and no more."""
        decorate: Callable[[F], F] = self._inner.response(status, schema)
        return decorate

    def file(self, content_type: str) -> Callable[[F], F]:
        """Answer with a file of `content_type`, which the handler returns as it is sent."""
        whole = {"type": "string", "format": "binary"}
        decorate: Callable[[F], F] = self._inner.response(200, whole, content_type=content_type)
        return decorate

    def or_response(self, status: int, schema: type[Schema]) -> Callable[[F], F]:
        """Describe a second answer; the handler makes it with `clinic.web.answers.answer`."""
        decorate: Callable[[F], F] = self._inner.alt_response(status, schema=schema)
        return decorate


def _describe(function: Callable[..., Any], methods: Sequence[str]) -> None:
    """Put guard and headers of a handler into what flask-smorest documents of it."""
    notes: dict[str, Any] = deepcopy(getattr(function, "_apidoc", {}))
    notes.setdefault("arguments", {}).setdefault("parameters", []).extend(
        described.parameters(function, methods)
    )
    notes.setdefault("manual_doc", {})["security"] = described.security(function)
    setattr(function, "_apidoc", notes)  # noqa: B010


class ProblemOut(WireSchema):
    """An error (RFC 9457): `code` is stable, `detail` is for people, `errors` names each bad field."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class Api:
    """The blueprints of one application and their OpenAPI document, written when it is first asked for.

    An application that serves nobody's documentation, as most do at most moments, starts twice as fast.
    """

    def __init__(self, app: Flask, *, cookie: str) -> None:
        """Serve from `app`, whose sessions travel in `cookie`."""
        app.config.update(API_TITLE="Sakina", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
        self._app, self._lock = app, Lock()
        self._undescribed: list[Blueprint] = []
        self._inner: Any = flask_smorest.Api()
        # By name: each of 60 statuses copies what it is given.
        self._inner.ERROR_SCHEMA = {"$ref": "#/components/schemas/ProblemOut"}
        self._inner.init_app(app)
        self._inner.spec.components.schema("ProblemOut", schema=ProblemOut)
        self._inner.spec.components.security_scheme(described.SCHEME, described.security_scheme(cookie))

    def register(self, blueprint: Blueprint) -> None:
        """Serve `blueprint`."""
        self._app.register_blueprint(blueprint._inner)
        self._undescribed.append(blueprint)

    def document(self) -> dict[str, object]:
        """Return the OpenAPI 3.1 document."""
        with self._lock:
            while self._undescribed:
                self._describe(self._undescribed.pop(0))
            document: dict[str, object] = self._inner.spec.to_dict()
        return document

    def _describe(self, blueprint: Blueprint) -> None:
        inner, spec = blueprint._inner, self._inner.spec
        inner.register_views_in_doc(self._inner, self._app, spec, name=blueprint.name, parameters=None)
        spec.tag({"name": blueprint.name, "description": inner.description})
