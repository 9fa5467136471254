# Everything that is run by hand. `make check` is what a change must pass beside the tests.

PYTHON := .venv/bin/python
# A place that looks like production, for the checks that ask about it.
DEPLOYED := DEMO=false BASE_URL=https://desa-devisa.example SECRET_KEY=$(shell head -c 48 /dev/urandom | base64 | tr -d '\n')

.PHONY: check style types tower templates migrations deploy catalogue schema audit test messages lock screenshots packages

check: style types tower templates migrations deploy catalogue schema audit
	@echo "make check: all passed"

packages:
	@python3 -c "from config.bootstrap import ensure_packages; ensure_packages('requirements-dev.txt')"

style: packages
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

types: packages
	$(PYTHON) -m mypy

tower: packages
	.venv/bin/lint-imports --no-cache

templates: packages
	$(PYTHON) -m djlint templates --lint --quiet

migrations: packages
	$(PYTHON) manage.py makemigrations --check --dry-run

deploy: packages
	$(DEPLOYED) $(PYTHON) manage.py check --deploy --fail-level WARNING

catalogue: packages
	$(PYTHON) .ci/catalogue.py

schema: packages
	$(PYTHON) manage.py spectacular --validate --fail-on-warn --file var/schema.yml

audit: packages
	$(PYTHON) .ci/audit.py

test:
	python3 manage.py test

# Gathers every marked text; translate what is new in locale/id, then run it again.
messages: packages
	$(PYTHON) .ci/catalogue.py write

# Needs uv (pip install uv). Names no host: the lock is the same wherever it is made.
LOCK := uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet
lock:
	$(LOCK) --output-file requirements.txt
	$(LOCK) --extra dev --constraint requirements.txt --output-file requirements-dev.txt

# Needs a running demo (make screenshots ADDRESS=http://127.0.0.1:8000) and Chromium.
ADDRESS := http://127.0.0.1:8000
screenshots: packages
	$(PYTHON) .ci/pictures.py $(ADDRESS) docs/pictures
