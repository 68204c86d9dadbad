"""Device tests: one's own voice back from the media process, and what it measured."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from clinic.access.permissions import Permission
from clinic.ids import new_id
from clinic.video.parts import media
from clinic.video.rules.quality import EchoReport
from clinic.video.schemas.device_tests import DeviceReportOut, DeviceTestIn, DeviceTestOut
from clinic.web.blueprint import Blueprint
from clinic.web.guards import requires
from clinic.web.limits import limits
from clinic.web.runtime import actor

# The media process learns this name of a session and nothing that could be found in a database.
_OWNERS = UUID("5d6f0d7a-7a43-4f5e-9b5e-0f9f6f1c9a01")
_RATE = "12/minute"

bp = Blueprint("device_tests", __name__, description="Hear yourself before a call.")


@bp.route("/device-tests", methods=["POST"])
@requires(Permission.DEVICE_TEST)
@bp.arguments(DeviceTestIn)
@bp.response(201, DeviceTestOut)
def open_test(body: dict[str, str]) -> dict[str, Any]:
    """Start an echo for an offer; an earlier test of the same session ends."""
    limits().hit("device_test", _RATE, str(actor().account_id))
    test = new_id()
    return {"id": test, "sdp": media().open_test(test, owner=_owner(), sdp=body["sdp"])}


@bp.route("/device-tests/<uuid:test_id>", methods=["GET"])
@requires(Permission.DEVICE_TEST)
@bp.response(200, DeviceReportOut)
def read_test(test_id: UUID) -> EchoReport:
    """Say what has been measured so far."""
    return media().report(test_id, owner=_owner())


@bp.route("/device-tests/<uuid:test_id>", methods=["DELETE"])
@requires(Permission.DEVICE_TEST)
@bp.response(204)
def close_test(test_id: UUID) -> None:
    """End the echo."""
    media().close_test(test_id, owner=_owner())


def _owner() -> UUID:
    return uuid5(_OWNERS, str(actor().session_id))
