"""Whoever reads a number that rests on candidate events is told so."""

from types import SimpleNamespace

import pandas as pd
import pytest
from sampling import SHORT
from shipped import load_panel, panel_file

import harmattan as hm
from harmattan.core.language import speaking
from harmattan.core.progress import Steps
from harmattan.report.brief_words import cautions
from harmattan.run.provenance import label_of_draws, record_of_run


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """The frozen panel, with some months marked as candidate; the counts are the same, so the kept fits are too."""
    file = tmp_path_factory.mktemp("panel") / "marked.csv"
    table = pd.read_csv(panel_file(), dtype="str")
    provisional = table["month"].isin(["2023-05", "2023-06", "2024-12"])
    table.assign(status=provisional.map({True: "candidate", False: "final"})).to_csv(file, index=False)
    return file


def test_a_run_records_the_provisional_months_that_it_used_and_no_later_ones(small_posterior, marked):
    run = hm.forecast("withdrawal", draws=40, months=12, panel=marked, settings=SHORT)
    assert run.provisional_months == ("2023-05", "2023-06")
    assert record_of_run(run, Steps())["provisional_months"] == ["2023-05", "2023-06"]
    assert label_of_draws(run)["provisional_months"] == "2023-05,2023-06"
    assert hm.forecast("withdrawal", draws=40, months=12, settings=SHORT).provisional_months == ()


def test_the_first_screen_of_the_brief_says_which_months_are_provisional(marked):
    run = SimpleNamespace(record=load_panel(marked))
    (said,) = cautions(run)
    assert said.startswith("The record of May 2023 to June 2023 and December 2024 rests on candidate events")
    with speaking("fr"):
        assert cautions(run)[0].startswith("Les chiffres de mai 2023 à juin 2023 et décembre 2024 reposent sur")
    assert cautions(SimpleNamespace(record=load_panel())) == ()
