# `make demo` and `make test` need git, make and Python 3.11 or later; everything else they bring along, in .venv
# (the working tree, editable) and .venv-wheel (the built wheel, which is what the tests run against).

SHELL := /bin/sh
.DELETE_ON_ERROR:
.SUFFIXES:

EXTRAS ?= dev,docs,examples
# More than CI has cores: much of what the tests do is waiting.
WORKERS ?= 3
PYTEST_ARGS ?=
BENCH_ARGS ?=

BIN := .venv/bin
WHEEL_PYTHON := .venv-wheel/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Bytecode is compiled by whoever imports it first: most of what is installed never is.
INSTALL := install --quiet --no-compile --no-warn-script-location

# What goes into the wheel; the folders too, so that a deleted module counts as a change.
WHEEL_INPUTS := $(shell find mocks contracts harness -name __pycache__ -prune -o -print) \
                pyproject.toml $(wildcard README.md LICENSE)

# Two things at a time, unless the caller has said how many; GNU make 3.81 (macOS) cannot keep their output apart.
PAIRWISE = $(if $(findstring -j,$(MAKEFLAGS)),,-j2)
KEEP_APART := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target,-j1)

.PHONY: help demo test lint types arrows wheel tests coverage docs site mutants fuzz fuzz-long soak fidelity libraries gallery audit bench clean thorough matrix mutation pythons

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

demo: .venv/.showing ## clients good, broken and well known against the fakes, with their verdicts
	@$(BIN)/python examples/demo.py

test: ## everything CI runs: lint, types, arrows, then all tests against the built wheel
	@$(MAKE) --silent $(PAIRWISE) .venv/.developing .venv-wheel/.installed
	@$(MAKE) --silent $(PAIRWISE) $(KEEP_APART) --keep-going lint types arrows
	@$(MAKE) --silent tests

lint: .venv/.developing ## ruff: rules and format
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check
	@echo "lint: ok"

types: .venv/.developing ## mypy --strict
	@$(BIN)/mypy --no-error-summary
	@echo "types: ok"

arrows: .venv/.developing ## import-linter: who may import whom
	@report=$$($(BIN)/lint-imports --no-logo 2>&1) || { echo "$$report"; exit 1; }
	@echo "arrows: ok"

thorough: ## make test, and everything that it only samples
	@SPARRING_THOROUGH=1 $(MAKE) --silent test

wheel: .venv-wheel/.installed ## build the wheel and install it into .venv-wheel
	@echo "wheel: $$(echo build/wheel/*.whl)"

tests: .venv-wheel/.installed ## all tests against the wheel (PYTEST_ARGS="-k pkce" narrows them)
	@SPARRING_EXPECT_WHEEL=1 $(WHEEL_PYTHON) -m pytest -n $(WORKERS) $(PYTEST_ARGS)

coverage: .venv-wheel/.installed ## the tests again, and which lines and branches they reach: half as long again
	@$(WHEEL_PYTHON) -m coverage erase
	@SPARRING_EXPECT_WHEEL=1 $(WHEEL_PYTHON) -m coverage run -m pytest -n $(WORKERS) $(PYTEST_ARGS)
	@$(WHEEL_PYTHON) -m coverage combine --quiet
	@$(WHEEL_PYTHON) -m coverage report --skip-covered --skip-empty

docs: .venv/.installed ## what is made from the contracts, the catalogue and the code: pages, and presets for the fakes
	@$(BIN)/python -m tests.harness.scenarios.catalogue_presets
	@$(BIN)/python -m sparring.contracts docs
	@$(BIN)/python -m sparring.harness.publishing page docs/scenarios.md
	@$(BIN)/python -m docs.publishing pages

site: .venv/.developing ## the documentation as a site in build/site, links checked
	@$(BIN)/python -m docs.publishing site build

matrix: .venv/.developing ## every broken client against everything: writes docs/kill-matrix.md
	@$(BIN)/python -m tests.e2e.matrix

