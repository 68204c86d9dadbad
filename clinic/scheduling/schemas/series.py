"""The wire shapes of series: what is asked for, each date as it was judged, the series itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from clinic.scheduling.rules.availability import Modality
from clinic.scheduling.rules.recurrence import MOST_VISITS, Rhythm
from clinic.scheduling.rules.series import Fate, Policy
from clinic.scheduling.schemas.times import DiaryDate, DiaryInstant, WallTime
from clinic.scheduling.schemas.visits import AppointmentOut, OverrideIn
from clinic.scheduling.services.series.parts import Scope
from clinic.web.schema import Instant, WireSchema, code_field, text_field

_DATES = validate.Length(max=MOST_VISITS)


class PreviewQuery(WireSchema):
    """Whether to look only: `?preview=1` changes nothing."""

    preview = fields.Boolean(load_default=False)


class ElsewhereShape(WireSchema):
    """One date of the series (`instead_of`) that is to be at another time."""

    instead_of = DiaryInstant(required=True)
    starts_at = DiaryInstant(required=True)


class FirstIn(WireSchema):
    """When the first date is: an instant, or what clocks at the place show (`local`)."""

    starts_at = DiaryInstant(load_default=None, allow_none=True)
    local = WallTime(load_default=None, allow_none=True)

    @validates_schema
    def is_said_once(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse both and neither."""
        if (data.get("starts_at") is None) == (data.get("local") is None):
            raise ValidationError("Say when, in one way.", field_name="starts_at")


class RhythmIn(FirstIn):
    """A rhythm: its first date, how often, and its end after `count` dates or with the last until a day."""

    rhythm = code_field(Rhythm, required=True)
    count = fields.Integer(load_default=None, allow_none=True, strict=True)
    until = DiaryDate(load_default=None, allow_none=True)
    tz = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    policy = code_field(Policy, load_default=Policy.ALL_OR_NONE)
    moved = fields.List(fields.Nested(ElsewhereShape), load_default=list, validate=_DATES)
    left_out = fields.List(DiaryInstant(), load_default=list, validate=_DATES)


class OverIn(WireSchema):
    """What is done over others: `over` names it, and `override` says why."""

    override = fields.Nested(OverrideIn, load_default=None, allow_none=True)

    @validates_schema
    def says_why(self, data: Mapping[str, Any], **_options: object) -> None:
        """Refuse to go over others without a reason, and a reason without a date."""
        if data.get("over") and not data.get("override"):
            raise ValidationError("Say why.", field_name="override")
        if data.get("override") and not data.get("over"):
            raise ValidationError("Name the dates.", field_name="over")


class SeriesIn(RhythmIn, OverIn):
    """A series to book for one patient; the desk books the dates `over` over others, and says why."""

    service = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    patient = fields.UUID(required=True)
    modality = code_field(Modality, required=True)
    over = fields.List(DiaryInstant(), load_default=list, validate=_DATES)


class MomentOut(WireSchema):
    """A free time near one that is taken."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    offset = fields.String(required=True)


class OccurrenceOut(MomentOut):
    """One date of a series: free or why not; `instead_of` is the time that it moves from.

    With `over` it is booked all the same, over what it meets.
    """

    fate = code_field(Fate, required=True)
    over = fields.Boolean(required=True)
    alternatives = fields.List(fields.Nested(MomentOut), required=True)
    instead_of = Instant(required=True, allow_none=True)
    appointment = fields.UUID(required=True, allow_none=True)


class SeriesPreviewOut(WireSchema):
    """Every date of a series, before anything is booked or moved."""

    occurrences = fields.List(fields.Nested(OccurrenceOut), required=True)


class GapOut(WireSchema):
    """A date that was left out, by the wall time it would have had."""

    local = fields.String(required=True)
    fate = code_field(Fate, required=True)


class SeriesOut(WireSchema):
    """A series with its visits and the dates that were left out."""

    id = fields.UUID(required=True)
    patient = fields.UUID(required=True)
    practitioner = fields.UUID(required=True)
    service = fields.UUID(required=True)
    modality = code_field(Modality, required=True)
    rhythm = code_field(Rhythm, required=True)
    local = fields.String(required=True)
    tz = fields.String(required=True)
    count = fields.Integer(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    version = fields.Integer(required=True)
    visits = fields.List(fields.Nested(AppointmentOut), required=True)
    skipped = fields.List(fields.Nested(GapOut), required=True)


class PartIn(WireSchema):
    """Which visits: the one named, it and those that follow, or all still to come."""

    scope = code_field(Scope, required=True)
    named = fields.UUID(data_key="from", load_default=None, allow_none=True)


class SeriesMoveIn(PartIn, OverIn):
    """Where the named visit goes; the others go with it, as many days on and to the same time of day.

    Each stays with whoever holds it unless `practitioner` says with whom. The desk moves the visits `over`
    over what is in their way, and says why.
    """

    starts_at = DiaryInstant(required=True)
    practitioner = fields.UUID(load_default=None, allow_none=True)
    policy = code_field(Policy, load_default=Policy.ALL_OR_NONE)
    over = fields.List(fields.UUID(), load_default=list, validate=_DATES)


class SeriesCancelIn(PartIn):
    """Why the visits are called off, if one likes to say."""

    reason = text_field(500, load_default=None, allow_none=True)


class SeriesMovedOut(WireSchema):
    """Where each visit goes: what is not free stays where it was. The series is null in a preview."""

    series = fields.Nested(SeriesOut, required=True, allow_none=True)
    occurrences = fields.List(fields.Nested(OccurrenceOut), required=True)


class SeriesCancelledOut(WireSchema):
    """The visits that are called off. The series is null in a preview."""

    series = fields.Nested(SeriesOut, required=True, allow_none=True)
    visits = fields.List(fields.Nested(AppointmentOut), required=True)
