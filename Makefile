# For developers. Anyone else: pip install . , then currency-app.
# Everything is installed in .venv, or in folders beside it that begin so; `make clean` removes them.

# Every line that is printed is read aloud to those who listen.
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run demo test test-app check train nightly soak fuzz chaos sbom audit lock clean

VENV := .venv
BIN := $(VENV)/bin
# What the quick tests need, without TensorFlow.
APP := .venv-app
# Azure ML's inference server and its library for the files that are sent to it pin packages of their own.
AZURE := .venv-azure
# What looks at the packages themselves, and the app alone as users have it, whose packages are listed.
AUDIT := .venv-audit
ALONE := .venv-alone
# Percent of the lines of both packages that all tests together run, in this process. 97 were measured with the real
# images; the rest is room for a checkout without them, where their tests skip.
MIN_COVERAGE := 90
# Not empty where a window can open: X11, Wayland or macOS. Without one, Qt is not worth its 250 MB.
DISPLAYS := $(DISPLAY)$(WAYLAND_DISPLAY)$(filter Darwin,$(shell uname -s))
# Packages come from the lists of hashes alone, in these two steps: a file that has changed since is refused.
# The lists are whole, so pip resolves nothing: it would ask for the newest coverage[toml], whatever version is listed.
LISTED := -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes --requirement requirements
PROJECT := -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
# Up to 3.13 if there is one: the app also runs on what is newer, but TensorFlow has no wheels for it.
PYTHON ?= $(shell for below in 14 99; do for python in python3 python3.13 python3.12 python3.11; do \
	"$$python" -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, $$below))" 2>/dev/null \
	&& echo "$$python" && exit; done; done)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile

run: $(if $(DISPLAYS),$(VENV)/window.stamp,$(VENV)/run.stamp) ## install, then the app, in a window where there is a display; without a camera the demonstration
	@tools/system-packages.sh run
	@$(if $(DISPLAYS),tools/system-packages.sh window)
	@code=0; echo "Running currency-app"; $(BIN)/currency-app || code=$$?; \
	if [ $$code -ne 2 ]; then exit $$code; fi; \
	echo "Running currency-app demo: a drawn scene, not your camera." >&2; \
	exec $(BIN)/currency-app demo

demo: $(VENV)/run.stamp ## the app on a drawn scene
	@exec $(BIN)/currency-app demo

test: $(VENV)/dev.stamp $(AZURE)/server.stamp ## install everything, then all tests
	@tools/system-packages.sh test
	@tools/system-packages.sh orca
	rm -f .coverage
	$(BIN)/python -m pytest -m "not sound and not server" --numprocesses auto --maxprocesses 4 --dist loadscope \
		--no-loadscope-reorder --cov --cov-report=
# One process listens to speech in real time, the other waits for a server. What loads the machine runs alone.
	$(BIN)/python -m pytest -m "(sound or server) and not load" --numprocesses 2 --dist loadgroup \
		--cov --cov-append --cov-report=
	$(BIN)/python -m pytest -m load --cov --cov-append --cov-report=term:skip-covered --cov-fail-under=$(MIN_COVERAGE)

test-app: $(APP)/app.stamp ## the quick tests that need no TensorFlow; installs 0.6 GB, then takes a minute or two
	$(APP)/bin/python -m pytest -m "not tensorflow and not slow" --numprocesses auto --maxprocesses 4 --dist loadscope

check: $(VENV)/dev.stamp ## format, lint, types, which room imports which, and the rules of the house
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --quiet tests/house

train: $(VENV)/dev.stamp ## make the model from the images and measure it; the bundle lands in runs/usd/bundle
	$(BIN)/currency-train fit $(if $(WEIGHTS),--weights $(WEIGHTS))
	$(BIN)/currency-train evaluate --bundle runs/usd/bundle

nightly: $(VENV)/dev.stamp audit ## attack the server, stream to the app for ten minutes, measure what it says; two hours
	SERVER_LOAD_SECONDS=300 SERVER_HOSTILE_REQUESTS=10000 SERVER_HOSTILE_EXAMPLES=300 SERVER_SIEGE_SECONDS=60 \
		$(BIN)/python -m pytest tests/server/test_load.py tests/server/test_hostile.py tests/server/test_siege.py
	PACKAGE_PHOTOS=60 $(BIN)/python -m pytest tests/training/export/test_package_on_photos.py
	WINDOW_SOAK_SECONDS=600 $(BIN)/python -m pytest tests/window/test_soak.py
	LIVE_STREAM_SECONDS=600 $(BIN)/python -m pytest tests/timing/test_live_stream.py
	@tools/system-packages.sh orca
	ORCA_FULL=1 $(BIN)/python -m pytest tests/orca
	SPEECH_MINUTES=5 $(BIN)/python -m pytest -s tests/sound/test_twenty_values.py
	@mkdir -p runs
	$(BIN)/currency-train evaluate --presentations --plot runs/errors-against-delay.svg