mutation: .venv/.developing ## break the checks, the judge and the engine on purpose: writes docs/mutation.md
	@$(BIN)/python -m pip $(INSTALL) 'mutmut>=3.8'
	@$(BIN)/python -m tests.mutation

pythons: .venv/.developing ## the wheel alone on every Python of this machine, and with the oldest libraries
	@SPARRING_THOROUGH=1 $(BIN)/python -m pytest tests/release

mutants: .venv/.developing ## break the providers on purpose: their contracts must notice
	@$(BIN)/python -m tests.contracts_mutants

fuzz: .venv/.developing ## ask the fakes whatever their OpenAPI documents allow, and more
	@$(BIN)/python -m tests.contracts_fuzz

fuzz-long: .venv/.developing ## a million broken inputs for every parser and every port: six minutes, CASES=... for fewer
	@$(BIN)/python -m tests.fuzzing --cases $(or $(CASES),1000000)

soak: .venv/.developing ## two hundred clients of every kind for half an hour: writes bench/results/soak.md
	@$(BIN)/python -m bench.soak --write

fidelity: .venv/.developing ## the contracts at a real Keycloak and a real Doorkeeper, where they can be had
	@$(BIN)/python -m tests.fidelity

libraries: .venv/.developing ## well-known libraries before odd token endpoints: writes docs/libraries.md
	@$(BIN)/python -m tests.e2e.libraries

gallery: .venv/.developing ## real client libraries before the whole catalogue: writes docs/gallery.md
	@$(BIN)/pip $(INSTALL) $(patsubst %,-r %,$(wildcard examples/clients/python/*/requirements.txt))
	@$(BIN)/python -m tests.e2e.gallery

audit: .venv/.developing ## known vulnerabilities of what is installed; where nobody can be asked it says so
	@$(BIN)/python .ci/audit.py

bench: .venv/.developing ## how fast the fakes answer, beside their peers: eight minutes (BENCH_ARGS="--quick" half of one)
	@$(BIN)/python -m bench $(BENCH_ARGS)

clean: ## remove everything that make has made
	rm -rf .venv .venv-wheel build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache \
	       .hypothesis .import_linter_cache
	find mocks contracts harness tests examples bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Present as soon as the environment is complete, unlike .venv/bin/python. A name on the PATH may be a
# launcher without a Python behind it, so each one is tried.
$(BIN)/pip:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	    if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	        echo "Setting up (once) with $$($$python --version)"; \
	        $$python -m venv .venv && $(BIN)/python -m pip $(INSTALL) --upgrade pip; \
	        exit; \
	    fi; \
	done; \
	echo "Sparring needs Python 3.11 or later with its venv module (Debian: python3-venv); name one with make PYTHON=..." >&2; \
	exit 1

# To run: the package, editable.
.venv/.installed: pyproject.toml | $(BIN)/pip
	@$(BIN)/python -m pip $(INSTALL) --editable .
	@touch $@

# To show it: the libraries of the examples as well.
.venv/.showing: pyproject.toml | $(BIN)/pip
	@$(BIN)/python -m pip $(INSTALL) --editable '.[examples]'
	@touch .venv/.installed $@

# To work on it: the tools and the libraries of the examples as well.
.venv/.developing: pyproject.toml | $(BIN)/pip
	@$(BIN)/python -m pip $(INSTALL) --editable '.[$(EXTRAS)]'
	@touch .venv/.installed .venv/.showing $@

build/wheel/.built: $(WHEEL_INPUTS) | $(BIN)/pip
	@rm -rf build/wheel
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel .
	@touch $@

# The version is the same after every change, so the old wheel must go first.
.venv-wheel/.installed: build/wheel/.built
	@test -x $(WHEEL_PYTHON) || $(BIN)/python -m venv --without-pip .venv-wheel
	@$(BIN)/python -m pip --python $(WHEEL_PYTHON) uninstall --quiet --yes sparring 2>/dev/null
	@$(BIN)/python -m pip --python $(WHEEL_PYTHON) $(INSTALL) "$$(echo build/wheel/*.whl)[$(EXTRAS)]"
	@touch $@
