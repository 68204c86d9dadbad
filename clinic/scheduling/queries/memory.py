"""What this process remembers of the clinic's set-up, for exactly as long as the set-up stays the same.

Hours, leave, people and services change some times a day and are searched some times a second. Whoever
changes them leaves another stamp (see `models.set_up_stamp`) in the same transaction, in whatever process.
A search reads the stamp before all else and takes only what was read under it. A session that may write
remembers nothing: it might see what is never committed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, TypeVarTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic.db.transaction import is_snapshot
from clinic.scheduling.models.set_up_stamp import SetUpStamp

_STAMP = select(SetUpStamp.__table__.c.stamp)  # the column alone: no object is looked for
_MOST = 64  # a service and a wish each; of 2,000 practitioners one takes about a megabyte

Found = TypeVar("Found")
Asked = TypeVarTuple("Asked")


class Memory:
    """The set-up as one session sees it."""

    def __init__(self, session: Session) -> None:
        """Read the stamp."""
        self._session = session
        self.stamp = session.scalar(_STAMP) if is_snapshot(session) else None

    def of(self, load: Callable[[Session, *Asked], Found], *asked: *Asked) -> Found:
        """Return what `load` reads for `asked`, from memory where it was read under the same stamp.

        Whatever is returned is shared: nobody changes what was read. What `load` raises is not remembered.
        """
        if self.stamp is None:
            return load(self._session, *asked)
        key = self.stamp, load, asked
        if (found := _KEPT.take(key)) is None:
            found = load(self._session, *asked)
            _KEPT.put(key, found)
        return cast(Found, found)


class Kept:
    """What was used lately, by key; the rest is forgotten, and with it all that is out of date."""

    def __init__(self, most: int) -> None:
        """Keep `most` things."""
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._most, self._turn = most, Lock()

    def take(self, key: Hashable) -> Any:
        """Return what is kept under `key`, or None."""
        with self._turn:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def put(self, key: Hashable, found: object) -> None:
        """Keep `found`."""
        with self._turn:
            self._found[key] = found
            if len(self._found) > self._most:
                self._found.popitem(last=False)


_KEPT = Kept(_MOST)
