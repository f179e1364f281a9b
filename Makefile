# The commands of this project; `make help` lists them. Works from a path with a space in it: all paths are relative.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
MESSAGES := $(patsubst %.po,%.mo,$(wildcard pledges/locale/*/LC_MESSAGES/django.po))

.PHONY: help run test pictures bench lint format manage messages clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 12

run: .venv/.run $(MESSAGES) ## start the whole tracker on this machine; another port: make run PORT=8001
	@PORT='$(PORT)' exec setpriv --pdeathsig TERM $(PY) -m tracker.run

test: .venv/.dev $(MESSAGES) ## run the tests on servers of their own; some of them: make test ARGS="-k search"
	@exec $(PY) -m pytest $(ARGS)

pictures: .venv/.dev $(MESSAGES) ## take the pictures of README and docs/ anew, by the tests that walk the guides
	@PICTURES='$(CURDIR)/docs/pictures' exec $(PY) -m pytest -q pledges/tests/e2e/test_tour.py pledges/tests/e2e/test_tour_site.py

bench: .venv/.dev ## figures side by side with what others make: matching and polling (about eight minutes)
	@set -e; for name in matching polling; do \
		if [ -e bench/$$name.py ]; then echo "== $$name"; $(PY) -m bench.$$name; fi; done

lint: .venv/.dev ## check style, formatting, the direction of imports and missing migrations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	PYTHONPATH=. .venv/bin/lint-imports --no-logo
	STATE_DIR="$$(mktemp -d)" sh -c '$(PY) -m tracker.embedded $(PY) manage.py makemigrations --check --dry-run; code=$$?; \
		rm -rf "$$STATE_DIR"; exit $$code'

format: .venv/.dev ## format the code
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

manage: .venv/.run ## run one of Django's commands: make manage ARGS="verify"
	@exec $(PY) -m tracker.embedded $(PY) manage.py $(ARGS)

messages: .venv/.dev ## collect what is to be translated into pledges/locale
	$(PY) manage.py messages

clean: ## remove what can be made again; what was entered (STATE_DIR, or var) stays
	rm -rf .venv staticfiles .pytest_cache .ruff_cache .hypothesis $(MESSAGES)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo 'What was entered stays in '"$${STATE_DIR:-$$PWD/var}"

# Installed once, and again whenever the requirements have changed.
.venv/.run: requirements.txt | .venv/bin/pip
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run | .venv/bin/pip
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed. Name one: make run PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "The module venv is missing: apt-get install python3-venv" >&2; exit 1; }

%.mo: %.po | .venv/.run
	$(PY) -m babel.messages.frontend compile --input-file $< --output-file $@
