"""Settings: read once from the environment, frozen, and refused at start when unsafe.

Every setting stands in `.env.example` and in docs/operations.md; a test holds the three together.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from clinic.errors import ConfigurationError

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LANGUAGES = ("ar", "fr", "en")
_STEP = re.compile(r"(\d{1,5})([dhm])")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_SHORTEST_STEP, _LONGEST_STEP = timedelta(minutes=30), timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation decides; times of day and zones are IANA, sizes in bytes."""

    base_url: str
    port: int
    data_dir: Path
    database_url: str = field(repr=False)
    keys_database_url: str = field(repr=False)
    secret_key: bytes = field(repr=False)
    root_key_file: Path
    root_key_passphrase_file: Path | None
    redis_url: str = field(repr=False)
    smtp_url: str = field(repr=False)
    sms_gateway_url: str = field(repr=False)
    turn_url: str
    turn_secret: str = field(repr=False)
    sfu: str
    media_socket: Path
    media_loopback: bool
    calendar_test_hosts: frozenset[str]
    clinic_name: str
    clinic_tz: str
    clinic_languages: tuple[str, ...]
    clinic_digits: str
    clinic_phone: str
    reminders: tuple[timedelta, ...]
    waitlist_offers: bool
    production: bool
    demo: bool
    trusted_proxies: int
    socket_cap: int
    sockets_per_address: int

    @property
    def secure_cookies(self) -> bool:
        """Tell whether cookies are `__Host-` and Secure; plain ones are for http on loopback only."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def origin(self) -> str:
        """Return the one origin that pages are served from."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def log_dir(self) -> Path:
        """Return where processes write their logs."""
        return self.data_dir / "log"

    @property
    def mail_dir(self) -> Path:
        """Return where letters are laid down when there is no mail server."""
        return self.data_dir / "mail"

    @property
    def sends_texts(self) -> bool:
        """Tell whether text messages go out: through the gateway, or into the demo's mailbox."""
        return bool(self.sms_gateway_url) or self.demo

    def outside_hosts(self) -> list[str]:
        """Return the hosts, apart from this machine, that the settings let the clinic talk to."""
        urls = (
            self.database_url,
            self.keys_database_url,
            self.redis_url,
            self.smtp_url,
            self.sms_gateway_url,
        )
        hosts = {urlsplit(url).hostname for url in urls if url}
        hosts.add(urlsplit(self.turn_url.replace(":", "://", 1)).hostname if self.turn_url else None)
        return sorted(host for host in hosts if host and host not in _LOOPBACK)


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`; raises ConfigurationError with the name of what is wrong."""
    data_dir = Path(environ.get("DATA_DIR") or "var").resolve()
    port = _number(environ, "PORT", 8000)
    production = _flag(environ, "CLINIC_PRODUCTION")
    passphrase_file = environ.get("CLINIC_ROOT_KEY_PASSPHRASE_FILE")
    settings = Settings(
        base_url=(environ.get("BASE_URL") or f"http://localhost:{port}").rstrip("/"),
        port=port,
        data_dir=data_dir,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{data_dir}/data/clinic.db",
        keys_database_url=environ.get("KEYS_DATABASE_URL") or f"sqlite:///{data_dir}/keys/keys.db",
        secret_key=_secret(environ, data_dir, production),
        root_key_file=Path(environ.get("CLINIC_ROOT_KEY_FILE") or data_dir / "keys" / "root.key").resolve(),
        root_key_passphrase_file=Path(passphrase_file).resolve() if passphrase_file else None,
        redis_url=environ.get("REDIS_URL", ""),
        smtp_url=environ.get("SMTP_URL", ""),
        sms_gateway_url=environ.get("SMS_GATEWAY_URL", ""),
        turn_url=environ.get("TURN_URL", ""),
        turn_secret=environ.get("TURN_SECRET", ""),
        sfu=environ.get("SFU") or "aiortc",
        media_socket=Path(environ.get("CLINIC_MEDIA_SOCKET") or data_dir / "media.sock").resolve(),
        media_loopback=_flag(environ, "CLINIC_MEDIA_LOOPBACK"),
        calendar_test_hosts=frozenset(environ.get("CLINIC_CALENDAR_TEST_HOSTS", "").split(",")) - {""},
        clinic_name=environ.get("CLINIC_NAME", ""),
        clinic_tz=environ.get("CLINIC_TZ") or "Asia/Jerusalem",
        clinic_languages=_languages(environ),
        clinic_digits=_choice(environ, "CLINIC_DIGITS", ("latn", "arab")),
        clinic_phone=environ.get("CLINIC_PHONE", ""),
        reminders=_steps(environ),
        waitlist_offers=_flag(environ, "CLINIC_WAITLIST_OFFERS", default=True),
        production=production,
        demo=_flag(environ, "CLINIC_DEMO"),
        trusted_proxies=_number(environ, "CLINIC_TRUSTED_PROXIES", 0),
        socket_cap=_number(environ, "CLINIC_SOCKET_CAP", 400),
        sockets_per_address=_number(environ, "CLINIC_SOCKETS_PER_ADDRESS", 40),
    )
    _refuse_unsafe(settings)
    return settings


def _refuse_unsafe(settings: Settings) -> None:
    """Refuse what must never hold patients' data; the rules are docs/threat-model.md, section 4."""
    if bool(settings.turn_url) != bool(settings.turn_secret):
        raise ConfigurationError("TURN_URL and TURN_SECRET are set together or not at all")
    if settings.sfu != "aiortc":
        raise ConfigurationError(f"SFU={settings.sfu} is not known; the choice is: aiortc")
    if not settings.secure_cookies and urlsplit(settings.base_url).hostname not in _LOOPBACK:
        raise ConfigurationError("BASE_URL must be https, except on localhost")
    if settings.production:
        _refuse_unsafe_production(settings)


def _refuse_unsafe_production(settings: Settings) -> None:
    if settings.demo:
        raise ConfigurationError("CLINIC_DEMO and CLINIC_PRODUCTION exclude each other")
    if settings.media_loopback:
        raise ConfigurationError("CLINIC_MEDIA_LOOPBACK is for tests only")
    if settings.calendar_test_hosts:
        raise ConfigurationError("CLINIC_CALENDAR_TEST_HOSTS is for tests only")
    if not settings.secure_cookies or settings.trusted_proxies < 1:
        raise ConfigurationError(
            "production needs an https BASE_URL, and CLINIC_TRUSTED_PROXIES: how many proxies stand in front"
        )
    if settings.root_key_file.is_relative_to(settings.data_dir) and settings.root_key_passphrase_file is None:
        raise ConfigurationError("CLINIC_ROOT_KEY_FILE must not lie below DATA_DIR in production")


def _secret(environ: Mapping[str, str], data_dir: Path, production: bool) -> bytes:
    """Return the key of CSRF and ticket MACs: from the environment, or made once and kept on disk."""
    given = environ.get("CLINIC_SECRET_KEY", "")
    if given:
        if len(given) < 32:
            raise ConfigurationError("CLINIC_SECRET_KEY must have at least 32 characters")
        return given.encode()
    if production:
        raise ConfigurationError("CLINIC_SECRET_KEY is missing; production makes none up")
    path = data_dir / "keys" / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_hex(32).encode())
    except FileExistsError:
        pass
    return path.read_bytes()


def _languages(environ: Mapping[str, str]) -> tuple[str, ...]:
    given = tuple(part.strip() for part in (environ.get("CLINIC_LANGUAGES") or "ar,fr,en").split(","))
    if not given or not set(given) <= set(_LANGUAGES):
        raise ConfigurationError("CLINIC_LANGUAGES is a list of ar, fr and en, the first being the default")
    return given


def _steps(environ: Mapping[str, str]) -> tuple[timedelta, ...]:
    """Read how long before visits people are reminded; `none` is never."""
    given = environ.get("CLINIC_REMINDERS") or "7d,2d,2h"
    if given == "none":
        return ()
    parts = given.split(",")
    found = [one for part in parts if (one := _STEP.fullmatch(part.strip())) is not None]
    steps = {int(one[1]) * _UNITS[one[2]] for one in found}
    if (
        len(found) < len(parts)
        or len(steps) > 5
        or not all(_SHORTEST_STEP <= step <= _LONGEST_STEP for step in steps)
    ):
        raise ConfigurationError(
            "CLINIC_REMINDERS is none or up to five times before a visit, from 30m to 28d, as in 7d,2d,2h"
        )
    return tuple(sorted(steps, reverse=True))


def _choice(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name) or allowed[0]
    if value not in allowed:
        raise ConfigurationError(f"{name} is one of: {', '.join(allowed)}")
    return value


def _flag(environ: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    value = environ.get(name, "").lower() or str(int(default))
    if value not in {"0", "1", "true", "false"}:
        raise ConfigurationError(f"{name} is 1 or 0")
    return value in {"1", "true"}


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, "")
    if not value:
        return default
    if not value.isdigit():
        raise ConfigurationError(f"{name} is a whole number")
    return int(value)
