# Everything below needs only python >= 3.11, node >= 20 with npm, and make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

BIN := .venv/bin
TS := templates/typescript
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	"$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
SOURCES = $(wildcard schemagen tests backend examples benchmarks templates/python)
TYPED = $(wildcard schemagen tests backend examples benchmarks)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup check test demo bench runtime golden format clean distclean lint lint-format lint-ruff lint-types lint-imports lint-fresh

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: .venv/.installed $(TS)/node_modules/.installed ## install what the other targets need; once

check: lint ## the fast inner loop: format, lint, types, imports, generated files, fast tests
	@$(BIN)/pytest -q -m "not slow" -n 2

test: lint ## everything: what check does, and every test
	@$(BIN)/pytest -q -n 2

demo: setup ## build, serve the CRM with sample data, print live results and the address to open
	@$(BIN)/python -m examples.demo

bench: setup ## measure, and print what was measured; PARTS="serve live --small" measures less
	@$(BIN)/python -m benchmarks $(PARTS)

runtime: setup ## compile the TypeScript runtime into the committed templates/typescript/dist
	@rm -rf $(TS)/dist
	@cd $(TS) && npm run --silent build
	@$(BIN)/python $(TS)/translate.py

golden: setup ## rewrite the expected output of tests/cases; read the diff like code
	@$(BIN)/pytest -q -n 2 --update-golden

format: setup ## format Python and the TypeScript runtime
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --fix-only --quiet $(SOURCES)
	@cd $(TS) && npm run --silent format

clean: ## remove caches, build output and local databases
	@rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .schemagen *.db *.db-wal *.db-shm
	@find . \( -name .venv -o -name node_modules -o -name .git \) -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf

distclean: clean ## also remove what setup installed
	@rm -rf .venv $(TS)/node_modules

# The parts of check, each alone.

lint: lint-format lint-ruff lint-imports lint-types lint-fresh

lint-format: setup
	@$(BIN)/ruff format --check --quiet $(SOURCES) || { echo "not formatted: run make format"; exit 1; }

lint-ruff: setup
	@$(BIN)/ruff check --quiet $(SOURCES)

lint-types: setup
	@$(BIN)/mypy $(TYPED)

lint-imports: setup
	@$(BIN)/lint-imports

lint-fresh: setup
	@$(BIN)/schemagen build --check

# What setup installs.

.venv/.installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "schemagen needs Python 3.11 or newer with venv; none was found on PATH"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(TS)/node_modules/.installed: $(TS)/package.json $(TS)/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { echo "schemagen needs Node 20 or newer"; exit 1; }
	@cd $(TS) && npm ci --loglevel=error >/dev/null
	@touch $@
