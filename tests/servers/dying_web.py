"""A web process that dies between the key commit and the data commit, as a power cut would have it.

`python -m tests.servers.dying_web N` serves like `clinic web` and kills itself when the Nth blob has been
sealed: its key row is durable by then, the row that holds the blob is not.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from typing import Any

from werkzeug.serving import make_server

from clinic.app import create_app
from clinic.config import settings_from
from clinic.vault import Vault


def main(fatal: int) -> None:
    """Serve until the `fatal`th seal."""
    settings = settings_from(os.environ)
    app = create_app(settings)
    seal, numbers = Vault.seal, count(1)

    def seal_and_die(*args: Any, **kwargs: Any) -> bytes:
        blob = seal(*args, **kwargs)
        if next(numbers) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return blob

    Vault.seal = seal_and_die  # type: ignore[method-assign]
    make_server("127.0.0.1", settings.port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
