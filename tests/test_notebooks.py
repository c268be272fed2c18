"""The notebooks run from top to bottom, and are kept without the outputs of anybody's run."""

import os
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def test_there_is_a_quickstart():
    assert FOLDER / "01_quickstart.ipynb" in NOTEBOOKS


def test_a_notebook_is_valid_and_names_its_kernel(notebook):
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.cells[0].cell_type == "markdown", "the story comes first"


def test_no_outputs_are_stored(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None


def shown_by_widgets(notebook):
    """What sliders drew: errors there do not stop a notebook."""
    widgets = notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {})
    return [output for it in widgets.get("state", {}).values() for output in it["state"].get("outputs", [])]


def executed(notebook, folder):
    """Run a notebook from top to bottom; once more where its kernel fell silent."""
    for last in (False, True):
        client = NotebookClient(deepcopy(notebook), timeout=200, resources={"metadata": {"path": str(folder)}})
        try:
            return client.execute()
        except CellTimeoutError:
            if last:
                raise


def work_of_children():
    """Seconds of processor time of processes that have ended: a busy machine adds little to it."""
    spent = os.times()
    return spent.children_user + spent.children_system


def test_a_notebook_runs_within_a_minute_of_a_cached_fit(notebook, full_fit, full_fit_cache, monkeypatch, tmp_path):
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the notebook's own, which shows figures in it
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    before = work_of_children()
    done = executed(notebook, tmp_path)
    assert 0 < work_of_children() - before < 60
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    shown = shown_by_widgets(done)
    assert not [output for output in shown if output["output_type"] == "error"]
    if any("interactive_output" in cell.source for cell in notebook.cells):
        assert any("image/png" in output.get("data", {}) for output in shown), "the sliders drew nothing"
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert any("<table" in output.get("data", {}).get("text/html", "") for output in outputs)
