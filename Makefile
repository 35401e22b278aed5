# make run    set up and do the main job: a synthetic place, from extracts to a released dashboard
# make test   every check: ruff, sqlfluff, pytest (which runs dbt and a browser)
# make spark-install  an environment for `breakwater build --engine spark`, which needs Java 17
# make bench  the whole place, timed beside a hand-written script
SHELL := /bin/bash
.DEFAULT_GOAL := run
.PHONY: run install spark-install test check format bench dictionary lock clean

# The first Python that will do; PYTHON=... chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
BREAKWATER := $(BIN)/breakwater
PORT ?= 8501

run: install
	@$(BREAKWATER) synthesise
	@$(BREAKWATER) pseudonymise
	@$(BREAKWATER) land --allow-refused
	@$(BREAKWATER) build
	@$(BREAKWATER) release
ifeq ($(SERVE),no)
	@echo "serve         $(BREAKWATER) serve opens the dashboard on http://127.0.0.1:$(PORT)"
else
	@$(BREAKWATER) serve --port $(PORT)
endif

install: $(VENV)/installed
$(VENV)/installed: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Breakwater needs Python 3.11, 3.12 or 3.13 with venv (Debian: apt install python3-venv)."; exit 1; }
	@echo "install       environment in $(VENV) with $$($(PYTHON) --version); this takes a minute or two, once"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.txt
	@echo "install       what the checks need"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

# For those who build on Spark: a gigabyte, and nothing else needs it.
SPARK := .venv-spark
spark-install: $(SPARK)/installed
$(SPARK)/installed: requirements-spark.txt
	@test -n "$(PYTHON)" || { echo "Spark's environment needs Python 3.11, 3.12 or 3.13 with venv (Debian: apt install python3-venv)."; exit 1; }
	@echo "install       Spark's environment in $(SPARK); this takes a few minutes, once"
	@test -x $(SPARK)/bin/python || $(PYTHON) -m venv $(SPARK)
	@$(SPARK)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-spark.txt
	@touch $@

test: check
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

# What pre-commit runs too: see .pre-commit-config.yaml.
check: $(VENV)/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/sqlfluff lint --disable-progress-bar models

format: $(VENV)/installed-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: install
	@$(BIN)/python -m breakwater.bench $(ARGS)

# docs/data-dictionary.md, from the contracts, and docs/measures.md, from the catalogue.
dictionary: install
	@$(BIN)/python -m breakwater.dictionary
	@$(BIN)/python -m breakwater.measure_list

# Needs uv. The addresses of package indexes stay out of the lock files.
lock:
	uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-strip-extras --custom-compile-command "make lock" -o requirements.txt
	uv pip compile requirements-dev.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-strip-extras --custom-compile-command "make lock" -o requirements-dev.txt
	uv pip compile requirements-spark.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-strip-extras --custom-compile-command "make lock" -o requirements-spark.txt

clean:
	rm -rf data target logs build
