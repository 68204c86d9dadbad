"""The wire shapes of what the clinic's administration sets up: sites, rooms, services, who offers what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from clinic.identity.schemas.clinic import names_field
from clinic.identity.schemas.people import LONGEST_NAME
from clinic.identity.schemas.sessions import LANGUAGES
from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import BookingRule
from clinic.scheduling.rules.groups import MOST_SEATS
from clinic.scheduling.rules.offering import Kind
from clinic.scheduling.rules.set_up import State, Task
from clinic.scheduling.schemas.catalogue import SlotOut
from clinic.scheduling.schemas.times import is_zone
from clinic.web.documents import ChangeOut
from clinic.web.schema import WireSchema, code_field, page_of, text_field

_GRIDS = (5, 10, 15, 20, 30, 60)
_A_DAY = 24 * 60


def _minutes(most: int, *, least: int = 0) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(min=least, max=most))


class SiteIn(WireSchema):
    """A place of the clinic: its names by language, its zone, its days off (Monday is 0)."""

    names = names_field()
    tz = fields.String(required=True, validate=[validate.Length(max=64), is_zone])
    weekend = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=0, max=6)),
        required=True,
        validate=validate.Length(max=6),
    )
    active = fields.Boolean(load_default=True)

    @validates_schema
    def has_a_name(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a place without a name."""
        if not any(name.strip() for name in data.get("names", {"": "x"}).values()):
            raise ValidationError("A name is needed in one language.", field_name="names")


class SiteDocumentOut(WireSchema):
    """A place as its administration sees it."""

    id = fields.UUID(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    tz = fields.String(required=True)
    weekend = fields.List(fields.Integer(), required=True)
    active = fields.Boolean(required=True)
    changed = fields.Nested(ChangeOut, required=True)


class LocationIn(WireSchema):
    """A room, by what stands on its door; one that is not active takes no new visits."""

    name = text_field(80, required=True)
    active = fields.Boolean(load_default=True)


class LocationOut(WireSchema):
    """A room of a site (FHIR Location)."""

    id = fields.UUID(required=True)
    site = fields.UUID(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    changed = fields.Nested(ChangeOut, required=True)


class ServiceTextShape(WireSchema):
    """What a service is called and what it is, in one language."""

    name = text_field(LONGEST_NAME, shortest=0, required=True)
    description = text_field(400, shortest=0, required=True)


class ServiceIn(WireSchema):
    """A kind of visit; times are minutes. When people are reminded of it is set apart.

    One of several `seats` is for a group; `joinable` lets patients take a seat themselves. `reserved_percent`
    of the times for one person are kept for urgent and same-day requests until `release_at` ("07:00") of
    their day, on the site's clock.
    """

    kind = code_field(Kind, required=True)
    texts = fields.Dict(
        keys=fields.String(validate=validate.OneOf(LANGUAGES)),
        values=fields.Nested(ServiceTextShape),
        required=True,
    )
    minutes = _minutes(480, least=5)
    before_minutes = _minutes(120)
    after_minutes = _minutes(120)
    grid_minutes = fields.Integer(required=True, strict=True, validate=validate.OneOf(_GRIDS))
    lead_minutes = _minutes(90 * _A_DAY)
    horizon_days = _minutes(365, least=1)
    notice_minutes = _minutes(30 * _A_DAY)
    modalities = fields.List(code_field(Modality), required=True, validate=validate.Length(min=1))
    booking_rule = code_field(BookingRule, required=True)
    seats = fields.Integer(load_default=1, strict=True, validate=validate.Range(min=1, max=MOST_SEATS))
    joinable = fields.Boolean(load_default=False)
    reserved_percent = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0, max=100))
    release_at = fields.Time(format="%H:%M", load_default=time(7))
    active = fields.Boolean(load_default=True)

    @validates_schema
    def groups_have_seats(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a group of one, and several seats of what is no group."""
        if "kind" in data and (data["kind"] is Kind.GROUP) != (data.get("seats", 1) > 1):
            raise ValidationError("A group has several seats, and nothing else has.", field_name="seats")

    @validates_schema
    def keeps_nothing_of_groups(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a share for a group: its sessions are planned, and not searched for."""
        if data.get("seats", 1) > 1 and data.get("reserved_percent"):
            raise ValidationError("A group keeps no times.", field_name="reserved_percent")

    @validates_schema
    def has_a_name(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse a service without a name."""
        texts = data.get("texts")
        if texts is not None and not any(text["name"].strip() for text in texts.values()):
            raise ValidationError("A name is needed in one language.", field_name="texts")


class NewServiceIn(ServiceIn):
    """A kind of visit to add; `code` is a word for programs and names no condition."""

    code = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(r"^[a-z][a-z0-9_-]{0,39}$", error="This is not a code."),
    )


class ServiceDocumentOut(WireSchema):
    """A service as its administration sees it."""

    id = fields.UUID(required=True)
    code = fields.String(required=True)
    kind = fields.String(required=True)
    texts = fields.Dict(keys=fields.String(), values=fields.Nested(ServiceTextShape), required=True)
    minutes = fields.Integer(required=True)
    before_minutes = fields.Integer(required=True)
    after_minutes = fields.Integer(required=True)
    grid_minutes = fields.Integer(required=True)
    lead_minutes = fields.Integer(required=True)
    horizon_days = fields.Integer(required=True)
    notice_minutes = fields.Integer(required=True)
    modalities = fields.List(code_field(Modality), required=True)
    booking_rule = code_field(BookingRule, required=True)
    seats = fields.Integer(required=True)
    joinable = fields.Boolean(required=True)
    reserved_percent = fields.Integer(required=True)
    release_at = fields.Time(format="%H:%M", required=True)
    active = fields.Boolean(required=True)
    changed = fields.Nested(ChangeOut, required=True)


class OffersIn(WireSchema):
    """Where a practitioner is at home, and the services that they offer."""

    site = fields.UUID(required=True)
    services = fields.List(fields.UUID(), required=True, validate=validate.Length(max=100))


class OffersOut(WireSchema):
    """What a practitioner offers; `site` is null for who cannot be booked yet."""

    practitioner = fields.UUID(required=True)
    site = fields.UUID(required=True, allow_none=True)
    services = fields.List(fields.UUID(), required=True)
    has_hours = fields.Boolean(required=True)
    visits_ahead = fields.Integer(required=True)
    changed = fields.Nested(ChangeOut, required=True)


class StepOut(WireSchema):
    """A task of setting up; `count` is how many there are of what it is about."""

    task = code_field(Task, required=True)
    state = code_field(State, required=True)
    count = fields.Integer(required=True)


class SetUpOut(WireSchema):
    """How far the set-up has come; `ready` when a stranger is offered times; `soonest` is the first."""

    tasks = fields.List(fields.Nested(StepOut), required=True)
    ready = fields.Boolean(required=True)
    soonest = fields.Nested(SlotOut, required=True, allow_none=True)


SiteDocumentPage = page_of(SiteDocumentOut)
LocationPage = page_of(LocationOut)
ServiceDocumentPage = page_of(ServiceDocumentOut)
