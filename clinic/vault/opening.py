"""From settings to a working vault; refuses to start on a missing, foreign or readable root key."""

from __future__ import annotations

from sqlalchemy.engine import make_url

from clinic.clock import Clock
from clinic.config import Settings
from clinic.errors import ConfigurationError
from clinic.vault import keeping
from clinic.vault.key_store import create_store, open_store
from clinic.vault.keyring import Keyring
from clinic.vault.ports import KeyProvider
from clinic.vault.providers.passphrase import Passphrase
from clinic.vault.providers.root_file import RootFile, create_root_file
from clinic.vault.vault import Vault


def build_vault(settings: Settings, clock: Clock) -> Vault:
    """Return the clinic's vault; raises ConfigurationError unless its keys open."""
    return Vault(open_keyring(settings, clock), clock)


def open_keyring(settings: Settings, clock: Clock) -> Keyring:
    """Return the clinic's keys; raises ConfigurationError unless they open."""
    _refuse_shared_store(settings)
    provider = _provider(settings)
    store = open_store(settings.keys_database_url)
    keyring = Keyring(store, provider, clock)
    keeping.refuse_wrong_root(keyring)
    return keyring


def initialise(settings: Settings, clock: Clock) -> bool:
    """Make key store, root key file and first key where missing; return whether anything was made.

    A root key is made only for a key store without keys: a lost one is restored, never replaced.
    """
    _refuse_shared_store(settings)
    store = create_store(settings.keys_database_url)
    try:
        if keeping.has_keys(store):
            keeping.refuse_wrong_root(Keyring(store, _provider(settings), clock))
            return False
        if settings.root_key_passphrase_file is None and not settings.root_key_file.exists():
            create_root_file(settings.root_key_file)
        keeping.add_kek(Keyring(store, _provider(settings), clock))
        return True
    finally:
        store.dispose()


def _refuse_shared_store(settings: Settings) -> None:
    """Raise ConfigurationError where keys would lie beside the data, and in every dump of it."""
    keys, data = make_url(settings.keys_database_url), make_url(settings.database_url)
    place = (keys.get_backend_name(), keys.host, keys.port, keys.database)
    if place == (data.get_backend_name(), data.host, data.port, data.database):
        raise ConfigurationError("KEYS_DATABASE_URL names the data store: keys need a database of their own")


def _provider(settings: Settings) -> KeyProvider:
    if settings.root_key_passphrase_file is not None:
        return Passphrase.from_file(settings.root_key_passphrase_file)
    return RootFile(settings.root_key_file)
