"""Directory data: names and contacts, sealed under the clinic's directory key.

Who may see them the clinic's permissions decide, so opening takes no clearance. A list of patients opens
hundreds at once, which is why they share one key and pad to 64 bytes only.
"""

from __future__ import annotations

from uuid import UUID

from clinic.crypto import envelope
from clinic.crypto.blind_index import blind_index
from clinic.crypto.errors import Unopenable
from clinic.vault.errors import Unreadable
from clinic.vault.keyring import CLINIC, Keyring

_LABEL = b"field"
_FLOOR = 64
_DIRECTORY = "directory"
_INDEX = "blind_index"


class Fields:
    """Seals one short text of one owner; a value moved to another owner or field does not open."""

    def __init__(self, keyring: Keyring) -> None:
        """Use the clinic's keys in `keyring`."""
        self._keyring = keyring

    def seal(self, owner: UUID, field: str, text: str) -> bytes:
        """Return `text` sealed as the `field` of `owner`."""
        key = self._keyring.active(_DIRECTORY, CLINIC)
        return envelope.seal(
            key, label=_LABEL, context=_context(owner, field), plaintext=text.encode(), floor=_FLOOR
        )

    def open(self, owner: UUID, field: str, blob: bytes) -> str:
        """Return the text in `blob`; raises Unreadable unless it is this owner's and this field's."""
        try:
            key = self._keyring.find(envelope.key_id(blob), purpose=_DIRECTORY, owner_id=CLINIC)
            return envelope.unseal(key, label=_LABEL, context=_context(owner, field), blob=blob).decode()
        except Unopenable:
            raise Unreadable from None

    def index(self, field: str, normalized: str) -> bytes:
        """Return the blind index of a normalised value, for `WHERE ..._index = ?`; 16 bytes."""
        return blind_index(self._keyring.active(_INDEX, CLINIC).secret, field=field, value=normalized)


def _context(owner: UUID, field: str) -> list[bytes]:
    return [owner.bytes, field.encode()]
