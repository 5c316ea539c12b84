# make demo       the main job: train a network on real data, draw a neuron
# make test       lint, types, tests, doctests, notebooks; in both builds
# make browser    what the tests of the step player drive: Chromium and playwright
# make test-long  what takes longer
# make peers      what compares with PyTorch, JAX and others (large downloads)
# make bench      speed, side by side with a plain reference

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := $(wildcard autograd_core/*.py autograd_core/engine/*.py autograd_core/rules/*.py) autograd_core/_untracked.c tools/complete_c.py
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# An environment that failed halfway is made anew.
.DELETE_ON_ERROR:
.PHONY: demo test browser test-long peers bench build clean check suite

demo: $(VENV)/installed
	$(BIN)/python -m nn.demo

test: check suite

OLD := needs Python 3.11 or newer, and $(PYTHON) is %d.%d: name a newer one, as in make demo PYTHON=python3.12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("$(OLD)" % v[:2])'
	$(PYTHON) -m venv $(VENV)

# An editable install: the source is used where it lies, and the engine is compiled beside it.
$(VENV)/installed: $(BIN)/python pyproject.toml setup.py $(SOURCES)
	$(PIP) --editable '.[all]'
	touch $@

$(VENV)/tested: $(BIN)/python pyproject.toml setup.py $(SOURCES)
	$(PIP) --editable '.[test]'
	touch $(VENV)/installed $@

build: $(VENV)/tested

check: $(VENV)/tested
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

# Under coverage, pure Python is slow. So what happens in a page, which no build changes, is shown compiled only, and what
# trains for long is left to make test-long there.
suite: $(VENV)/tested
	$(BIN)/python -c "from autograd_core import build_info; print(build_info())"
	$(BIN)/pytest -m "not long"
	AUTOGRAD_CORE_PURE=1 $(BIN)/coverage run -m pytest -m "not long and not training" --ignore=tests/browser
	$(BIN)/coverage report

browser: $(VENV)/tested
	$(PIP) 'autograd-core[browser]'
	.ci/browser

test-long: $(VENV)/tested
	$(BIN)/pytest -m long
	AUTOGRAD_CORE_PURE=1 $(BIN)/pytest -m "long or training"

peers: $(VENV)/tested
	$(PIP) --editable '.[peers]'
	$(BIN)/pytest tests/differential

bench: $(VENV)/tested
	$(BIN)/python benchmarks/eager.py
	$(BIN)/python benchmarks/transforms.py
	$(BIN)/python benchmarks/cheap_gradient.py
	$(BIN)/python benchmarks/checkpointing.py

clean:
	rm -rf $(VENV) build dist out *.egg-info *.so autograd_core/*.so autograd_core/*/*.so
