# make          what there is to do
# make demo     train a small Conv2D network on real digits, and run one that MXNet wrote in 2018
# make quick    run the tests that a change usually breaks
# make test     run all tests

PYTHON ?= python3
FLOOR_PYTHON ?= python3.10
PYTEST_ARGS ?= -n auto --maxprocesses=4 --dist=loadfile
FUZZ_SECONDS ?= 3600

BIN := .venv/bin
# pip reads the first where it builds, the second since version 25.3.
CONSTRAINED := PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt

.DEFAULT_GOAL := help
.PHONY: help venv oracle peers golden stubs names lint format quick test floors mutants engines networks fuzz calls processes demo docs bench zoo clean

help: ## say what there is to do
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "make %-8s %s\n", $$1, $$2}'
	@echo "PYTHON=... chooses the Python of .venv, FLOOR_PYTHON=... that of .floors, PYTEST_ARGS=... the arguments of pytest."

venv: .venv/ready ## build .venv with the package and everything for its development

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(CONSTRAINED) $(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

oracle: .oracle/ready ## build .oracle with real MXNet 1.9.1, where it can run

# Where it cannot run the reason is printed and no file is made.
.oracle/ready: tests/oracle/requirements.txt tests/oracle/install.py
	@$(PYTHON) tests/oracle/install.py .oracle

lint: venv ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: venv ## put the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Where MXNet is, no test may skip for the want of it. A machine may say that Python keeps no compiled code: hundreds of
# processes would each compile the package again.
TESTING = PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 GLUEBALL_REQUIRE_ORACLE=$$(test -e .oracle/ready && echo 1)

quick: venv oracle ## run the tests that a change usually breaks; tests/quick.py lists the others
	$(TESTING) $(BIN)/python -m pytest -m "not slow" $(PYTEST_ARGS)

test: venv oracle ## run all tests, those against real MXNet included
	$(TESTING) $(BIN)/python -m pytest $(PYTEST_ARGS)

# On Linux PyPI's torch comes with CUDA and weighs gigabytes: where there is no GPU, let PIP_EXTRA_INDEX_URL name
# PyTorch's CPU index (https://download.pytorch.org/whl/cpu).
floors: .floors/ready oracle ## run all tests on the oldest Python, torch and NumPy that pyproject.toml allows
	$(TESTING) .floors/bin/python -m pytest $(PYTEST_ARGS)

.floors/ready: pyproject.toml tests/floors/constraints.txt tests/floors/install.py
	@FLOOR_PYTHON=$(FLOOR_PYTHON) $(PYTHON) tests/floors/install.py .floors

engines: venv ## run all networks and operators of the tests under every engine, which takes hours
	GLUEBALL_ENGINES=all $(BIN)/python -m pytest tests/exchange/test_engines.py tests/exchange/test_engine_operators.py $(PYTEST_ARGS)

networks: venv oracle ## exchange all networks of the model zoo with MXNet, PyTorch and ONNX, which takes an hour
	GLUEBALL_ZOO=all $(TESTING) $(BIN)/python -m pytest tests/exchange/test_zoo.py tests/interop $(PYTEST_ARGS) -k network

fuzz: .fuzz/ready ## hand the file readers made-up files for an hour, or for FUZZ_SECONDS
	OMP_NUM_THREADS=1 .fuzz/bin/python -m tests.fuzz $(FUZZ_SECONDS) .fuzz/files

# Atheris wants Python 3.11 to 3.13; it is for Linux, and macOS with a compiler.
.fuzz/ready: pyproject.toml constraints.txt tests/fuzz/requirements.txt
	$(PYTHON) -m venv .fuzz
	$(CONSTRAINED) .fuzz/bin/python -m pip install --quiet --editable . --requirement tests/fuzz/requirements.txt
	@touch $@

calls: venv ## make drawn calls of everything public for an hour; GLUEBALL_CALLS_SEED=... draws others
	GLUEBALL_CALLS_SECONDS=3600 $(TESTING) $(BIN)/python -m pytest tests/drawn/test_calls.py

processes: venv ## all tests of several processes, with 20 kills at random; GLUEBALL_KILLS_SEED=... draws other times
	GLUEBALL_PROCESSES=long $(TESTING) $(BIN)/python -m pytest tests/parallel

golden: .oracle/ready ## write the golden files again, with real MXNet
	.oracle/bin/python -m tests.golden.write
	.oracle/bin/python -m tests.golden.names src/glueball/core/known_names.json

stubs: venv ## write again the stubs of nd, sym and their methods, and the page about operators
	$(BIN)/python -m tools.stubs

names: venv ## write the lists of what is there of MXNet's names again: README.md, docs/names.md
	$(BIN)/python -m tools.names

mutants: venv ## break a copy of the package, one line at a time: a test must notice each
	OMP_NUM_THREADS=1 $(BIN)/python -m tests.mutants

demo: venv ## train a small Conv2D network on real digits; then inspect, run, time and convert one of 2018
	$(BIN)/python examples/digits.py
	$(BIN)/python examples/old_model.py

docs: venv ## build the web site into build/site; open build/site/index.html
	$(BIN)/python -m tools.site

bench: venv oracle peers ## measure the speed against PyTorch, real MXNet and runtimes; docs/performance.md says more
	$(BIN)/python -m benchmarks

zoo: venv oracle ## measure the networks of the model zoo against real MXNet, for an hour
	$(BIN)/python -m benchmarks --zoo

peers: .peers/ready ## build .peers with ONNX Runtime, OpenVINO and ncnn, where they install

.peers/ready: benchmarks/peers/__init__.py benchmarks/peers/constraints.txt benchmarks/peers/install.py
	$(PYTHON) -m benchmarks.peers.install .peers

clean: ## remove what make built
	rm -rf build .venv .oracle .floors .peers .fuzz .hypothesis .mypy_cache .pytest_cache .ruff_cache
