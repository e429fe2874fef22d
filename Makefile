# Two commands for everybody: `make book` builds and serves the book, `make test` runs every check.
# Both install what they need into .venv; nothing outside this folder changes, save what apt adds where it may.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
export IPYTHONDIR := $(CURDIR)/tools/ipython

.PHONY: help book site test nbval check notebooks release new-chapter pages address engine lite lock data bench clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.ready: requirements.lock pyproject.toml tools/setup.sh
	@bash tools/setup.sh "$(VENV)" "$(PYTHON)"
	@touch $@

book: site ## build the book and serve it on this machine
	@$(BIN)/python tools/serve.py

site: $(VENV)/.ready ## build the book into _build/html
	@$(BIN)/python tools/build_site.py

test: $(VENV)/.ready ## every check; CHANGED=1: what differs from main; CHAPTER=markets/vcg: one chapter
	@bash tools/browser.sh "$(VENV)"
	@bash tools/boundary.sh
	@JOBS=$(JOBS) $(BIN)/python tools/run_tests.py $(if $(CHANGED),--changed) $(if $(CHAPTER),--chapter $(CHAPTER))

nbval: $(VENV)/.ready ## run every notebook by nbval itself, the chapters too
	@TEF_STATIC=1 $(BIN)/python -m pytest --nbval notebooks exercises -n $(JOBS) --dist loadfile --nbval-sanitize-with tests/nbval.cfg

check: $(VENV)/.ready ## package tests, doctests, hints (mypy), style (ruff) and the arrows between rooms
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --ignore tests/book --ignore tests/browser --ignore tests/live

notebooks: $(VENV)/.ready ## pair every chapter with its notebook and execute what changed
	@$(BIN)/python tools/notebooks.py $(CHAPTER)

release: $(VENV)/.ready ## from exercises/source: learners' notebooks, and in build/ the instructors' and the zips
	@$(BIN)/python tools/release.py $(CHAPTER)

new-chapter: $(VENV)/.ready ## start a chapter: make new-chapter PART=markets NAME=my_chapter
	@$(BIN)/python tools/new_chapter.py "$(PART)" "$(NAME)"

pages: $(VENV)/.ready ## write what can be derived: landing cards, course plans, API pages, the map in README
	@$(BIN)/python tools/pages.py

address: $(VENV)/.ready ## write the repository's address (pyproject.toml) into README, citation, launch links
	@$(BIN)/python tools/address.py --write

engine: $(VENV)/.ready ## Python for the browser into build/engine, from Pyodide's release; PARTIAL=1: what npm and PyPI have
	@$(BIN)/python tools/engine.py $(if $(PARTIAL),--registries)

lite: $(VENV)/.ready ## JupyterLite with all notebooks into build/lite, on the engine that lies in build/engine
	@$(BIN)/python tools/lite.py

lock: ## renew requirements.lock (needs uv)
	@bash tools/lock.sh

data: ## rebuild data/ from its scripts in an environment of its own
	@bash tools/data.sh "$(PYTHON)"

bench: $(VENV)/.ready ## measure speed as a ratio to peers, each in its own environment
	@for script in tests/benchmarks/*.py; do case $$script in *_worker.py) ;; *) $(BIN)/python $$script;; esac; done

clean: ## remove what was built; keeps .venv
	rm -rf _build build .pytest_cache .hypothesis .mypy_cache .ruff_cache
