"""A whole brief of the made-up case, with a fit too short to trust: what any brief writes, admits and refuses."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from made import AS_OF
from sampling import SHORT

import harmattan as hm
from harmattan.core.errors import InputError

DRAWS = 200

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture(scope="module")
def folder(made_case, made_fit, tmp_path_factory):
    out = tmp_path_factory.mktemp("brief") / "out"
    return hm.brief(out=out, as_of=AS_OF, draws=DRAWS, settings=SHORT).parent


@pytest.fixture(scope="module")
def forecast(made_case, made_fit):
    return hm.forecast("leaves", draws=DRAWS, settings=SHORT)


def table(folder, name):
    return pd.read_csv(folder / "tables" / f"{name}.csv")


def test_a_failed_fit_shouts_and_is_recorded(folder):
    page = (folder / "brief.html").read_text(encoding="utf-8")
    problems = [
        p for fit in json.loads((folder / "run.json").read_text())["diagnostics"].values() for p in fit["problems"]
    ]
    assert problems, "a fit of 120 draws must not pass"
    assert 'role="alert"' in page
    assert all(problem in page for problem in problems)


def test_full_tables_hold_the_forecasts_own_numbers(folder, forecast):
    rows = table(folder, "all-totals").query("scenario == 'leaves'").set_index(["country", "outcome"])
    totals = forecast.totals().set_index(["country", "outcome"])
    np.testing.assert_allclose(rows.loc[totals.index, "median"], totals["median"])
    np.testing.assert_allclose(rows.loc[totals.index, "tail_mean_95"], totals["tail_mean_95"])


def test_the_page_is_one_file_and_cites_what_exists(folder):
    page = (folder / "brief.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="https?://', page)
    assert 'href="exit.html"' not in page, "as of the exit there is no second part"
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    for name in re.findall(r'href="tables/([^"]+)"', page):
        assert (folder / "tables" / name).is_file(), name


def test_the_page_to_explore_stands_beside_the_brief_and_is_led_to(folder):
    assert 'href="explore.html"' in (folder / "brief.html").read_text(encoding="utf-8")
    assert "explore.html" in json.loads((folder / "run.json").read_text(encoding="utf-8"))["files"]
    page = (folder / "explore.html").read_text(encoding="utf-8")
    assert all(f'<option value="{name}"' in page for name in ("leaves", "stays", "baseline", "leaves-recorded"))


def test_run_json_makes_the_run_repeatable(folder):
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["seed"] == 1 and run["draws"] == DRAWS
    assert {"leaves", "stays", "baseline"} == set(run["scenarios"])
    assert any(name.endswith("country_month.csv") for name in run["inputs_sha256"])
    assert all(not name.startswith("/") for name in run["inputs_sha256"])
    assert all(seconds >= 0 for seconds in run["seconds"].values())


def test_the_same_inputs_give_the_same_bytes_and_replace_the_folder_whole(folder, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old.txt").write_text("left from before")
    with pytest.raises(InputError, match="holds other files"):
        hm.brief(out=tmp_path / "out", as_of=AS_OF, draws=DRAWS, settings=SHORT)
    (tmp_path / "out" / "run.json").write_text('{"result": "brief", "files": ["old.txt"]}')
    again = hm.brief(out=tmp_path / "out", as_of=AS_OF, draws=DRAWS, settings=SHORT).parent
    assert not (again / "old.txt").exists()
    ours = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert ours == {path.relative_to(again) for path in again.rglob("*") if path.is_file()}
    for name in sorted(ours - {next(p for p in ours if p.name == "run.json")}):
        assert (folder / name).read_bytes() == (again / name).read_bytes(), name


@pytest.fixture(scope="module")
def own(made_case, made_fit, tmp_path_factory):
    """A brief of a scenario of one's own, drawn in one format alone."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "quiet_exit.yaml").write_text(
        "id: quiet_exit\nextends: leaves\ntitle: The mission leaves quietly\ncondition: Raiders hold still.\n"
        "drivers:\n  set:\n    raiders: {state: absent}\n"
    )
    asked = {"as_of": AS_OF, "draws": DRAWS, "settings": SHORT, "formats": ("svg",)}
    return hm.brief(folder / "quiet_exit.yaml", out=folder / "out", **asked).parent


def test_a_scenario_file_of_ones_own_is_briefed_and_the_change_is_in_the_page(folder, own):
    run = json.loads((own / "run.json").read_text(encoding="utf-8"))
    assert any(name.endswith("quiet_exit.yaml") for name in run["inputs_sha256"])
    page = (own / "annex.html").read_text(encoding="utf-8")
    assert "Raiders hold still." in page
    ours, theirs = (
        table(where, "all-totals")
        .query("country == 'QMA' and outcome == 'one_sided' and scenario == @name")["mean"]
        .item()
        for where, name in ((own, "quiet_exit"), (folder, "leaves"))
    )
    assert ours < theirs


def test_a_scenario_is_not_held_against_itself(tmp_path):
    with pytest.raises(InputError, match="given twice"):
        hm.brief("leaves", "leaves", out=tmp_path / "out", draws=DRAWS, settings=SHORT)


def test_figures_are_written_in_the_formats_asked_for(folder, own):
    assert {path.suffix for path in (own / "figures").iterdir()} == {".svg", ".json"}, "numbers in any format"
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg", ".json"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"lang": "de"}, "no language 'de'"),
        ({"likelihood": "nato"}, "choose from icd203, phia"),
        ({"formats": ("jpg",)}, "choose from png, svg, pdf"),
    ],
)
def test_what_is_not_offered_is_refused_before_any_work(tmp_path, wrong, message):
    with pytest.raises(InputError, match=message):
        hm.brief(out=tmp_path / "out", draws=DRAWS, settings=SHORT, **wrong)
    assert not (tmp_path / "out").exists()


def test_a_case_without_tables_of_people_says_so_in_a_sentence_and_goes_on(folder):
    page = (folder / "annex.html").read_text(encoding="utf-8")
    for said in ("no table of people who flee", "no table of people displaced", "no table of coups", "keeps no scores"):
        assert said in page
    assert (folder / "tables" / "people-breaks.csv").is_file() and not (folder / "tables" / "people-flee.csv").exists()
