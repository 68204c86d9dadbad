"""One's own account: who one is and how one is spoken to."""

from __future__ import annotations

from typing import Any

from clinic.access.permissions import Permission
from clinic.identity.schemas.sessions import PreferencesIn, PreferencesOut, UserOut
from clinic.identity.services import people, preferences
from clinic.web.blueprint import Blueprint
from clinic.web.guards import requires
from clinic.web.runtime import actor, runtime, snapshot, transaction

bp = Blueprint("account", __name__, description="One's own account")


@bp.route("/me", methods=["GET"])
@requires(Permission.PREFERENCES_OWN)
@bp.response(200, UserOut)
def me() -> people.User:
    """Tell who is signed in."""
    with snapshot() as session:
        return people.user_of(session, actor=actor(), fields=runtime().vault.fields)


@bp.route("/me/preferences", methods=["GET"])
@requires(Permission.PREFERENCES_OWN)
@bp.response(200, PreferencesOut)
def read_preferences() -> preferences.Preferences:
    """Tell how one is spoken and written to."""
    with snapshot() as session:
        return preferences.preferences_of(session, actor=actor(), fields=runtime().vault.fields)


@bp.route("/me/preferences", methods=["PATCH"])
@requires(Permission.PREFERENCES_OWN)
@bp.arguments(PreferencesIn)
@bp.response(200, PreferencesOut)
def change_preferences(body: dict[str, Any]) -> preferences.Preferences:
    """Change how one is spoken and written to; what is left out stays."""
    channels = body.get("channels", {})
    with transaction() as session:
        return preferences.change_preferences(
            session,
            actor=actor(),
            clock=runtime().clock,
            fields=runtime().vault.fields,
            language=body.get("language"),
            tz=body.get("tz"),
            mail_wanted=channels.get("email"),
            sms_wanted=channels.get("sms"),
            reminders_wanted=channels.get("reminders"),
            phone=body.get("phone"),
        )
