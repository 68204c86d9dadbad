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
