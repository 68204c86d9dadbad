"""`python -m clinic` is the same command line as `clinic`."""

import gc

# Loading makes half a million objects that stay. To look for dead cycles among them every 700 new ones, as
# Python does unless told, is a tenth of the time to start.
gc.set_threshold(50_000, 20, 20)

from clinic.cli import main  # noqa: E402

main()
