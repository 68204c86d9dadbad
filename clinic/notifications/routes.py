"""The demo's mailbox: what would have been sent, for whoever tries the clinic out. Absent everywhere else."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from clinic.errors import NotFound
from clinic.notifications.channels.files import Laid, laid_down
from clinic.notifications.rules.ways import Way
from clinic.web.blueprint import Blueprint
from clinic.web.guards import public
from clinic.web.paging import Page, part
from clinic.web.runtime import runtime
from clinic.web.schema import Instant, ShortListQuery, WireSchema, code_field, page_of

_MOST = 200

blueprint = Blueprint("notifications", __name__, description="The demo's mailbox")


class MailboxQuery(ShortListQuery):
    """How many messages, and from where on."""

    limit = fields.Integer(load_default=50, validate=validate.Range(min=1, max=_MOST))


class LaidMessageOut(WireSchema):
    """One message of the demo, as it would have left the clinic."""

    id = fields.String(required=True)
    at = Instant(required=True)
    way = code_field(Way, required=True)
    to = fields.String(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)


@blueprint.route("/demo/mailbox", methods=["GET"])
@public
@blueprint.arguments(MailboxQuery, location="query")
@blueprint.response(200, page_of(LaidMessageOut))
def mailbox(query: dict[str, Any]) -> Page[Laid]:
    """Return the demo's last messages, the newest first; 404 where this is no demo."""
    settings = runtime().settings
    if not settings.demo:
        raise NotFound
    return part(list(laid_down(settings.mail_dir, limit=_MOST)), query, lambda one: one.id)
