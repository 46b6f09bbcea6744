# `make` lists the targets. Everything is installed into .venv from the hashed lock; everything built lies under warehouse/ and target/.
IS_NEW_ENOUGH := 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for name in python3 python python3.14 python3.13 python3.12 python3.11; do \
	$$name -c $(IS_NEW_ENOUGH) 2>/dev/null && command -v $$name && break; done)
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_EXAMPLE := $(VENV)/.installed-complete-journey
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.DEFAULT_GOAL := help
.PHONY: help dashboard build test lint docs complete-journey clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dashboard: build ## build the warehouse, publish it and open the dashboard (PORT=8501)
	$(BIN)/python -m dashboard --port $(PORT)

build: $(INSTALLED) ## build, test and publish the sample company's warehouse
	$(BIN)/dbt build

test: $(INSTALLED) $(INSTALLED_EXAMPLE) ## run every test
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(INSTALLED) ## check style and types: ruff, mypy, sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar models tests analyses

docs: build ## make the dbt docs site, one static file, and serve it (PORT=8501)
	$(BIN)/dbt docs generate --static --no-compile
	@echo "The docs site is the file target/static_index.html, served at http://localhost:$(PORT)/static_index.html (Ctrl+C stops)"
	$(BIN)/python -m http.server --bind localhost --directory target $(PORT)

complete-journey: $(INSTALLED_EXAMPLE) ## build 1.5 million lines of supermarket purchases in a warehouse of their own
	$(BIN)/python -m examples.complete_journey

clean: ## remove all that a build made, the warehouse and its published versions included
	rm -rf warehouse target logs .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(INSTALLED): requirements.txt
	@$(if $(PYTHON),$(PYTHON) -c $(IS_NEW_ENOUGH),false) || { echo "Larkspur needs Python 3.11 or newer, and" \
		"$(if $(PYTHON),$(PYTHON) is $$($(PYTHON) --version 2>&1),found none)." \
		"Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(INSTALLED_EXAMPLE): $(INSTALLED) examples/complete_journey/requirements.txt
	$(PIP_INSTALL) --no-deps -r examples/complete_journey/requirements.txt
	@touch $@
