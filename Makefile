# `make guide` makes a guide, `make test` checks everything; both first set up what they need.

NEWEST := $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
PYTHON ?= $(NEWEST)
BIN := .venv/bin

# The name holds all that the environment depends on; when any of it changes, the file is missing.
INSTALLED := .venv/installed-$(shell (cat constraints.txt pyproject.toml; $(PYTHON) -V 2>&1; pwd) | cksum | tr -d ' ')

# Pure Python that is published without a wheel.
SOURCE_ONLY := dkimpy

# On macOS the dynamic linker does not look where Homebrew puts libraries, and /bin/sh drops an
# exported word on that, so each command that loads them is given it.
ifeq ($(shell uname -s),Darwin)
LIBRARIES := DYLD_FALLBACK_LIBRARY_PATH="$(shell brew --prefix 2>/dev/null)/lib"
endif

.PHONY: help guide test bench benchserve constraints clean

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1@/p' Makefile | awk -F@ '{ printf "make %-12s %s\n", $$1, $$2 }'

guide: $(INSTALLED) ## make a guide from software engineer to vector database engineer, in out/
	$(LIBRARIES) $(BIN)/publisher guide software-engineer --name "Ada Lovelace" --hours 8 --start 2027-01-04 -o out

test: $(INSTALLED) ## check style, types, layers, records, schemas, and run all tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/publisher check
	$(BIN)/publisher schema --check
	$(LIBRARIES) $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal

bench: $(INSTALLED) ## measure time and memory: one guide, many copies, a handbook, a long book
	$(LIBRARIES) $(BIN)/python tests/benchmarks/run.py
	$(LIBRARIES) $(BIN)/python tests/benchmarks/many.py

benchserve: $(INSTALLED) ## measure mail and web; needs root, Debian's postfix and postgresql
	$(LIBRARIES) $(BIN)/publisher build
	$(LIBRARIES) $(BIN)/python -m tests.benchmarks.mail
	$(LIBRARIES) $(BIN)/python -m tests.benchmarks.web --site out/site

constraints: ## pin the packages that pyproject.toml asks for (UPGRADE=--upgrade: their newest)
	$(PYTHON) -m venv --clear .venv/pip-tools
	.venv/pip-tools/bin/pip install --quiet pip-tools
	CUSTOM_COMPILE_COMMAND="make constraints" .venv/pip-tools/bin/pip-compile $(UPGRADE) --quiet \
	    --all-extras --build-deps-for editable --generate-hashes --strip-extras --allow-unsafe \
	    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
	    --annotation-style line --output-file constraints.txt pyproject.toml

clean: ## remove what can be made again; guides in out/ and the data of .publisher/ stay
	rm -rf .venv .publisher/cache tests/validators/node_modules
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find publisher tests -name __pycache__ -prune -exec rm -rf {} +

$(INSTALLED): # nothing older is kept, so that no package stays which is no longer asked for
	@test -n "$(PYTHON)" || { echo "Install Python 3.11 or newer first." >&2; exit 1; }
	@$(LIBRARIES) $(PYTHON) .ci/prepare.py
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	    --only-binary :all: --no-binary $(SOURCE_ONLY) -r constraints.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	@touch $@
