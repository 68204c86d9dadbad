"""Settings are refused at start when they are unsafe, and the sentence names the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from clinic.config import settings_from
from clinic.errors import ConfigurationError

PRODUCTION = {
    "CLINIC_PRODUCTION": "1",
    "BASE_URL": "https://clinic.example",
    "CLINIC_TRUSTED_PROXIES": "1",
    "CLINIC_SECRET_KEY": "s" * 64,
    "CLINIC_ROOT_KEY_FILE": "/etc/sakina/root.key",
}


def test_starts_in_production_with_safe_settings(tmp_path: Path) -> None:
    settings = settings_from({**PRODUCTION, "DATA_DIR": str(tmp_path)})
    assert settings.secure_cookies
    assert settings.origin == "https://clinic.example"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"CLINIC_SECRET_KEY": ""}, "CLINIC_SECRET_KEY"),
        ({"CLINIC_SECRET_KEY": "short"}, "CLINIC_SECRET_KEY"),
        ({"CLINIC_ROOT_KEY_FILE": ""}, "CLINIC_ROOT_KEY_FILE"),
        ({"BASE_URL": "http://localhost:8000"}, "BASE_URL"),
        ({"CLINIC_TRUSTED_PROXIES": "0"}, "CLINIC_TRUSTED_PROXIES"),
        ({"CLINIC_DEMO": "1"}, "CLINIC_DEMO"),
        ({"CLINIC_MEDIA_LOOPBACK": "1"}, "CLINIC_MEDIA_LOOPBACK"),
        ({"CLINIC_CALENDAR_TEST_HOSTS": "127.0.0.1:8080"}, "CLINIC_CALENDAR_TEST_HOSTS"),
        ({"BASE_URL": "http://clinic.example"}, "BASE_URL"),
        ({"TURN_URL": "turn:clinic.example:3478"}, "TURN_SECRET"),
        ({"SFU": "other"}, "SFU"),
        ({"PORT": "web"}, "PORT"),
        ({"CLINIC_LANGUAGES": "he"}, "CLINIC_LANGUAGES"),
        ({"CLINIC_DIGITS": "roman"}, "CLINIC_DIGITS"),
        ({"CLINIC_DEMO": "maybe"}, "CLINIC_DEMO"),
    ],
)
def test_refuses_to_start_and_names_the_setting(tmp_path: Path, change: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        settings_from({**PRODUCTION, "DATA_DIR": str(tmp_path), **change})


def test_makes_a_secret_once_and_keeps_it_for_its_owner_only(tmp_path: Path) -> None:
    first = settings_from({"DATA_DIR": str(tmp_path)}).secret_key
    assert settings_from({"DATA_DIR": str(tmp_path)}).secret_key == first
    assert (tmp_path / "keys" / "secret.key").stat().st_mode & 0o077 == 0


def test_lists_the_outside_hosts_it_may_talk_to(tmp_path: Path) -> None:
    settings = settings_from(
        {
            "DATA_DIR": str(tmp_path),
            "SMTP_URL": "smtp://mail.clinic.example:25",
            "REDIS_URL": "redis://localhost",
        }
    )
    assert settings.outside_hosts() == ["mail.clinic.example"]
