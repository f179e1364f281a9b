# The commands of this project; `make help` lists them. Works from a path with a space in it: all paths are relative.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
# Where the tools of `make sbom` and `make audit` are installed.
TOOLS ?= .venv/tools
# For commands of Django that need settings, but neither database nor state.
OFFLINE := SECRET_KEY=unused DATABASE_URL=postgres:///unused SITE_URL=http://localhost
MESSAGES := $(patsubst %.po,%.mo,$(wildcard pledges/locale/*/LC_MESSAGES/django.po))

.PHONY: help run test check pictures bench torture faults steady hostile sbom audit format lock images manage messages clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 12

run: .venv/.run $(MESSAGES) ## start the whole tracker on this machine; a tracker of your own: make run EMPTY=1; another port: PORT=8001
	@PORT='$(PORT)' exec setpriv --pdeathsig TERM $(PY) -m tracker.run

test: .venv/.dev $(MESSAGES) ## run the tests on servers of their own; some of them: make test ARGS="-k search"
	@exec $(PY) -m pytest $(ARGS)

check: .venv/.dev $(MESSAGES) ## style, formatting, direction of imports, templates, types, messages, missing migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	PYTHONPATH=. .venv/bin/lint-imports --no-logo
	$(PY) -m djlint --lint --quiet templates
	$(OFFLINE) $(PY) -m mypy
	$(OFFLINE) $(PY) manage.py messages --check
	$(OFFLINE) $(PY) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

pictures: .venv/.dev $(MESSAGES) ## take the pictures of README and docs/ anew, by the tests that walk the guides
	@PICTURES='$(CURDIR)/docs/pictures' exec $(PY) -m pytest -q pledges/tests/e2e/test_tour.py pledges/tests/e2e/test_tour_site.py pledges/tests/e2e/test_your_own.py

bench: .venv/.dev ## figures side by side with what others make: matching, polling, the site under load (about eleven minutes)
	@set -e; for name in matching polling site_load; do \
		if [ -e bench/$$name.py ]; then echo "== $$name"; $(PY) -m bench.$$name; fi; done

torture: .venv/.dev ## a thousand SIGKILLs at random while people and the watch work, then an audit (about 25 minutes); ARGS="--kills 100"
	@exec $(PY) -m bench.torture $(ARGS)

faults: .venv/.dev ## what pages and jobs do while broker, database, disk or clock fail, and that all recovers (about 15 minutes)
	@exec $(PY) -m bench.faults $(ARGS)

steady: .venv/.dev ## memory, connections, files and threads under an hour of mixed load; ARGS="--minutes 20"
	@exec $(PY) -m bench.steady $(ARGS)

hostile: .venv/.dev ## try 100,000 hostile inputs (an hour): a part: make hostile ARGS="--only form,upload --inputs 5000"
	@exec nice $(PY) -m bench.hostile $(ARGS)

sbom: $(TOOLS)/.made ## write sbom.json: what the tracker is made of (CycloneDX), from the lock file
	@$(TOOLS)/bin/cyclonedx-py requirements requirements.lock --mc-type application --output-reproducible --output-file sbom.json
	@echo 'sbom.json has '"$$(grep -c '"bom-ref"' sbom.json)"' components.'

audit: $(TOOLS)/.made ## look for known vulnerabilities in what the lock file names (asks PyPI, or OSV: ARGS="--service osv")
	@$(PY) -m bench.advisories $(TOOLS)/bin/pip-audit $(ARGS)

format: .venv/.dev ## format the code
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

lock: .venv/.dev ## make the lock files anew from requirements*.txt; newer releases of what those leave open: ARGS=--upgrade
	@set -e; for name in requirements requirements-dev requirements-uv requirements-tools; do \
		.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes $(ARGS) \
			--custom-compile-command 'make lock' $$([ $$name != requirements-dev ] || echo --constraint requirements.lock) \
			--output-file $$name.lock $$name.txt; done

images: ## pull compose's images and print each by its digest, as lines for .env: make -s images >> .env
	@set -e; sed -n 's/.*[$$]{\([A-Z]*_IMAGE\):-\([^}]*\)}.*/\1 \2/p' docker-compose.yml | sort -u | while read -r name image; do \
		docker pull --quiet "$$image" >/dev/null; \
		docker image inspect --format "$$name={{index .RepoDigests 0}}" "$$image"; done

manage: .venv/.run ## run one of Django's commands: make manage ARGS="verify"
	@exec $(PY) -m tracker.embedded $(PY) manage.py $(ARGS)

messages: .venv/.dev ## collect what is to be translated into pledges/locale
	$(PY) manage.py messages

clean: ## remove what can be made again; what was entered (STATE_DIR, or var) stays
	rm -rf .venv staticfiles sbom.json .pytest_cache .ruff_cache .hypothesis $(MESSAGES)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'What was entered stays in '"$${STATE_DIR:-$$PWD/var}"

# Installed once, and again whenever a lock file has changed: what the lock says, by its hashes, and nothing else. uv gets
# the package index of pip's settings; where it does not get through (an index that needs more of them), pip installs.
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
install = $(PIP) -r requirements-uv.lock && \
	index="$${PIP_INDEX_URL:-$$($(PY) -m pip config get global.index-url 2>/dev/null || true)}" && \
	UV_DEFAULT_INDEX="$${index:-https://pypi.org/simple}" \
	.venv/bin/uv pip install --quiet --python $(PY) --require-hashes -r $(1) || $(PIP) -r $(1)

.venv/.run: requirements.lock requirements-uv.lock | .venv/bin/pip
	@$(call install,requirements.lock)
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.run | .venv/bin/pip
	@$(call install,requirements-dev.lock)
	@touch $@

$(TOOLS)/.made: requirements-tools.lock | .venv/bin/pip
	@$(PY) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-tools.lock
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed. Name one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "The module venv is missing: apt-get install python3-venv" >&2; exit 1; }

%.mo: %.po | .venv/.run
	$(PY) -m babel.messages.frontend compile --input-file $< --output-file $@
