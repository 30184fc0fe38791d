# Divan. `make run` sets everything up and opens the page at http://127.0.0.1:7860.
#   make run ARGS="--port 8000 --lang en"    flags of app.py
#   make run TORCH=cuda                      torch with CUDA instead of the CPU build
# Without make: see "Without make" in README.md.

TORCH ?= cpu
ARGS  ?=
VENV_PYTHON = .venv/bin/python

# The newest Python that works: a name on the PATH may be an empty shell.
FIND_PYTHON = for p in $(VENV_PYTHON) $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
    "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && break; p=; done; \
  test -n "$$p" || { echo "Divan needs Python 3.11 or newer: https://www.python.org/downloads/"; exit 1; }

.PHONY: help install run check test lint bench clean

help:
	@echo "make run      set up what is missing and start the page"
	@echo "make install  set up only"
	@echo "make check    set up what the tests need and run the quick tests (2 minutes)"
	@echo "make test     the same with all tests, as CI runs them (8 to 12 minutes)"
	@echo "make lint     format and fix what can be fixed, then check types"
	@echo "make bench    measure speed and memory against plain Gradio"
	@echo "make clean    remove .venv and caches; chats and data stay"

install:
	@$(FIND_PYTHON); "$$p" scripts/install.py --torch $(TORCH)

run: install
	@$(VENV_PYTHON) app.py $(ARGS)

check:
	@$(FIND_PYTHON); "$$p" scripts/install.py --dev --torch $(TORCH)
	@scripts/check $(ARGS)

test:
	@$(FIND_PYTHON); "$$p" scripts/install.py --dev --torch $(TORCH)
	@scripts/check --all $(ARGS)

lint:
	@$(FIND_PYTHON); "$$p" scripts/install.py --dev --no-model --torch $(TORCH)
	$(VENV_PYTHON) -m ruff format .
	$(VENV_PYTHON) -m ruff check --fix .
	$(VENV_PYTHON) -m mypy .

bench:
	@$(FIND_PYTHON); "$$p" scripts/install.py --dev --torch $(TORCH)
	@$(VENV_PYTHON) -m bench $(ARGS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
