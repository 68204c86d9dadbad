"""What content is bound to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.integration.vault.content import BINDING


def test_a_previous_digest_has_its_size() -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        replace(BINDING, previous_sha256=b"")


def test_versions_fit_their_field() -> None:
    with pytest.raises(OverflowError):
        _ = replace(BINDING, version=-1).context


def test_the_order_of_what_is_bound_is_part_of_the_format() -> None:
    """Stored blobs depend on these bytes: a change is a new label, never an edit."""
    assert replace(BINDING, previous_sha256=bytes(32)).context == [
        bytes(15) + b"\x01",
        bytes(15) + b"\x02",
        b"\0\0\0\x01",
        b"general",
        b"note",
        bytes(15) + b"\x03",
        bytes(32),
    ]
