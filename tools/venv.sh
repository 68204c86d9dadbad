#!/bin/sh
# venv.sh FOLDER REQUIREMENTS: make the virtual environment and install what is pinned there, by hash.
set -eu
command -v python3 >/dev/null || { echo "python3 is missing: install Debian's package python3 (3.11 or later)" >&2; exit 1; }
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python3 is older than 3.11: install a newer one" >&2; exit 1; }
if [ ! -x "$1/bin/python" ]; then
    python3 -m venv "$1" || { rm -rf "$1"; echo "python3-venv is missing: install Debian's package python3-venv" >&2; exit 1; }
fi
exec "$1/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$2"
