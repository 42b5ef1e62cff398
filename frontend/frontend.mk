# The browser's part. Node comes from the Python package registry into .cache/node; nothing else is asked of the machine.
.PHONY: frontend frontend-check frontend-api frontend-dev

frontend: server-env ## build the browser's part if it changed
	@$(PY) .ci/frontend.py build

frontend-check: server-env ## types, lint, unit tests and weight of the browser's part
	@$(PY) .ci/frontend.py types
	@$(PY) .ci/frontend.py lint
	@$(PY) .ci/frontend.py test
	@$(PY) .ci/frontend.py budget

frontend-api: server-env ## write frontend/src/api/generated.ts again after a change of the contract
	@$(PY) .ci/frontend.py api

frontend-dev: server-env ## Vite's development server in front of a running product (PIPELOOM_URL)
	@$(PY) .ci/frontend.py dev
