# Five words: course, site, test, check, bench. Each makes what it needs, in .venv.
PYTHON ?= python3
PORT ?= 8000
# Many tests wait for a browser or a sandbox, so one more than there are cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(os.cpu_count() + 1)')
BIN := .venv/bin
# What notebooks and keys are made from, and they themselves: if nothing of it is newer than the
# last time they were found right, they are not made again.
MADE := _build/generated
SOURCES := $(shell find autograder solutions exercises book -name '*.py' -o -name '*.md' \
	-o -name '*.ipynb' -o -name '*.safetensors')

.PHONY: course site test check bench notebooks

course: site  ## everything, then serve it: the site, and the grades of the sample class
	$(BIN)/python -m tests.sample_class.grade --out grades
	$(BIN)/autograder serve --port $(PORT)

site: notebooks  ## the book, as it is served
	$(BIN)/python book/_ext/build.py

test: site  ## all tests; says at the end what was skipped, and why
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

check: .venv/ready  ## style, types, stale generated files, import direction
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/autograder generate --check
	mkdir -p _build && touch $(MADE)
	$(BIN)/python -m pytest -q -p no:randomly tests/test_imports.py

bench: notebooks  ## submissions a minute, beside nbgrader and otter-grader in the same run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[bench]"
	$(BIN)/python -m tests.bench

notebooks: $(MADE)

$(MADE): .venv/ready $(SOURCES) _config.yml
	$(BIN)/autograder generate
	mkdir -p _build && touch $@

.venv/ready: pyproject.toml exercises/pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Python 3.11 to 3.13 is needed: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ./exercises -e '.[site,test]'
	touch $@
