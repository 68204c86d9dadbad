"""An answer other than a route's usual one, such as a preview instead of what it would create."""

from __future__ import annotations

from flask import Response, jsonify
from marshmallow import Schema


def answer(schema: type[Schema], found: object, status: int = 200) -> Response:
    """Return what `schema` lists of `found`, and no more."""
    response = jsonify(schema().dump(found))
    response.status_code = status
    return response
