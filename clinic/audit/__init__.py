"""The trail of every act on a person's data: written in the act's own transaction, chained, signed.

`record` belongs into every service function that reads or changes something about a person; it raises
without an actor and thereby aborts the act.
"""

from clinic.audit.entries import entry, record
from clinic.audit.keys import SESSION_KEY, AuditKeys

__all__ = ["SESSION_KEY", "AuditKeys", "entry", "record"]
