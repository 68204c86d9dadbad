"""Which changes of roles may be made by whom: nobody raises themself, and somebody can always administer."""

from __future__ import annotations

from dataclasses import dataclass

from clinic.access.actor import STAFF, Role

TREATING = frozenset({Role.PRACTITIONER, Role.SUPERVISOR})
# Whoever gains one of these reads or decides more than before: the others who watch over that are told.
TELLING = TREATING | {Role.CLINIC_ADMIN, Role.PRIVACY_OFFICER}


@dataclass(frozen=True, slots=True)
class RoleChange:
    """The roles of somebody who works here, before and after; roles of patients stay as they are."""

    before: frozenset[Role]
    after: frozenset[Role]

    @property
    def added(self) -> frozenset[Role]:
        """Return what is new."""
        return self.after - self.before

    @property
    def removed(self) -> frozenset[Role]:
        """Return what is taken away."""
        return self.before - self.after

    @property
    def tells(self) -> bool:
        """Tell whether others hear of the change."""
        return bool(self.added & TELLING)

    @property
    def in_words(self) -> str:
        """Return the change as the trail has it, as in `add.practitioner,end.reception`."""
        return ",".join(
            [f"add.{role}" for role in sorted(self.added)] + [f"end.{role}" for role in sorted(self.removed)]
        )


def change_to(before: frozenset[Role], wanted: frozenset[Role]) -> RoleChange:
    """Return the change that gives somebody the roles of staff in `wanted`."""
    return RoleChange(before, (wanted & STAFF) | (before - STAFF))


def refusal(change: RoleChange, *, own: bool, last_admin: bool) -> str | None:
    """Return why the change may not be made, or None.

    `own` tells that it is made by the person themself, `last_admin` that nobody else administers the clinic.
    """
    if own and change.added:
        return "own_roles"
    if last_admin and Role.CLINIC_ADMIN in change.removed:
        return "last_admin"
    return None
