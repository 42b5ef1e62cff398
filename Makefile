# Pipeloom. `make up` runs the product, `make test` proves it; both set up what is missing first.
.DEFAULT_GOAL := help
.PHONY: help up test check demo bench pictures contract doctor lock format fault soak server-env dev-env
PY := .venv/bin/python
# Only finds a Python to begin with; .ci/bootstrap.py looks whether it, or another one, is good enough.
BOOT := $(or $(PYTHON),$(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do command -v $$name && break; done))
NO_PYTHON := make: there is no python3 on PATH. Install Python 3.11 or newer (with venv) and run make again.
COMPILE := $(PY) -m uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url
PROGRAMS := $(wildcard ../shared/seeds/programs)
ifneq ($(PROGRAMS),)
export PIPELOOM_SEED_PROGRAMS ?= $(abspath $(PROGRAMS))
endif

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

server-env:
	@test -n "$(BOOT)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@"$(BOOT)" .ci/bootstrap.py server

dev-env:
	@test -n "$(BOOT)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@"$(BOOT)" .ci/bootstrap.py dev

up: server-env frontend ## set up what is missing, run the product, print a sign-in link (ARGS="--port 9000")
	@exec $(PY) manage.py up $(ARGS)

test: dev-env frontend ## all tests on real servers (ARGS="tests/unit -k name")
	@$(PY) -m pytest -n auto $(ARGS)

fault: dev-env ## only the tests that kill things
	@$(PY) -m pytest -n auto -m fault $(ARGS)

soak: dev-env ## random faults over many runs for a while: violations and slopes (ARGS="--minutes 5 --seed 1")
	@PYTHONPATH=workers/sdk exec $(PY) -m tests.soak $(ARGS)

check: dev-env ## lint, format, types, direction of imports, generated contract
	@$(PY) .ci/check.py

format: dev-env ## correct what ruff can correct
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format .

contract: dev-env ## write backend/contract/ from its source, and the browser's types from that
	@$(PY) manage.py contract
	@$(PY) .ci/frontend.py api

demo: server-env ## the sample workflow, from JSON to a registered model, through the API (ARGS="--yes")
	@PYTHONPATH=workers/sdk $(PY) -m workers.samples.demo $(ARGS)

bench: dev-env ## measure, beside floors measured in the same run (ARGS=...)
	@PYTHONPATH=workers/sdk $(PY) -m tests.bench $(ARGS)

pictures: dev-env frontend ## take README's pictures again (needs Chromium)
	@$(PY) -m tests.e2e.readme_pictures

doctor: server-env ## is this machine, and what runs on it, fit?
	@$(PY) manage.py doctor

lock: dev-env ## write the lock files again after a change in a requirements .in file
	$(COMPILE) requirements/server.in -o requirements/server.txt
	$(COMPILE) -c requirements/server.txt requirements/dev.in -o requirements/dev.txt
	$(COMPILE) requirements/node.in -o requirements/node.txt
	$(COMPILE) workers/samples/digits/requirements.in -o workers/samples/digits/requirements.txt

include frontend/frontend.mk
