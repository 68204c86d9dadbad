"""Every route and socket event says who may use it, and every permission has a policy."""

from __future__ import annotations

from flask import Flask

from clinic.access.permissions import Permission
from clinic.web.guards import PUBLIC, guard_of

# Open to anyone, and why; a new one needs a reason here.
OPEN = {
    "/healthz": "supervisors ask it",
    "/readyz": "proxies ask it",
    "/metrics": "counts by route; the proxy keeps it inside",
    "/": "the public home; each page's data has guards of its own",
    "/<path:path>": "frames of pages; each page's data has guards of its own",
    "/static/app/<path:name>": "scripts and styles are the same for all",
    "/crisis": "help needs no sign-in",
    "/api/v1/crisis": "help needs no sign-in",
    "/api/v1/registrations": "nobody who registers has an account",
    "/api/v1/registrations/verify": "the token is the proof",
    "/api/v1/password-resets": "who forgot the password cannot sign in",
    "/api/v1/password-resets/confirm": "the token is the proof",
    "/api/v1/invitations/<string:token>/accept": "the token is the proof",
    "/api/v1/session": "signing in; asking who is signed in; signing out, however late",
    "/api/v1/consent-forms": "people read what they may agree to before they sign in",
    "/api/v1/services": "people choose a visit before they sign in",
    "/api/v1/practitioners": "people choose whom to see before they sign in",
    "/api/v1/slots": "free times tell of nobody",
    "/calendar/<string:token>.ics": "calendar programs do not sign in; the token is the proof",
    "/api/v1/openapi.json": "the description of the API holds no data",
    "/api/docs": "the same, for people",
    "/api/v1/demo/mailbox": "the demo's people are invented; absent outside demo mode",
}


def test_every_route_declares_a_permission(app: Flask) -> None:
    undeclared = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if guard_of(app.view_functions[rule.endpoint]) is None and rule.rule not in OPEN
    ]
    assert undeclared == []


def test_what_is_open_to_anyone_is_listed_with_a_reason(app: Flask) -> None:
    opened = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if guard_of(app.view_functions[rule.endpoint]) == PUBLIC
    }
    assert opened - set(OPEN) == set()


def test_every_declared_permission_exists(app: Flask) -> None:
    declared = {guard_of(view) for view in app.view_functions.values()} - {None, PUBLIC}
    assert declared <= set(Permission)
