"""Keys and what they seal: the only way to content, and the only code that calls the cipher.

`Vault.open` takes a clearance and re-checks it; names and contacts go through `Vault.fields`.
"""

from clinic.vault.binding import Binding
from clinic.vault.errors import ClearanceRefused, Refusal, Unreadable
from clinic.vault.keyring import CLINIC
from clinic.vault.opening import build_vault, initialise
from clinic.vault.signers import Signature
from clinic.vault.vault import Vault

__all__ = [
    "CLINIC",
    "Binding",
    "ClearanceRefused",
    "Refusal",
    "Signature",
    "Unreadable",
    "Vault",
    "build_vault",
    "initialise",
]
