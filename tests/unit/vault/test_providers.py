"""Root keys: private, checked, and never guessed at."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic.crypto.errors import Unopenable
from clinic.crypto.kdf import Cost
from clinic.errors import ConfigurationError
from clinic.vault.ports import KeyProvider
from clinic.vault.providers.passphrase import Passphrase
from clinic.vault.providers.root_file import RootFile, create_root_file

KEY = bytes(range(32))
CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
WORDS = b"correct horse battery staple"


@pytest.fixture(params=["file", "passphrase"])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> KeyProvider:
    """Each kind of provider."""
    if request.param == "passphrase":
        return Passphrase(WORDS, cost=CHEAP)
    create_root_file(tmp_path / "root.key")
    return RootFile(tmp_path / "root.key")


def test_unwraps_what_it_wrapped_for_the_same_context(provider: KeyProvider) -> None:
    wrapped = provider.wrap(KEY, [b"kek 1"])
    assert provider.unwrap(wrapped, [b"kek 1"]) == KEY
    with pytest.raises(Unopenable):
        provider.unwrap(wrapped, [b"kek 2"])
    with pytest.raises(Unopenable):
        provider.unwrap(wrapped[:-1], [b"kek 1"])


def test_refuses_a_flip_of_any_byte(provider: KeyProvider) -> None:
    wrapped = provider.wrap(KEY, [b"kek 1"])
    cost = 9 if provider.name == "passphrase" else 0  # a forged cost is another test: it may be slow
    for position in range(cost, len(wrapped)):
        altered = bytearray(wrapped)
        altered[position] ^= 1
        with pytest.raises(Unopenable):
            provider.unwrap(bytes(altered), [b"kek 1"])


def test_the_root_file_is_its_owners_alone_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "made" / "root.key"
    create_root_file(path)
    assert path.stat().st_mode & 0o777 == 0o400
    before = path.read_text()
    with pytest.raises(FileExistsError):
        create_root_file(path)
    assert path.read_text() == before


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o640, 0o444])
def test_refuses_a_root_file_that_others_may_read(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "root.key"
    create_root_file(path)
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match="readable by others"):
        RootFile(path)


def test_refuses_a_missing_root_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="clinic keys init"):
        RootFile(tmp_path / "root.key")


def test_refuses_a_folder_in_place_of_a_root_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        RootFile(tmp_path)


def test_notices_a_mistyped_digit_and_does_not_repeat_the_key(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    create_root_file(path)
    key = path.read_text().split(":")[1]
    wrong = ("0" if key[0] != "0" else "1") + key[1:]
    path.chmod(0o600)
    for text in (path.read_text().replace(key, wrong), "", "x" * 300, path.read_text()[:40], "é" * 5):
        path.write_text(text)
        with pytest.raises(ConfigurationError) as refused:
            RootFile(path)
        assert wrong[:8] not in str(refused.value)


def test_notices_a_key_of_another_size(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    # The checksum is right: SHA-256 of "00" starts with f1534392.
    path.write_text("sakina-root-1:00:f1534392\n")
    path.chmod(0o400)
    with pytest.raises(ConfigurationError, match="1 bytes instead of 32"):
        RootFile(path)


def test_refuses_a_short_passphrase() -> None:
    with pytest.raises(ConfigurationError, match="fewer than 20"):
        Passphrase(b"hunter2")


def test_reads_the_passphrase_from_a_file_without_its_newline(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    path.write_bytes(WORDS + b"\n")
    wrapped = Passphrase(WORDS, cost=CHEAP).wrap(KEY, [])
    assert Passphrase.from_file(path).unwrap(wrapped, []) == KEY
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Passphrase.from_file(tmp_path / "nothing")


def test_asks_for_256_mebibytes_and_three_passes_unless_told_otherwise() -> None:
    wrapped = Passphrase(WORDS).wrap(KEY, [])
    assert wrapped[:9] == (256 * 1024).to_bytes(4, "big") + (3).to_bytes(4, "big") + bytes([4])
    assert Passphrase(WORDS, cost=CHEAP).unwrap(wrapped, []) == KEY


@pytest.mark.parametrize(
    ("memory_kib", "passes", "lanes"), [(1 << 31, 1, 1), (64, 0, 1), (64, 1, 0), (64, 999, 1), (7, 1, 1)]
)
def test_refuses_a_cost_that_was_never_ours(memory_kib: int, passes: int, lanes: int) -> None:
    wrapped = Passphrase(WORDS, cost=CHEAP).wrap(KEY, [])
    forged = memory_kib.to_bytes(4, "big") + passes.to_bytes(4, "big") + bytes([lanes]) + wrapped[9:]
    with pytest.raises(Unopenable):
        Passphrase(WORDS, cost=CHEAP).unwrap(forged, [])
