# Every path is relative, so the folder may have any name.
.PHONY: help setup brief ready-made test test-slow test-browser lint notebook format bench backtest judge gate exits check-inference clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /|/' | awk -F'|' '{printf "make %-16s %s\n", $$1, $$2}'

setup: ## make .venv with the pinned versions (the others call it)
	@sh .ci/setup

brief: setup ## the main job: figures, tables and brief.html in out/
	.venv/bin/harmattan brief --out out

ready-made: setup ## the brief that README shows, in briefs/, made anew
	.venv/bin/harmattan brief --out out
	cd out && cp annex.html brief.html brief.pdf exit.html explore.html ../briefs/mali/

test: setup ## the fast tests, in two processes
	@OMP_NUM_THREADS=1 .venv/bin/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

test-slow: setup ## the tests that fit models
	@.venv/bin/python -m pytest -m slow

test-browser: setup ## the pages, driven and examined in Chromium, which is installed where that may be done
	@sh .ci/setup-browser
	@.venv/bin/python -m pytest -m browser

lint: setup ## style and types
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m mypy

notebook: setup ## open the notebooks in JupyterLab, which is installed the first time
	@sh .ci/setup-notebooks
	@.venv/bin/python -m jupyterlab --notebook-dir notebooks $(OPTIONS)

format: setup ## rewrite the code in the project's style
	.venv/bin/python -m ruff check --fix .
	.venv/bin/python -m ruff format .

bench: setup ## times and memory, against other engines and by size (an hour on an idle machine)
	.venv/bin/python benchmarks/run.py --fresh --out benchmarks/results
	.venv/bin/python benchmarks/engines.py --out benchmarks/results
	.venv/bin/python benchmarks/cost.py --out benchmarks/results

backtest: setup ## scores of past forecasts, for the scorecard (minutes; stopped, it goes on where it was)
	.venv/bin/python benchmarks/backtest.py --workers 2 $(OPTIONS)

judge: setup ## scores of long forecasts by horizon, for the scorecard and README (half an hour; stopped, it goes on)
	.venv/bin/python benchmarks/judge.py confirming --workers 2 $(OPTIONS)

gate: setup ## cases and regions of the world fitted with the standard settings, held against the fit's gate (ten minutes)
	.venv/bin/python benchmarks/gate.py

exits: setup ## what followed exits of missions elsewhere, and months without one (two hours)
	.venv/bin/python benchmarks/exits.py
	.venv/bin/python benchmarks/exit_class.py
	.venv/bin/python benchmarks/exit_joint.py
	.venv/bin/python benchmarks/exit_checks.py

check-inference: setup ## calibration of the fit on simulated records, prior bounds, power scaling (half an hour)
	.venv/bin/python benchmarks/inference.py

clean: ## delete what the other targets made
	rm -rf .venv .tools out dist build .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find models tests notebooks benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
