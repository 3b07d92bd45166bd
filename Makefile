# Two commands do all the set-up on a machine with Python 3.11 or newer and nothing else:
#   make demo   everything with a simulated OpenCart shop and a Cafe24 mall, connected
#   make test   all tests
.DEFAULT_GOAL := help
.PHONY: help demo up test lint shots pictures sync clean

BOOT := .boot
UV := $(BOOT)/bin/uv
RUN := $(UV) run --locked --no-sync
export UV_PYTHON_DOWNLOADS ?= never
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= 1
endif

help:
	@echo "make demo   run Entrepot with a simulated OpenCart shop and a Cafe24 mall (its data in .entrepot/demo)"
	@echo "make up     run Entrepot (its data in ENTREPOT_HOME, else ~/.entrepot)"
	@echo "make test   run all tests"
	@echo "make shots  take a picture of every screen at two widths, in both languages (screenshots/)"
	@echo "make pictures  take the pictures of the docs anew, while the tests do each errand (docs/pictures/)"
	@echo "make docs   write the manual as a folder of files to read without a server (site/)"
	@echo "make lint   check form, types, architecture and dependencies"

demo: sync
	@ENTREPOT_HOME="$${ENTREPOT_DEMO_HOME:-$(CURDIR)/.entrepot/demo}" exec $(RUN) entrepot up --demo $(OPTIONS)

up: sync
	@exec $(RUN) entrepot up $(OPTIONS)

test: sync
	$(RUN) pytest -n 2 --dist loadgroup $(OPTIONS)

shots: sync
	SHOTS=$(CURDIR)/screenshots $(RUN) pytest tests/browser/test_looks.py $(OPTIONS)

pictures: sync
	DOCS_PICTURES=$(CURDIR)/docs/pictures $(RUN) pytest -n 2 --dist loadgroup tests/browser/pictures $(OPTIONS)

docs: sync
	@ENTREPOT_HOME="$(CURDIR)/.entrepot/docs" $(RUN) python -m tools.manual_site site

lint: export ENTREPOT_HOME = $(CURDIR)/.entrepot/lint
lint: sync
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) python -m tools.house_lint
	$(RUN) deptry src
	$(RUN) python -m tools.translations

sync: $(UV)
	@[ -x .venv/bin/python ] || $(UV) venv --quiet --python "$$(sh tools/python.sh)"
	@$(UV) sync --locked --quiet

$(UV):
	@sh tools/boot.sh $(BOOT)

clean:
	rm -rf $(BOOT) .venv .entrepot .mypy_cache .pytest_cache .ruff_cache
