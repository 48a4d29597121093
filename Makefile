# All that is needed is make and a python3 of 3.11 or newer. `make` alone lists what can be done.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Passed on to the command behind a target: make demo ARGS="--scene delta", make test ARGS="tests/sync -k relay".
ARGS ?=
# How many test processes run side by side; WORKERS=0 runs all tests one after the other in one process.
WORKERS ?= 2
# Tests marked slow are left out; SLOW=1 runs them as well.
SLOW ?=
# Chaos runs of `make test-faults` with seeds of their own, and seconds of faults in each.
RUNS ?= 3
SECONDS_EACH ?= 30
# What `make check` compares with when it asks whether a branch describes its change in docs/changes.
BASE ?= origin/main
# The release whose promises to neighbours `make check` looks after; none while nothing was released.
RELEASE ?= $(shell git describe --tags --abbrev=0 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help venv demo test test-faults check bench schema docs lock clean

help: ## list these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv: $(VENV)/.installed ## create .venv from the lock; done again only when the lock or the project changes

$(VENV)/.locked: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit(f"$(PYTHON) is Python {v.major}.{v.minor}; Liandong needs 3.11 or newer. Name another: make PYTHON=/path/to/python3")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot create virtual environments. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing what requirements.lock names into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.locked pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: venv ## start the whole federation on this machine, with data and logins (ARGS="--check" runs the main job once)
	@$(BIN)/liandong demo $(ARGS)

# The suite starts many processes, and whole copies of this tree: each module is compiled once, whatever the machine says.
test check: export PYTHONDONTWRITEBYTECODE =

test: venv ## run the suite (WORKERS=0 one after the other, SLOW=1 with the slow ones, ARGS="…" for pytest)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not faults$(if $(SLOW),, and not slow)" $(ARGS)

test-faults: venv ## the long tests of what breaks: each fault by itself, planted bugs, RUNS chaos runs (RUNS=20, SECONDS_EACH=30)
	@$(BIN)/python -m pytest -m faults $(ARGS) tests/faults
	@$(BIN)/python -m tests.faults --runs $(RUNS) --seconds $(SECONDS_EACH)

# Of our own invariants one is not looked at here but in `make test`: the recipe is carried out, on a copy of the tree
# whose tests then run, which takes as long as all else of this.
check: venv ## style, types, who imports whom, our own invariants, the change's description, a fresh schema
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pytest -q tests/architecture --ignore tests/architecture/test_recipe.py
	@if git rev-parse --quiet --verify $(BASE) >/dev/null 2>&1; then $(BIN)/towncrier check --compare-with $(BASE); else echo "No $(BASE) to compare with: whether the change is described in docs/changes was not asked."; fi
	@$(BIN)/liandong schema compose --check
	@$(BIN)/liandong schema payloads --check $(if $(RELEASE),--since $(RELEASE))

bench: venv ## print the figures of gateway, committee, exchange and hub as ratios; never fails by a clock
	@$(BIN)/python -m tests.benchmarks $(ARGS)

schema: venv ## write schema.graphql and docs/schemas anew from the code; refuses what other releases would misunderstand
	@$(BIN)/liandong schema compose
	@$(BIN)/liandong schema payloads

docs: venv ## write what docs/ says only as the code says it: whole pages, and the blocks of federation.md
	@$(BIN)/python -m deploy.reference
	@$(BIN)/python -m tests.promises
	@$(BIN)/python -m tests.security
	@$(BIN)/python -m tests.seeds

lock: venv ## write requirements.lock anew (with hashes, without addresses)
	@$(BIN)/uv pip compile pyproject.toml --all-extras --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet --output-file requirements.lock $(ARGS)

clean: ## remove .venv and whatever tools and tests left behind
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .ci/artifacts build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
