# make demo       the main job: train a network on real data, draw a neuron
# make test       lint, types, tests, doctests, notebooks; in both builds
# make browser    what the tests of the step player drive: Chromium and playwright
# make test-long  what takes longer
# make peers      what compares with PyTorch, JAX and others (large downloads)
# make bench      speed, side by side with a plain reference

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := $(wildcard autograd_core/*.py autograd_core/engine/*.py autograd_core/program/*.py autograd_core/rules/*.py) autograd_core/_untracked.c tools/complete_c.py
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

# The whole suite runs compiled. In pure Python the tests run again that call the compiled modules in all ways there are:
# those of the engine, its rules, transforms and protocols. nn, pages, drawings and notebooks stand on the same few
# methods in either build, and make test-long runs them in pure Python too. Coverage is that of both runs together: the
# first sees all plain modules, the second those that are compiled otherwise.
ONE_BUILD := nn browser differential drawing derivation support test_notebooks.py test_claims.py test_layout.py \
	test_seeds.py test_typing.py
EITHER_BUILD := $(filter-out $(ONE_BUILD:%=tests/%),$(patsubst %/__init__.py,%,$(wildcard tests/*/__init__.py)) \
	$(wildcard tests/test_*.py))
PYTEST := $(BIN)/pytest -n auto --dist worksteal
COVERED := --cov-report= --cov-fail-under=0

suite: $(VENV)/tested
	$(BIN)/python -c "from autograd_core import build_info; print(build_info())"
	$(PYTEST) -m "not long" --cov $(COVERED)
	AUTOGRAD_CORE_PURE=1 $(PYTEST) -m "not long and not training" --cov --cov-append $(COVERED) $(EITHER_BUILD)
	$(BIN)/coverage report

browser: $(VENV)/tested
	$(PIP) 'autograd-core[browser]'
	.ci/browser

# Speed is measured first, while nothing else runs.
test-long: $(VENV)/tested
	$(BIN)/pytest -m long tests/benchmarks/test_speed.py
	$(PYTEST) -m long --ignore=tests/benchmarks/test_speed.py
	AUTOGRAD_CORE_PURE=1 $(PYTEST) --ignore=tests/benchmarks/test_speed.py --ignore=tests/browser

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
