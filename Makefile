# Two commands matter: `make run` and `make test`. See CONTRIBUTING.md for the rest.
VENV ?= .venv
PY := $(VENV)/bin/python
export PYTHONPATH := $(CURDIR)
export PYTHONTZPATH :=
# Compiled modules are kept, whatever the shell says: every process that starts loads 1,700 of them.
export PYTHONDONTWRITEBYTECODE :=
export PYTHONWARNINGS := default

.PHONY: run test check check-fast bench lock migration frontend frontend-deps api-client venv venv-dev machine

run: venv frontend
	@CLINIC_DEMO=$${CLINIC_DEMO-1} exec $(PY) -m clinic up

# Two at a time, file by file, folder after folder: real servers and calls want a core each, and the
# browser tests of a worker share one clinic as long as nothing else comes between them.
test: venv-dev frontend machine
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: venv-dev frontend check-fast
	@$(PY) -m tools.checks.frontend

check-fast: venv-dev
	@$(VENV)/bin/ruff format --check --quiet . && $(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --cache-dir .cache/import-linter > .cache/import-linter.log || { cat .cache/import-linter.log; exit 1; }
	@$(PY) -m pytest tests/architecture/static

# Benchmarks compare with a package that is no part of the product; it is installed for them alone.
bench: venv-dev frontend machine .cache/bench.stamp
	@$(PY) -m bench

.cache/bench.stamp: bench/peer/package-lock.json .cache/venv.stamp | .cache
	@$(NODE) npm ci --prefix ../bench/peer --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

venv: .cache/venv.stamp
venv-dev: .cache/venv-dev.stamp
frontend: .cache/frontend.stamp
frontend-deps: .cache/node.stamp

.cache:
	@mkdir -p .cache

.cache/venv.stamp: requirements.txt | .cache
	@sh tools/venv.sh $(VENV) requirements.txt
	@touch $@

.cache/venv-dev.stamp: requirements-dev.txt .cache/venv.stamp | .cache
	@sh tools/venv.sh $(VENV) requirements-dev.txt
	@touch $@

machine:
	@sh tools/machine.sh

migration: venv-dev
	@$(PY) -m tools.migration "$(m)"

NODE := sh tools/node.sh $(VENV)
FRONTEND := $(shell find frontend -path frontend/node_modules -prune -o -type f -not -name messages.d.ts -print)

.cache/node.stamp: frontend/package-lock.json .cache/venv.stamp | .cache
	@$(NODE) npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

.cache/frontend.stamp: $(FRONTEND) .cache/node.stamp | .cache
	@$(NODE) npm run --silent build -- --logLevel warn
	@touch $@

# The typed client follows the API: run this after changing a route or a schema, and commit the result.
api-client: venv-dev frontend-deps
	@$(PY) -m tools.openapi .cache/openapi.json
	@$(NODE) npm run --silent api

lock:
	@sh tools/lock.sh $(VENV)
