# Everything sets itself up. `make help` says what there is.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test check fmt bench shots lock reset

# The environment's own Python once there is one, else the newest of the machine that is new enough.
FIND_PYTHON = for python in .venv/bin/python $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	if "$$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; python=; done; \
	if [ -z "$$python" ]; then echo "marketplace: Python 3.11 or newer is needed and was not found; install it, or say where it is with PYTHON=/path/to/python3." >&2; exit 2; fi

SETUP = @$(FIND_PYTHON); exec "$$python" -I marketplace/cli/bootstrap.py

TESTS ?= tests
WORKERS ?= 2
COMPILE = uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11

help: ## Say what there is
	@grep -E '^[a-z]+:.*## ' Makefile | sed 's/:.*## /\t/' | awk -F'\t' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: ## Start the marketplace with demonstration data at http://127.0.0.1:8000
	$(SETUP) requirements.lock marketplace run

reset: ## Remove the data of the embedded database; the next run starts afresh
	$(SETUP) requirements.lock marketplace reset

test: ## Run every test (TESTS=tests/unit for some of them)
	$(SETUP) requirements-dev.lock pytest -n $(WORKERS) --dist loadfile $(TESTS)

check: ## Formatting, lint, types, layers, house rules, translations, migrations
	$(SETUP) requirements-dev.lock
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache | tail -n 3
	@.venv/bin/marketplace translations check
	@.venv/bin/pytest -q tests/architecture tests/integration/platform/test_guards.py

fmt: ## Format the code, mend what the linter can mend
	$(SETUP) requirements-dev.lock
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: ## Measure speed, memory and statements (GUARD=--guard: short, fails beyond 1.3 x the goals)
	$(SETUP) requirements-dev.lock python -m tests.benchmarks $(GUARD)

shots: ## Screenshots of every page, phone and desktop, into var/shots
	$(SETUP) requirements-dev.lock python -m tests.browser.shots

lock: ## Lock the newest versions that fit requirements.in and requirements-dev.in
	$(SETUP) requirements-dev.lock
	@.venv/bin/$(COMPILE) requirements.in -o requirements.lock
	@.venv/bin/$(COMPILE) requirements-dev.in -o requirements-dev.lock
