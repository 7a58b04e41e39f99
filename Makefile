# `make` or `make help` lists what can be done here.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

VENV := .venv/bin
READY := .venv/.ready
ASSETS := recruiter/static/dist/manifest.json
NODE := frontend/node_modules/.package-lock.json
# One more than there are cores: who waits for a server or a browser leaves its core to another.
WORKERS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))
PYTEST := $(VENV)/python -m pytest -q -rs -n $(WORKERS) --dist worksteal
# A compiled module is kept: where that is forbidden, every process of the suite compiles the product and the tests anew.
unexport PYTHONDONTWRITEBYTECODE
# The tests of what runs on PostgreSQL alone. Only they are traced there, for tracing costs as much as the tests do; what
# runs on both was judged on SQLite.
DIALECT := tests/db tests/slices/candidates tests/slices/privacy/test_erase.py tests/slices/talent_pool/test_search.py
HOST ?= 127.0.0.1
PORT ?= 8000

# The newest Python that really runs and can make an environment; a version manager's shim may exist and do neither.
# `make PYTHON=python3.11 …` in a clone without .venv chooses another.
find_python = for python in python3.13 "$$HOME"/.pyenv/versions/3.13*/bin/python3 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo "$$python"; break; }; done

# What the whole suite needs beside Python and Node.
has_postgres = command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
has_mail = { [ -x /usr/sbin/postfix ] && [ -x /usr/sbin/dovecot ] && [ "$$(id -u)" -eq 0 ]; }
has_browser = command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(READY) $(ASSETS) ## Start the product with a sample firm on http://127.0.0.1:8000 and print the sign-in
	@RECRUITER_BASE_URL="$${RECRUITER_BASE_URL:-http://$(HOST):$(PORT)}" exec $(VENV)/recruiter demo --host $(HOST) --port $(PORT)

.PHONY: test
test: $(READY) $(NODE) $(ASSETS) ## Run the whole suite on SQLite and on PostgreSQL; the coverage of both is judged together
	@rm -f .coverage .coverage.*
	@gate="--cov-report=term --cov-fail-under=100"; require="$${RECRUITER_TEST_REQUIRE:-}"; \
	loud() { printf '\n!!!! %s\n!!!! Not the whole suite, so coverage is not judged.\n\n' "$$1" >&2; }; \
	$(has_browser) || [[ "$$require" == *browser* ]] || { gate="--cov-report=term"; \
		loud "BROWSER TESTS ARE SKIPPED: Chromium is missing (Debian: apt install chromium)."; }; \
	$(has_mail) || [[ "$$require" == *mail* ]] || { gate="--cov-report=term"; \
		loud "MAIL SERVER TESTS ARE SKIPPED: they need root, Postfix and Dovecot (Debian: apt install postfix dovecot-imapd)."; }; \
	if $(has_postgres) || [[ "$$require" == *postgres* ]]; then \
		RECRUITER_TEST_DATABASE=sqlite $(PYTEST) -m "not faults" --cov --cov-report=; \
		RECRUITER_TEST_DATABASE=postgresql $(PYTEST) -m "not once and not faults" $(DIALECT:%=--ignore=%); \
		RECRUITER_TEST_DATABASE=postgresql $(PYTEST) -m "not once and not faults" $(DIALECT) --cov --cov-append $$gate; \
	else \
		RECRUITER_TEST_DATABASE=sqlite $(PYTEST) -m "not faults" --cov --cov-report=term; \
		loud "POSTGRESQL TESTS ARE SKIPPED: the server is missing (Debian: apt install postgresql)."; \
	fi

.PHONY: faults
faults: $(READY) $(ASSETS) ## Kill, freeze and starve delivery on both databases, a line for each fault: make faults seed=7
	@FAULTS_SEED="$(or $(seed),20261122)" RECRUITER_TEST_REQUIRE=postgres \
		$(VENV)/python -m pytest -q -n 2 --dist worksteal -m faults tests/faults

.PHONY: fast
fast: $(READY) $(NODE) $(ASSETS) ## Run the tests on SQLite that are quick: no browser, nothing that takes seconds
	@RECRUITER_TEST_DATABASE=sqlite $(PYTEST) -m "not browser and not slow"

.PHONY: lint
lint: $(READY) ## Check style, types, import contracts and templates
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports --no-logo
	$(VENV)/djlint --quiet --lint templates

.PHONY: fix
fix: $(READY) ## Format and mend what ruff can mend
	$(VENV)/ruff check --fix .
	$(VENV)/ruff format .

.PHONY: contracts
contracts: $(READY) ## Check the import contracts and the rules over the whole surface
	$(VENV)/lint-imports --no-logo
	@RECRUITER_TEST_DATABASE=sqlite $(PYTEST) tests/contracts

.PHONY: migration
migration: $(READY) ## Write a migration from the models: make migration name="add a column"
	@test -n "$(name)" || { echo 'Say what changes: make migration name="add a column"' >&2; exit 2; }
	$(VENV)/alembic revision --autogenerate -m "$(name)"

.PHONY: assets
assets: $(READY) $(ASSETS) ## Build styles, scripts and icons

.PHONY: api-fuzz
api-fuzz: $(READY) $(ASSETS) ## Throw generated requests at every operation of a served sample firm: make api-fuzz examples=5000
	$(VENV)/python -m tests.api.fuzz $(examples)

.PHONY: bench
bench: $(READY) $(ASSETS) ## Measure the pages, the search and the API with 20,000 candidates on both databases
	$(VENV)/python -m bench

.PHONY: bench-checker
bench-checker: $(READY) ## Measure how long the checker takes for one message, for 500, and for a hundred kilobytes
	$(VENV)/python -m bench.checker

.PHONY: checker-docs
checker-docs: $(READY) ## Write the checker's figures and its table of rules into the documents
	$(VENV)/python -m tests.checker.scoring

.PHONY: translations
translations: $(READY) ## Bring the catalogues up to date with what the sources say to candidates
	$(VENV)/python -m tests.languages.extraction

.PHONY: bench-delivery
bench-delivery: $(READY) ## Measure delivery beside django-post_office and bare SMTP on both databases
	$(VENV)/python -m bench.delivery $(options)

.PHONY: screenshot
screenshot: $(READY) $(ASSETS) ## Take the pictures of the documents again
	PYTHONPATH=. $(VENV)/python docs/screenshot.py

.PHONY: lock
lock: $(READY) ## Resolve the dependencies anew into requirements.lock
	$(VENV)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --group dev pyproject.toml -o requirements.lock

.PHONY: sure
sure: lint test ## Everything a change must pass

.venv/bin/python:
	@python="$(or $(PYTHON),$$($(find_python)))"; \
	test -n "$$python" || { echo "Python 3.11 or later with venv is needed (Debian: apt install python3-venv)." >&2; exit 1; }; \
	"$$python" -m venv .venv

$(READY): requirements.lock pyproject.toml | .venv/bin/python
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r <(awk '/^[^ ]/ { ours = /^uv==/ } ours' requirements.lock)
	@$(VENV)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	@$(VENV)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE): frontend/package-lock.json frontend/package.json | $(READY)
	@command -v npm >/dev/null || { echo "Node 20 and npm are needed to build the assets." >&2; exit 1; }
	@cd frontend && npm ci --silent --ignore-scripts

$(ASSETS): $(shell find frontend -type f -not -path '*/node_modules/*') | $(READY) $(NODE)
	@cd frontend && npm run --silent build
