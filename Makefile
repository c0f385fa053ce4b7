# make demo   set up, simulate a small cohort, run the whole pipeline on it, say where the report is
# make test   set up, then lint, types and tests: minutes; make test-long has the others
# Needs Python 3.11 or newer and access to PyPI; neither root nor conda nor R.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
READY_DEV := $(VENV)/ready-dev
SOURCES := scripts tests benchmarks
CORES ?= all
# pip would compile the tests of packages, too, and with one core
COMPILE = $(BIN)/python -m compileall -q -j 0 -x '/tests?/' $(VENV)/lib
LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-header --quiet
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
IN_PARALLEL ?= -n 2 --no-loadscope-reorder
TWINS := $(addprefix tests/unit/,dada/test_dada_alignment.py phase/test_phase_alignment.py \
  phase/test_phase_columns.py taxonomy/test_naive_bayes.py taxonomy/test_reference_alignment.py)

.PHONY: help setup setup-dev demo test test-long test-nightly lint types unit workflow-test lock docs site bench clean

help:
	@sed -n '1,3s/^# //p' Makefile

setup: $(READY)

setup-dev: $(READY_DEV)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $(PYTHON) is older than Python 3.11. Name a newer one: make PYTHON=python3.12 ..." >&2; exit 2; }
	@echo "Installing into $(VENV): two minutes, once"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP_INSTALL) --require-hashes -r requirements.lock
	@$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@$(COMPILE) || echo "warning: not all modules can be compiled: programs start more slowly" >&2
	@touch $@
	@$(BIN)/python scripts/warm_kernels.py --workers 2 || \
	  echo "warning: runs compile what they need themselves, each time" >&2

$(READY_DEV): $(READY) requirements-dev.lock
	@echo "Installing what tests need"
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@$(COMPILE) || echo "warning: not all modules can be compiled: programs start more slowly" >&2
	@touch $@

demo: $(READY)
	$(BIN)/vagus demo --cores $(CORES)

test: lint types unit

lint: $(READY_DEV)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check --quiet $(SOURCES)
	$(BIN)/snakefmt --check workflow
	cd config && $(abspath $(BIN))/snakemake --snakefile ../workflow/Snakefile --configfile config.yaml --lint

types: $(READY_DEV)
	$(BIN)/mypy

unit: $(READY_DEV)
	$(BIN)/python -m pytest -m "not long and not nightly" $(IN_PARALLEL) $(PYTEST_OPTIONS)

# Tests that compare a kernel with its naive twin run once more without the compiler.
test-long: $(READY_DEV)
	$(BIN)/python -m pytest -m "long and not workflow and not nightly" $(IN_PARALLEL) $(PYTEST_OPTIONS)
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -m "not long and not nightly" $(IN_PARALLEL) $(PYTEST_OPTIONS) $(TWINS)
	$(BIN)/python -m pytest -m "long and workflow and not nightly" --durations=20 $(PYTEST_OPTIONS)

# Studies of all names of columns, whole reruns, every kernel on an empty cache, every step without memory.
test-nightly: $(READY_DEV)
	$(BIN)/python -m pytest -m nightly --durations=20 $(PYTEST_OPTIONS)

bench: $(READY_DEV)
	$(BIN)/python benchmarks/run_all.py

# Both are run by whoever changes dependencies or schemas; a test fails when the result is stale.
lock:
	$(LOCK) --extra setup -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock
	$(BIN)/python scripts/write_environment.py requirements.lock envs/vagus.yaml

docs: $(READY)
	$(BIN)/python scripts/document_config.py config workflow/schemas/config.schema.yaml

# The documentation as a site, into build/site; broken links are errors.
site: $(READY_DEV)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

clean:
	rm -rf $(VENV) build demo .pytest_cache .mypy_cache .ruff_cache
