# Everything runs in .venv, made on first use from pyproject.toml and constraints.txt.
# Another Python: make test PYTHON=/path/to/python3.12     Options for a command: make demo ARGS="--seed 1"
# PyTorch for the CPU only (smaller): PIP_EXTRA_INDEX_URL=https://download.pytorch.org/whl/cpu make demo

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EXTRAS := $(VENV)/.extras
PIP := $(BIN)/python -m pip --disable-pip-version-check install -c constraints.txt
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3.11 python3; do $$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
ARGS ?=

.PHONY: help setup demo test check format docs bench census clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP)  ## make .venv and install everything, pinned (the others do it by themselves)

demo: $(STAMP)  ## the whole story on the embedded lab: minutes, no download
	$(BIN)/interlingua demo $(ARGS)

test: $(EXTRAS)  ## all tests that need no GPU, no network and no patience (installs the extras they check)
	$(BIN)/python -m pytest $(ARGS)

check: $(EXTRAS)  ## lint, format, types, and generated pages in step
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python docs/build.py --check

format: $(STAMP)  ## put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP)  ## regenerate the README's map, docs/cli.md, recipes.md, fidelity.md, and the results in the package
	$(BIN)/python docs/build.py

bench: $(EXTRAS)  ## every program in benchmarks/, one after another: hours
	@set -e; for program in benchmarks/[a-z]*.py; do echo "$$program"; $(BIN)/python $$program $(ARGS); done

census: $(STAMP)  ## lines per recipe; every shared part, what it is for and who uses it
	@$(BIN)/python docs/census.py

clean:  ## remove .venv and caches; runs/ stays
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache src/*.egg-info

# .installing marks a .venv of ours that is not complete: a broken-off installation is started over.
# setuptools comes first, because the build uses the pinned one instead of downloading its own.
$(STAMP): pyproject.toml constraints.txt
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed and none was found; install one, or name it: make PYTHON=/path/to/python"; exit 1; }
	@[ ! -e $(VENV)/.installing ] || rm -rf $(VENV)
	@[ -x $(BIN)/python ] || { mkdir -p $(VENV) && touch $(VENV)/.installing && $(PYTHON) -m venv $(VENV); }
	$(PIP) setuptools torch==2.13.0
	$(PIP) --no-build-isolation -e '.[dev]'
	@rm -f $(VENV)/.installing && touch $@

$(EXTRAS): $(STAMP)
	$(PIP) --no-build-isolation -e '.[dev,eval,hub,ray,referee,train]'
	@touch $@
