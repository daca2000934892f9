# The same targets for a person and for CI. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
PYTEST ?= $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
export MSGCONSOLE_PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run test test-postgres node fuzz bench bench-lists bench-selection lint format reset-demo web worker beat migrate crash-test lock clean fidelity

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("msgconsole needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@echo "Installing packages into $(VENV), once."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what tests and checks need, once."
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

run: $(VENV)/run.stamp ## Console, API and worker in one process on SQLite, with demo data
	@exec $(BIN)/python manage.py serve --demo

test: $(VENV)/dev.stamp ## The test suite on SQLite (browser tests run where a Chromium is found)
	$(PYTEST) $(ARGS)

test-postgres: $(VENV)/dev.stamp ## All tests that ask a database, on PostgreSQL (DATABASE_URL) with the brokers in MSGCONSOLE_TEST_BROKERS
	@test -n "$(DATABASE_URL)" || { echo 'Set DATABASE_URL, e.g. postgres://postgres@127.0.0.1:5432/postgres'; exit 2; }
	$(PYTEST) --only-with-database -m "not browser" $(ARGS)

fidelity: $(VENV)/dev.stamp ## Write FIDELITY.md from the tests that show each behaviour
	@$(BIN)/python -m tests.fidelity

node: tests/contract/node/node_modules/.stamp ## Install the official Node client, so that `make test` runs it too

tests/contract/node/node_modules/.stamp: tests/contract/node/package-lock.json
	@cd tests/contract/node && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

fuzz: $(VENV)/dev.stamp ## Ask every operation anything its document allows and forbids (schemathesis)
	MSGCONSOLE_TEST_FUZZ=1 $(BIN)/pytest -n 2 --dist load tests/contract/test_fuzz.py $(ARGS)

bench: bench-selection bench-lists ## Every benchmark; each prints ratios (needs DATABASE_URL to a PostgreSQL)

bench-selection: $(VENV)/run.stamp ## What a choice costs for pools and sticky tables of several sizes
	$(BIN)/python manage.py bench_selection $(ARGS)

bench-lists: $(VENV)/run.stamp ## What the first and a deep page of a million messages cost
	$(BIN)/python manage.py bench_lists $(ARGS)

lint: $(VENV)/dev.stamp ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/dev.stamp ## Let ruff format and fix the sources
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reset-demo: $(VENV)/run.stamp ## Throw the demo data away and make it anew (credentials stay)
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_demo --reset

migrate: $(VENV)/run.stamp ## Bring the database up to date
	$(BIN)/python manage.py migrate

web: $(VENV)/run.stamp ## One web server of many (needs DATABASE_URL and CELERY_BROKER_URL)
	$(BIN)/gunicorn msgconsole.wsgi --worker-class gthread --workers $${WEB_CONCURRENCY:-2} --threads 8 --bind $${MSGCONSOLE_HOST:-127.0.0.1}:$(MSGCONSOLE_PORT)

worker: $(VENV)/run.stamp ## One worker of many: choosing, sending, reports, callbacks
	$(BIN)/celery -A msgconsole.celery worker --queues dispatch,reports,callbacks --loglevel warning

beat: $(VENV)/run.stamp ## The clock that sweeps the outbox: exactly one
	$(BIN)/celery -A msgconsole.celery beat --schedule $${MSGCONSOLE_DATA_DIR:-.data}/beat --loglevel warning

crash-test: $(VENV)/run.stamp ## 1,000 messages from 8 clients while the server is killed; prints the counts
	$(BIN)/python manage.py crash_test $(ARGS)

lock: ## Compile the pinned requirements with hashes (needs uv)
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --universal --python-version 3.11 requirements.in -o requirements.txt
	uv pip compile --quiet --generate-hashes --no-header --no-annotate --universal --python-version 3.11 requirements-dev.in -o requirements-dev.txt

clean: ## Remove the virtual environment and caches; data stays
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
