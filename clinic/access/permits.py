"""One place to ask whether an actor may do something; what nobody has allowed is refused."""

from __future__ import annotations

from clinic.access.actor import Actor
from clinic.access.permissions import Facts, Permission, Policies, Predicate


class Permits:
    """The slices' policy tables put together; HTTP, sockets and pushes all ask here."""

    def __init__(self) -> None:
        """Start with nothing allowed to anyone."""
        self._predicates: dict[Permission, Predicate] = {}

    def add(self, policies: Policies) -> None:
        """Take over a slice's table; raises ValueError where two slices claim one permission."""
        for permission, predicate in policies.items():
            if permission in self._predicates:
                raise ValueError(f"two policies for {permission}")
            self._predicates[permission] = predicate

    def allows(self, actor: Actor, permission: Permission, facts: Facts) -> bool:
        """Tell whether `actor` may do `permission` given `facts`; unknown permissions are refused."""
        predicate = self._predicates.get(permission)
        return predicate is not None and predicate(actor, facts)

    def missing(self) -> set[Permission]:
        """Return the permissions that no slice has given a policy."""
        return set(Permission) - set(self._predicates)
