"""The notebooks run from top to bottom, and are kept without the outputs of anybody's run."""

import os
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from conftest import keep_as_full
from nbclient import NotebookClient
from sampling import SHORT

from harmattan.case.opening import open_case
from harmattan.case.starting import start_case
from harmattan.model.fit import fit_model

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
FIGURES = {
    "01_quickstart": 1,
    "02_claims_to_priors": 2,
    "03_scorecard": 4,
    "04_what_if": 3,  # one of them by the sliders
    "05_scenarios_and_spillover": 4,
    "06_adding_a_document": 1,
    "07_a_new_ucdp_release": 1,
    "08_another_crisis": 1,
    "09_what_exits_did": 2,
    "10_people_and_states": 1,
}
"""How many figures each notebook draws, and so has to show."""

LONG = (
    "10_people_and_states",
    "04_what_if",
    "08_another_crisis",
    "05_scenarios_and_spillover",
    "06_adding_a_document",
    "07_a_new_ucdp_release",
)
"""They learn who flees, draw every step of sliders, begin a case, run many scenarios: in `make test-slow`."""


@pytest.fixture(params=FIGURES)
def name(request):
    return request.param


@pytest.fixture
def notebook(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def test_every_notebook_is_run():
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(FIGURES)


def test_a_notebook_is_valid_and_names_its_kernel(notebook):
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.cells[0].cell_type == "markdown", "the story comes first"


def test_no_outputs_are_stored(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


def executed(notebook, folder):
    """Run a notebook from top to bottom.

    The client does not play a browser for the sliders, so that what they draw stands in their cell. When it does, it
    answers on the socket on which it waits, past the library that watches it, and may never notice that the cell is
    done: the kernel seems to have fallen silent (nbclient, issue 312).
    """
    client = NotebookClient(deepcopy(notebook), timeout=200, resources={"metadata": {"path": str(folder)}})
    client.widget_registry = {}
    return client.execute()


def keep_fit_of_its_case(folder, fits):
    """Keep a short fit of the case that notebook 08 makes: the same case anywhere has the same fit."""
    case = open_case(start_case(folder, "HTI", "2017-10", "2017-09"))
    seen, borders = case.record(as_of="2017-09"), case.geography.neighbour_weights()
    keep_as_full(fit_model(seen, borders, settings=SHORT), seen, borders, fits)


def work_of_children():
    """Seconds of processor time of processes that have ended: a busy machine adds little to it."""
    spent = os.times()
    return spent.children_user + spent.children_system


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LONG)) for name in FIGURES], indirect=True
)
def test_a_notebook_runs_within_a_minute_of_a_cached_fit_and_shows_every_figure(
    name, notebook, found_fit, short_fits, monkeypatch, tmp_path
):
    if name == "08_another_crisis":
        keep_fit_of_its_case(tmp_path / "case", short_fits)
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the notebook's own, which shows figures in it
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    before = work_of_children()
    done = executed(notebook, tmp_path)
    assert 0 < work_of_children() - before < 60
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr" or output["output_type"] == "error"]
    assert len([output for output in outputs if "image/png" in output.get("data", {})]) == FIGURES[name]
    assert any("<table" in output.get("data", {}).get("text/html", "") for output in outputs)
