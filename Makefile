# Pipeloom. `make up` runs the product, `make test` proves it; both set everything up first.
.DEFAULT_GOAL := help
.PHONY: help up test check demo bench contract doctor lock dev-env server-env fault slow e2e format clean
PY := .venv/bin/python
BOOT := $(shell command -v python3 || command -v python3.14 || command -v python3.13 || command -v python3.12 || command -v python3.11)
export PYTHONDONTWRITEBYTECODE ?=

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

server-env:
	@test -n "$(BOOT)" || { echo "make: no python3 on PATH. Install Python 3.11 or newer with venv, and run make again." >&2; exit 1; }
	@$(BOOT) .ci/bootstrap.py server

dev-env:
	@test -n "$(BOOT)" || { echo "make: no python3 on PATH. Install Python 3.11 or newer with venv, and run make again." >&2; exit 1; }
	@$(BOOT) .ci/bootstrap.py dev

up: server-env ## set up what is missing, run the product, print a sign-in link (ARGS="--port 9000")
	@exec $(PY) manage.py up $(ARGS)

test: dev-env ## all tests (ARGS="-k name tests/unit")
	@$(PY) -m pytest -n auto $(ARGS)

lock: dev-env ## write the lock files again after a change in requirements/*.in
	$(PY) -m uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url requirements/server.in -o requirements/server.txt
	$(PY) -m uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url -c requirements/server.txt requirements/dev.in -o requirements/dev.txt
