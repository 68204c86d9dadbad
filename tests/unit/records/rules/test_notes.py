"""The texts, states and signatures of notes, from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.ids import NoteId, PatientId, PractitionerId
from clinic.records.rules import content, notes
from clinic.records.rules.content import Content, Section
from clinic.records.rules.notes import VersionKind, VersionStatus
from clinic.records.rules.signature import Statement
from clinic.records.rules.templates import TEMPLATES

sections = st.builds(Section, st.text(max_size=20), st.text(max_size=80))
contents = st.builds(Content, st.lists(sections, max_size=4).map(tuple), st.none() | st.text(max_size=40))
STATEMENT = Statement(
    patient_id=PatientId(UUID(int=1)),
    note_id=NoteId(UUID(int=2)),
    version=3,
    signer_id=PractitionerId(UUID(int=4)),
    digest=bytes(32),
    signed_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
    previous=None,
)


@given(contents)
def test_reads_back_every_text(text: Content) -> None:
    assert content.decode(text.encode()) == text


@given(contents, contents)
def test_equal_bytes_are_equal_texts(one: Content, other: Content) -> None:
    assert (one.encode() == other.encode()) is (one == other)


@pytest.mark.parametrize(
    ("kind", "signed", "status"),
    [
        (VersionKind.DRAFT, False, VersionStatus.DRAFT),
        (VersionKind.DRAFT, True, VersionStatus.SIGNED),
        (VersionKind.AMENDMENT, True, VersionStatus.AMENDED),
        (VersionKind.CONFLICT, False, VersionStatus.CONFLICT),
    ],
)
def test_names_what_a_version_is(kind: VersionKind, signed: bool, status: VersionStatus) -> None:
    assert notes.version_status(kind, signed=signed) is status


def test_a_text_on_an_older_version_is_a_conflict() -> None:
    assert notes.lands_as(base=3, current=3) is VersionKind.DRAFT
    assert notes.lands_as(base=2, current=3) is VersionKind.CONFLICT


@pytest.mark.parametrize(
    ("tag", "version"),
    [('"12"', 12), ('W/"12"', 12), ("12", 12), ('"abc"', None), ("*", None), ('""', None), ('"١٢"', None)],
)
def test_reads_the_version_in_an_etag(tag: str, version: int | None) -> None:
    assert notes.version_of(tag) == version


def test_an_etag_reads_back() -> None:
    assert notes.version_of(notes.etag(7)) == 7


def test_a_statement_differs_with_everything_that_it_says() -> None:
    changed = [
        replace(STATEMENT, patient_id=PatientId(UUID(int=9))),
        replace(STATEMENT, note_id=NoteId(UUID(int=9))),
        replace(STATEMENT, version=9),
        replace(STATEMENT, signer_id=PractitionerId(UUID(int=9))),
        replace(STATEMENT, digest=bytes(31) + b"\x01"),
        replace(STATEMENT, signed_at=datetime(2026, 11, 21, 13, tzinfo=UTC)),
        replace(STATEMENT, previous=b"signature"),
    ]
    assert len({one.message() for one in [STATEMENT, *changed]}) == 8


def test_every_template_speaks_three_languages() -> None:
    assert set(TEMPLATES) == {"dap", "free", "soap"}
    for template in TEMPLATES.values():
        for language in ("ar", "fr", "en"):
            assert template.titles[language]
            assert all(section.title and not section.text for section in template.empty(language))
