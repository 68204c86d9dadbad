"""What a transaction tells around its commit; `clinic.bus.EventBus` fulfils it from above."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session


class Delivery(Protocol):
    """Somebody who delivers the events that an act has collected."""

    def deliver_before(self, session: Session) -> list[object]:
        """Deliver inside the transaction and return what was delivered; raising undoes the act."""
        ...

    def deliver_after(self, events: list[object]) -> None:
        """Deliver what has committed; never raises."""
        ...


class Silent:
    """Delivers nothing: for databases whose commits nobody follows."""

    def deliver_before(self, session: Session) -> list[object]:
        """Find nothing to deliver."""
        return []

    def deliver_after(self, events: list[object]) -> None:
        """Tell nobody."""
