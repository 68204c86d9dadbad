"""The wire shapes of groups: sessions without names, and the members for staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.booking import Status
from clinic.scheduling.rules.groups import MOST_SEATS, SeatStatus
from clinic.scheduling.rules.recurrence import MOST_VISITS, Rhythm
from clinic.scheduling.rules.series import Policy
from clinic.scheduling.schemas.series import ElsewhereShape, FirstIn
from clinic.scheduling.schemas.times import DiaryDate, DiaryInstant, PeriodQuery
from clinic.web.schema import Instant, WireSchema, code_field

_DATES = validate.Length(max=MOST_VISITS)
_SEATS = validate.Range(min=1, max=MOST_SEATS)


class GroupsQuery(PeriodQuery):
    """Which sessions one looks for; `mine`: with a seat of one's own."""

    practitioner = fields.UUID(load_default=None)
    series = fields.UUID(load_default=None)
    mine = fields.Boolean(load_default=False)


class GroupIn(FirstIn):
    """A session to plan, or with `rhythm` a series of them."""

    service = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    modality = code_field(Modality, required=True)
    capacity = fields.Integer(load_default=None, allow_none=True, strict=True, validate=_SEATS)
    rhythm = code_field(Rhythm, load_default=None, allow_none=True)
    count = fields.Integer(load_default=None, allow_none=True, strict=True)
    until = DiaryDate(load_default=None, allow_none=True)
    tz = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    policy = code_field(Policy, load_default=Policy.ALL_OR_NONE)
    moved = fields.List(fields.Nested(ElsewhereShape), load_default=list, validate=_DATES)
    left_out = fields.List(DiaryInstant(), load_default=list, validate=_DATES)

    @validates_schema
    def ends_only_what_repeats(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse an end without a rhythm."""
        if data.get("rhythm") is None and (data.get("count") is not None or data.get("until") is not None):
            raise ValidationError("Say how often: weekly, fortnightly or monthly.", field_name="rhythm")


class GroupSeatsIn(WireSchema):
    """How many seats a session is to have."""

    capacity = fields.Integer(required=True, strict=True, validate=_SEATS)


class GroupMoveIn(WireSchema):
    """Where a session goes."""

    starts_at = DiaryInstant(required=True)


class SeatIn(WireSchema):
    """Whose seat (staff say so), and whether to wait where none is free."""

    patient = fields.UUID(load_default=None, allow_none=True)
    wait = fields.Boolean(load_default=False)


class AttendanceIn(WireSchema):
    """Whether a member came; `booked` takes back what was said."""

    status = code_field(
        SeatStatus,
        required=True,
        validate=validate.OneOf([SeatStatus.ATTENDED, SeatStatus.MISSED, SeatStatus.BOOKED]),
    )


class GroupActsOut(WireSchema):
    """What the reader may do with a session now."""

    join = fields.Boolean(required=True)
    leave = fields.Boolean(required=True)
    note = fields.Boolean(required=True)
    change = fields.Boolean(required=True)


class GroupOut(WireSchema):
    """A session as its reader may see it; `seat` is the reader's own."""

    id = fields.UUID(required=True)
    status = code_field(Status, required=True)
    service = fields.UUID(required=True)
    service_name = fields.String(required=True)
    practitioner = fields.UUID(required=True)
    practitioner_name = fields.String(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    offset = fields.String(required=True)
    modality = code_field(Modality, required=True)
    site = fields.UUID(required=True, allow_none=True)
    site_name = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
    series_id = fields.UUID(required=True, allow_none=True)
    capacity = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    seat = code_field(SeatStatus, required=True, allow_none=True)
    may = fields.Nested(GroupActsOut, required=True)


class GroupMemberOut(WireSchema):
    """Who has or had a seat."""

    patient = fields.UUID(required=True)
    patient_name = fields.String(required=True)
    status = code_field(SeatStatus, required=True)
    asked_at = Instant(required=True)


class WholeGroupOut(GroupOut):
    """One session; `members` is null for all but staff."""

    members = fields.List(fields.Nested(GroupMemberOut), required=True, allow_none=True)
