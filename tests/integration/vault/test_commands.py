"""`clinic keys ...` on the files of a clinic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from clinic.cli import main
from clinic.clock import SystemClock
from clinic.config import Settings
from clinic.db.engine import Database
from clinic.db.transaction import transaction
from clinic.errors import ConfigurationError
from clinic.supervision.doctor import Finding, examine
from clinic.vault import build_vault, initialise
from clinic.vault.cli import keys
from clinic.vault.key_tables import Dek, DekWrap
from tests.fakes.clock import FakeClock

Run = Callable[..., Result]


@pytest.fixture
def settings(settings: Settings, clock: FakeClock, tmp_path: Path) -> Settings:
    """Settings of a clinic whose keys nobody has used."""
    unused = replace(
        settings,
        keys_database_url=f"sqlite:///{tmp_path}/unused/keys.db",
        root_key_file=tmp_path / "unused" / "root.key",
    )
    initialise(unused, clock)
    return unused


@pytest.fixture
def run(settings: Settings) -> Run:
    """Run a command of the group on the clinic of `settings`."""

    def invoke(*arguments: str, clinic: Settings = settings) -> Result:
        return CliRunner().invoke(keys, arguments, obj=clinic, catch_exceptions=True)

    return invoke


def _use_keys(settings: Settings, clock: FakeClock) -> bytes:
    vault = build_vault(settings, clock)
    blob = vault.fields.seal(UUID(int=1), "name", "Leila")
    vault.close()
    return blob


def test_init_makes_keys_once_and_says_what_to_do_with_the_root_key(
    run: Run, settings: Settings, tmp_path: Path
) -> None:
    fresh = replace(
        settings,
        keys_database_url=f"sqlite:///{tmp_path}/new/keys.db",
        root_key_file=tmp_path / "etc" / "root.key",
    )
    first = run("init", clinic=fresh)
    assert "keys made" in first.output
    assert f"Copy {fresh.root_key_file} to paper" in first.output
    assert (tmp_path / "new" / "keys.db").stat().st_mode & 0o777 == 0o600
    assert run("init", clinic=fresh).output == "keys are in place\n"


def test_init_takes_a_passphrase_in_place_of_a_root_file(settings: Settings, tmp_path: Path) -> None:
    words = tmp_path / "passphrase"
    words.write_text("correct horse battery staple\n")
    fresh = replace(
        settings,
        keys_database_url=f"sqlite:///{tmp_path}/new/keys.db",
        root_key_passphrase_file=words,
        root_key_file=tmp_path / "none",
    )
    clock = SystemClock()
    assert initialise(fresh, clock)
    assert not fresh.root_key_file.exists()
    build_vault(fresh, clock).close()
    words.write_text("wrong horse battery staple\n")
    with pytest.raises(ConfigurationError, match=r"root key \(passphrase\) does not open"):
        build_vault(fresh, clock)


def test_a_lost_root_key_is_never_replaced(settings: Settings, clock: FakeClock) -> None:
    settings.root_key_file.unlink()
    with pytest.raises(ConfigurationError, match="there is no root key"):
        initialise(settings, clock)
    assert not settings.root_key_file.exists()


def test_a_lost_key_store_stops_the_start(settings: Settings, clock: FakeClock) -> None:
    Path(settings.keys_database_url.removeprefix("sqlite:///")).unlink()
    with pytest.raises(ConfigurationError, match="there is no key store"):
        build_vault(settings, clock)


def test_the_root_key_of_another_clinic_stops_the_start(
    settings: Settings, clock: FakeClock, tmp_path: Path
) -> None:
    other = replace(
        settings,
        keys_database_url=f"sqlite:///{tmp_path}/other/keys.db",
        root_key_file=tmp_path / "other" / "root.key",
    )
    initialise(other, clock)
    with pytest.raises(ConfigurationError, match="belongs to another key store"):
        build_vault(replace(settings, root_key_file=other.root_key_file), clock)


@pytest.mark.parametrize("opening", [initialise, build_vault])
def test_keys_never_lie_in_the_data_store(
    settings: Settings, clock: FakeClock, opening: Callable[[Settings, FakeClock], object]
) -> None:
    beside = replace(settings, keys_database_url=settings.database_url)
    with pytest.raises(ConfigurationError, match="database of their own"):
        opening(beside, clock)


def test_rotate_and_rewrap_keep_everything_readable(run: Run, settings: Settings, clock: FakeClock) -> None:
    blob = _use_keys(settings, clock)
    assert run("rotate").output == "version 2 is active\n"
    assert run("rewrap").output == "1 data keys rewrapped, 1 clinic keys destroyed\n"
    assert run("rewrap").output == "0 data keys rewrapped, 0 clinic keys destroyed\n"
    assert run("verify").output == "1 clinic keys, 3 data keys, 0 broken\n"
    vault = build_vault(settings, clock)
    assert vault.fields.open(UUID(int=1), "name", blob) == "Leila"
    vault.close()


def test_verify_ends_with_an_error_when_a_key_does_not_open(
    run: Run, settings: Settings, clock: FakeClock
) -> None:
    _use_keys(settings, clock)
    store = Database(settings.keys_database_url)
    with transaction(store) as session:
        session.scalars(select(DekWrap)).one().wrapped = bytes(60)
        name = str(session.scalars(select(Dek.id)).one())
    store.dispose()
    result = run("verify")
    assert result.exit_code == 1
    assert f"does not open: dek {name}" in result.output


def test_sweep_refuses_a_data_store_that_is_not_the_clinics(run: Run) -> None:
    result = run("sweep", "--destroy")
    assert result.exit_code == 1


def test_sweep_counts_first_and_destroys_when_told(run: Run, settings: Settings, clock: FakeClock) -> None:
    patient, never = UUID(int=21), UUID(int=22)
    vault = build_vault(settings, FakeClock(datetime(2020, 1, 1, tzinfo=UTC)))
    for owner in (patient, never):
        vault._keyring.active("general", owner)
    data = Database(settings.database_url)
    with data.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO patient (id, name_sealed, language, created_by, created_at)"
            f" VALUES ('{patient.hex}', x'00', 'ar', '{patient.hex}', '2026-01-01 00:00:00')"
        )
    assert run("sweep").output == "1 orphan keys, 0 destroyed\n"
    assert run("sweep", "--destroy").output == "1 orphan keys, 1 destroyed\n"
    assert run("sweep", "--destroy").output == "0 orphan keys, 0 destroyed\n"
    assert run("verify").output == "1 clinic keys, 3 data keys, 0 broken\n"
    data.dispose()
    vault.close()


def test_the_doctor_says_whether_the_keys_open(settings: Settings) -> None:
    assert Finding(True, "The root key opens the key store.") in list(examine(settings))
    settings.root_key_file.unlink()
    found = [finding for finding in examine(settings) if "no root key" in finding.sentence]
    assert [finding.well for finding in found] == [False]


def test_the_group_is_part_of_the_command_line() -> None:
    context = click.Context(main)
    assert {"keys", "audit"} <= set(main.list_commands(context))
