"""Results print, draw and save themselves, in forms that other tools read. On the made-up case."""

from datetime import date
from html import escape

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from sampling import SHORT

import harmattan as hm
from harmattan.core.errors import InputError
from harmattan.core.language import speaking
from harmattan.core.progress import Steps
from harmattan.plots import describe
from harmattan.run.displays import driver_html, posterior_html, scenario_html
from harmattan.run.draw_files import COLUMNS
from harmattan.run.export import posterior_tree, save_posterior
from harmattan.run.notebook_steps import NotebookSteps, default_steps
from harmattan.run.results import Comparison
from harmattan.schema.driver import read_drivers

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture(scope="module")
def run(made_case, made_fit):
    return hm.forecast("leaves", months=24, draws=40, settings=SHORT)


@pytest.fixture(scope="module")
def other(made_case, made_fit):
    return hm.forecast("stays", months=24, draws=40, settings=SHORT)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_tables_hold_every_draw(run, tmp_path, suffix):
    path = run.save(tmp_path / f"f{suffix}")
    table = pd.read_parquet(path) if suffix == ".parquet" else pd.read_csv(path)
    assert list(table.columns) == ["country", "month", "outcome", "draw", "value"]
    assert len(table) == run.deaths.size
    row = table.iloc[12_345]
    at = {"country": row["country"], "month": row["month"], "outcome": row["outcome"], "draw": row["draw"]}
    assert float(run.deaths.isel(draw=at.pop("draw")).sel(at)) == row["value"]


def test_netcdf_gives_the_array_back_with_its_unit(run, tmp_path):
    with xr.open_dataset(run.save(tmp_path / "f.nc"), engine="h5netcdf") as stored:
        xr.testing.assert_equal(stored["deaths"].load(), run.deaths)
        assert stored["deaths"].attrs["units"] == "deaths per month"


def test_another_suffix_is_refused_and_nothing_is_written(run, tmp_path):
    with pytest.raises(InputError, match=r"\.parquet, \.csv, \.nc"):
        run.save(tmp_path / "f.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_hub_samples_keep_a_future_together(run, other):
    table, paired = run.to_hub(), other.to_hub()
    assert list(table.columns) == list(COLUMNS["hub"])
    assert set(table["output_type"]) == {"sample"} and set(table["scenario_id"]) == {"leaves"}
    assert table["origin_date"].unique().tolist() == [date(2020, 6, 30)]
    assert set(table["output_type_id"]) == set(paired["output_type_id"])
    first = table.query("horizon == 1 and location == 'QMA' and target == 'deaths one_sided'")
    assert first["target_end_date"].unique().tolist() == [date(2020, 7, 31)]
    drawn = run.deaths.sel(country="QMA", outcome="one_sided", month="2020-07").values
    np.testing.assert_array_equal(first.set_index("output_type_id")["value"].loc[["s0", "s7"]], drawn[[0, 7]])
    assert table["target_end_date"].iloc[-1] >= date(2022, 1, 31)


def test_the_posterior_is_read_by_arviz_with_its_chains(made_fit, tmp_path):
    import arviz as az

    read = az.from_netcdf(save_posterior(made_fit, tmp_path / "posterior.nc"))
    group = read["posterior"].to_dataset()
    assert (group.sizes["chain"], group.sizes["draw"]) == (2, 60)
    flat = made_fit.parameters["coupling"].values
    np.testing.assert_array_equal(group["coupling"].transpose("draw", "chain").values.ravel(), flat)
    assert group.attrs["as_of"] == "2020-06"
    with pytest.raises(InputError, match=r"end the name in \.nc"):
        save_posterior(made_fit, tmp_path / "posterior.json")


def test_part_of_a_posterior_has_no_chains(made_fit):
    from dataclasses import replace

    part = replace(made_fit, parameters=made_fit.parameters.isel(draw=slice(0, 7)))
    with pytest.raises(InputError, match="export the whole fit"):
        posterior_tree(part)


FIGURES = ("fan", "dots", "ridge", "ladder", "map", "spillover", "flow")


@pytest.mark.parametrize("name", FIGURES)
def test_a_run_draws_its_figures(run, name):
    ax = getattr(run.plot, name)(size="column")
    words = " ".join(" ".join(text.get_text().split()) for text in ax.figure.texts)
    assert describe(ax).title in words and "As of June 2020." in words


def test_a_runs_figure_shows_the_runs_numbers(run):
    ax = run.plot.fan("QMB", "state_based")
    median = next(line for line in ax.lines if line.get_label() == "median").get_ydata()
    drawn = run.deaths.sel(country="QMB", outcome="state_based")
    np.testing.assert_allclose(median, np.median(drawn.values, axis=0))
    assert "Bellune" in describe(ax).title


def test_what_a_run_can_draw_is_said(run):
    assert all(name in repr(run.plot) for name in FIGURES)
    with pytest.raises(ValueError, match="none of the 5 units"):
        run.plot.fan("FRA")
    with pytest.raises(ValueError, match="state_based, non_state, one_sided"):
        run.plot.fan("QMA", "riots")


def test_reprs_show_names_and_numbers_in_the_readers_language(run, other):
    assert "Bellune" in run._repr_html_() and "the first twelve months" in run._repr_html_()
    both = Comparison.of({"leaves": run, "stays": other})
    assert "ratio" in both._repr_html_() and both["leaves"] is run
    with speaking("fr"):
        assert "Cortie" in run._repr_html_()


def test_scenario_driver_and_posterior_show_what_is_asked_first(made_fit):
    shown = scenario_html(hm.load("stays"))
    assert "The mission stays" in shown and "raiders" in shown
    assert "as of" not in shown, "dates are the case's, unless the scenario's own file asks otherwise"
    assert "2020-05" in scenario_html(hm.load("stays").model_copy(update={"as_of": "2020-05"}))
    driver = read_drivers()["vacancy"]
    page = driver_html(driver)
    assert escape(driver.title) in page
    for branch in driver.branches:
        assert escape(branch.means) in page
    checks = posterior_html(made_fit)
    assert "2 x 60" in checks and "do not rely" in checks  # a fit this short must not pass
    assert "2020-06" in checks


def test_html_escapes_what_an_analyst_wrote():
    scenario = hm.load("leaves").model_copy(update={"title": "<b>bold</b>"})
    assert "&lt;b&gt;bold&lt;/b&gt;" in scenario_html(scenario)


def test_a_notebook_shows_long_steps_and_takes_the_bar_away():
    shown, now = [], [0.0]

    def show(html):
        shown.append(html)
        return shown.append

    steps = NotebookSteps(show=show, clock=lambda: now[0])
    with steps.step("fit <the> model") as update:
        for second in range(11):
            now[0] = float(second)
            update(second / 10)
        update(1.0)  # at once after the last: not worth another line
    assert shown[-1] == "" and len(shown) == 10
    assert "fit &lt;the&gt; model" in shown[0] and "20%" in shown[0] and "about 8 s left" in shown[0]
    with steps.step("read") as update:
        update(0.5)
    assert len(shown) == 10
    with steps.step("fit"):
        steps.waits("fit")
    assert shown[10:] == ["<label>fit: waits for another run that does the same</label>", ""]
    assert set(steps.seconds) == {"fit <the> model", "read", "fit"}


def test_outside_of_a_notebook_steps_are_silent():
    assert type(default_steps()) is Steps
