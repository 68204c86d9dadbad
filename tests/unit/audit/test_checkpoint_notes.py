"""A checkpoint survives the way to paper and back, and nothing else passes for one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clinic.audit.checkpoints import Checkpoint, SignedCheckpoint, read_note
from clinic.crypto import signing

SEED = bytes(range(32))
PUBLIC = signing.public_key(SEED)
CHECKPOINT = Checkpoint(seq=42, at=datetime(2026, 11, 22, 9, 0, 0, 123456, tzinfo=UTC), head=bytes(range(32)))
SIGNED = SignedCheckpoint(CHECKPOINT, PUBLIC, signing.sign(SEED, CHECKPOINT.text))


def test_reads_back_what_it_wrote() -> None:
    assert read_note(SIGNED.note, frozenset({PUBLIC})) == SIGNED


def test_has_the_shape_of_a_signed_note() -> None:
    assert SIGNED.note.splitlines()[:4] == [
        "sakina-audit",
        "42",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "2026-11-22T09:00:00.123456+00:00",
    ]
    assert SIGNED.note.splitlines()[5].startswith("— sakina-audit ")


@pytest.mark.parametrize(("old", "new"), [("\n42\n", "\n43\n"), ("AAEC", "BBEC"), ("09:00", "10:00")])
def test_refuses_a_note_whose_text_was_changed(old: str, new: str) -> None:
    with pytest.raises(ValueError, match="not signed by this clinic"):
        read_note(SIGNED.note.replace(old, new), frozenset({PUBLIC}))


def test_refuses_the_key_of_another_clinic() -> None:
    with pytest.raises(ValueError, match="not signed by this clinic"):
        read_note(SIGNED.note, frozenset({signing.public_key(bytes(32))}))


@pytest.mark.parametrize("note", ["", "nothing\n\nof the kind", SIGNED.note.replace("AAEC", "!!!!")])
def test_refuses_what_is_no_note(note: str) -> None:
    with pytest.raises(ValueError, match="not a checkpoint"):
        read_note(note, frozenset({PUBLIC}))
