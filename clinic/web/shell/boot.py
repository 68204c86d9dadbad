"""What each page is told about itself: who is signed in, the language, the clinic. Nothing clinical."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from clinic.access.actor import Actor
from clinic.config import Settings
from clinic.web.csrf import csrf_token
from clinic.web.language import direction
from clinic.web.profile import ClinicProfile
from clinic.web.shell.texts import brand


def boot_data(
    settings: Settings, profile: ClinicProfile, actor: Actor | None, language: str, now: datetime
) -> dict[str, object]:
    """Return the boot data of one page, drawn at `now`."""
    token = csrf_token(settings.secret_key, actor.session_id) if actor and actor.session_id else ""
    return {
        "user": _user(actor) if actor else None,
        "csrf_token": token,
        "language": language,
        "dir": direction(language),
        "clinic": {
            "name": brand(profile, language),
            "tz": profile.tz,
            "languages": list(profile.languages),
            "digits": profile.digits,
            "week_start": profile.week_start,
            "phone": profile.phone,
            "texts": settings.sends_texts,
        },
        "clock": _clock(now, actor.tz if actor else profile.tz),
        "demo": settings.demo,
    }


def _clock(now: datetime, tz: str) -> dict[str, object]:
    """Return the wall time of `now`, since browsers carry stale zone rules."""
    wall = now.astimezone(ZoneInfo(tz)).isoformat(timespec="minutes")
    return {"local": wall[:16], "offset": wall[16:], "tz": tz}


def _user(actor: Actor) -> dict[str, object]:
    return {
        "id": str(actor.account_id),
        "roles": sorted(actor.roles),
        "patient_id": str(actor.patient_id) if actor.patient_id else None,
        "practitioner_id": str(actor.practitioner_id) if actor.practitioner_id else None,
        "language": actor.language,
        "tz": actor.tz,
    }