MINUTES ?= 20
soak: $(VENV)/dev.stamp ## run the app, then the server, for 20 minutes each (MINUTES=60 before a release), and count what is lost
	@tools/system-packages.sh test
	$(BIN)/python -m tests.support.soak --minutes $(MINUTES) --plots runs

fuzz: $(VENV)/dev.stamp ## change files, requests and views for 20 minutes (MINUTES=60 before a release) to find what breaks
	$(BIN)/python -m tests.fuzzing.run --minutes $(MINUTES)

SEED ?= 1
chaos: MINUTES = 10
chaos: $(VENV)/dev.stamp ## let faults happen to the app at random for ten minutes (SEED=, MINUTES=), and count what comes of it
	$(BIN)/python -m tests.support.chaos --seed $(SEED) --minutes $(MINUTES)

sbom: $(AUDIT)/audit.stamp $(ALONE)/alone.stamp ## list what the app and its window are made of, as CycloneDX, in runs/sbom.json
	@mkdir -p runs
	$(AUDIT)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --output-file runs/sbom.json $(ALONE)

audit: $(AUDIT)/audit.stamp ## ask the service of pip-audit which listed packages have known faults
	@$(AUDIT)/bin/python tools/audit.py

lock: $(AUDIT)/audit.stamp ## write requirements/ anew, after a version in pyproject.toml has changed
	$(AUDIT)/bin/python tools/lock.py

clean: ## remove what the targets above made
	rm -rf $(VENV) $(APP) $(AZURE) $(AUDIT) $(ALONE) .coverage .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist

# The stamps make a second run quick. The package is installed in place, so that they need not follow its sources.
$(VENV)/run.stamp: pyproject.toml requirements/run.txt $(VENV)/made.stamp
	@echo "Installing what the app needs, 0.4 GB; the first time it takes some minutes"
	@$(BIN)/python $(LISTED)/run.txt
	@$(BIN)/python $(PROJECT)
	@touch $@

$(VENV)/window.stamp: pyproject.toml requirements/window.txt $(VENV)/run.stamp
# With the extra screen-reader the app speaks through more of them, which only run where there is a display.
	@echo "Installing what its window needs, 0.2 GB more"
	@$(BIN)/python $(LISTED)/window.txt || \
	echo "The window cannot be installed here, so the app runs in the terminal." >&2
	@touch $@

$(VENV)/dev.stamp: pyproject.toml $(wildcard requirements/*.txt) $(VENV)/made.stamp
	@echo "Installing what training and tests need; TensorFlow makes it about 2 GB"
	$(BIN)/python $(LISTED)/dev.txt
	$(BIN)/python $(PROJECT)
	@touch $@ $(VENV)/run.stamp $(VENV)/window.stamp

$(APP)/app.stamp: pyproject.toml requirements/app.txt $(APP)/made.stamp
	@echo "Installing what the quick tests need, in $(APP)"
	$(APP)/bin/python $(LISTED)/app.txt
	$(APP)/bin/python $(PROJECT)
	@touch $@

# Debian's python3 lacks ensurepip until python3-venv is there. A half-made folder of an earlier try is cleared away.
%/made.stamp:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer was found. Install one, or name it: make PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/system-packages.sh venv
	@$(PYTHON) -m venv --clear $*
	@touch $@

$(AZURE)/server.stamp: pyproject.toml requirements/azure.txt $(AZURE)/made.stamp
	@echo "Installing Azure ML's inference server for its tests, in $(AZURE)"
	$(AZURE)/bin/python $(LISTED)/azure.txt
	$(AZURE)/bin/python $(PROJECT)
	@touch $@

$(AUDIT)/audit.stamp: requirements/audit.txt $(AUDIT)/made.stamp
	$(AUDIT)/bin/python $(LISTED)/audit.txt
	@touch $@

$(ALONE)/alone.stamp: pyproject.toml requirements/window.txt $(ALONE)/made.stamp
	$(ALONE)/bin/python $(LISTED)/window.txt
	$(ALONE)/bin/python $(PROJECT)
	@touch $@
