# `make` alone lists the targets. Everything a target needs is set up by the target itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
UV_VERSION := 0.13.8

# uv keeps what it downloads in the home folder; a service account may have none that it may write to.
ifneq ($(shell test -w "$$HOME" && echo writable),writable)
export UV_CACHE_DIR ?= .venv/uv-cache
endif

BIN := .venv/bin
TESTS ?= tests
ROOM ?=
MINUTES ?= 10
ONLY ?=
SEED ?=
NUMBER ?=

# COVERAGE=yes, or CI=true as CI services set it: counts the lines and branches of finder/ that ran, lists what never did,
# and fails below the floor, in percent. Only with every test: a part of them falls below it.
COVERAGE ?= $(CI)
FLOOR := 98
COUNTED := .pytest_cache/coverage.json
COUNT := $(BIN)/python -W ignore::RuntimeWarning:slipcover.importer -m slipcover --json --out $(COUNTED) -m pytest
REPORT := $(BIN)/python -m slipcover --merge $(COUNTED) --out $(COUNTED) --skip-covered --fail-under $(FLOOR)
QUICK := not browser and not process and not shared and not slow

# Python keeps what it has compiled, whatever the environment says: commands and tests start many processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run serve test quick fix format lint types check bench soak screenshots generated wheel lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 14

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed (set PYTHON=...).' >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { echo 'Python cannot make a virtual environment: on Debian, install python3-venv.' >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'

.venv/run.stamp: requirements.txt | $(BIN)/uv
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt requirements.txt | $(BIN)/uv
	@VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements-dev.txt
	@touch .venv/run.stamp $@

run: .venv/run.stamp  ## set up, load the sample the first time, and serve on http://HOST:PORT
	@$(BIN)/flask --app wsgi serve --host '$(HOST)' --port '$(PORT)'

serve: .venv/dev.stamp  ## the same for developers: starts again when a source file changes, shows errors in the browser
	@$(BIN)/python -m finder.intake.publishing.bootstrap
	@$(BIN)/flask --app wsgi run --debug --host '$(HOST)' --port '$(PORT)'

test: .venv/dev.stamp  ## set up and run every test (unit, database, browser); TESTS=tests/web a part, COVERAGE=yes counts what ran
	@$(BIN)/python -m tests.browser.chromium
	@mkdir -p $(dir $(COUNTED))
	@$(if $(COVERAGE),$(COUNT),$(BIN)/pytest) -n auto --maxschedchunk 1 $(TESTS)
	@$(if $(COVERAGE),$(REPORT))

quick: .venv/dev.stamp  ## the tests of ROOM=web (or web/map; default: what differs from main) without browser, processes, shared files and slow ones
	@selected=$$($(BIN)/python -m tests.selection $(ROOM)) && \
	if [ -z "$$selected" ]; then echo 'No package differs from main: name one, as in ROOM=web.'; \
	else $(BIN)/pytest -n auto --maxschedchunk 4 -m '$(QUICK)' $$selected; fi

fix: .venv/dev.stamp  ## format, and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

format: .venv/dev.stamp
	@$(BIN)/ruff format --check .

lint: .venv/dev.stamp
	@$(BIN)/ruff check .

types: .venv/dev.stamp
	@$(BIN)/mypy

check: format lint types  ## ruff, mypy, import-linter, the figures
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/flask --app wsgi fees check

bench: .venv/dev.stamp  ## the measurements, as a table and bench.json
	@$(BIN)/python -m tests.bench

soak: .venv/dev.stamp  ## MINUTES=10 of kills, faults, load and hostile requests on this machine; ONLY=kills,fuzz a part, SEED=7 the same choices again
	@$(BIN)/python -m tests.soak --minutes '$(MINUTES)' $(if $(ONLY),--only '$(ONLY)') $(if $(SEED),--seed '$(SEED)') $(if $(NUMBER),--number '$(NUMBER)')

screenshots: .venv/dev.stamp  ## make the pictures of the documentation anew, from the sample
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.browser.screenshots

generated: .venv/dev.stamp  ## make anew what is made from data and sources: catalogues, docs/coverage.md, docs/answers.md, docs/notices.md, docs/staff_columns.md
	@$(BIN)/flask --app wsgi catalogues update
	@$(BIN)/flask --app wsgi fees document
	@$(BIN)/flask --app wsgi fees answers
	@$(BIN)/python -m finder.notices.notices > docs/notices.md
	@$(BIN)/python -m finder.intake.sources.staff.staff_csv > docs/staff_columns.md

wheel: .venv/dev.stamp  ## build the package into dist/
	@$(BIN)/python -m build --wheel --no-isolation

lock: $(BIN)/uv  ## make the hashed requirement files anew
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes -c requirements.txt pyproject.toml requirements-dev.in -o requirements-dev.txt

clean:  ## remove what the targets made
	rm -rf .venv dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage bench.json soak.json
