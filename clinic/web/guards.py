"""Every route and socket event says who may use it; one that says nothing is not registered.

The guard leaves an attribute on the function, so that tests can walk them all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from clinic.access.actor import Actor
from clinic.access.permissions import WITHIN_A_ROOM, Facts, Permission
from clinic.errors import Denied, NotFound, Unauthenticated
from clinic.web.runtime import actor, runtime

GUARD = "__clinic_guard__"
PUBLIC = "public"

F = TypeVar("F", bound=Callable[..., Any])


def public(function: F) -> F:
    """Mark `function` as open to anyone, signed in or not."""
    setattr(function, GUARD, PUBLIC)
    return function


def requires(permission: Permission, *, step_up: bool = False) -> Callable[[F], F]:
    """Let only those in whom `permission` allows; the URL's arguments are the facts.

    Raises Unauthenticated (nobody signed in), Denied (staff) or NotFound (everybody else: a refusal
    tells them no more than an absence), and Denied `step_up_required` where proof must be fresh.
    """

    def decorate(function: F) -> F:
        @wraps(function)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            check(actor(), permission, kwargs, step_up=step_up)
            return function(*args, **kwargs)

        setattr(guarded, GUARD, permission)
        return guarded  # type: ignore[return-value]

    return decorate


def check(who: Actor, permission: Permission, facts: Facts, *, step_up: bool = False) -> None:
    """Raise unless `who` may do `permission` given `facts`."""
    parts = runtime()
    if not _awake(who, permission, facts):
        raise Unauthenticated("session_idle")
    if not parts.permits.allows(who, permission, facts):
        raise Denied("not_permitted") if who.is_staff else NotFound()
    if step_up and not who.stepped_up(parts.clock.now()):
        raise Denied("step_up_required")


def _awake(who: Actor, permission: Permission, facts: Facts) -> bool:
    """Tell whether the session's life reaches this far; only an admitted seat's outlives the idle limit."""
    if who.confined_to is None:
        return True
    elsewhere = "appointment_id" in facts and facts["appointment_id"] != who.confined_to
    return permission in WITHIN_A_ROOM and not elsewhere


def guard_of(function: Callable[..., object]) -> str | None:
    """Return the permission or `public` that `function` declares, or None."""
    found = getattr(function, GUARD, None)
    return None if found is None else str(found)
