"""`python -m clinic` is the same command line as `clinic`."""

from clinic.cli import main

main()
