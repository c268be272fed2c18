"""What Python users get: typed results that carry xarray data, print well and save themselves. On the made-up case."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made import HOME, NAMES, THRESHOLDS, UNITS

import harmattan as hm
from harmattan.claims.register import Register
from harmattan.core.errors import InputError
from harmattan.core.names import HEADLINE, OUTCOMES
from harmattan.core.progress import Steps
from harmattan.explain.trace import Trace
from harmattan.model.posterior import Posterior
from harmattan.run.results import Comparison, Forecast
from harmattan.schema.scenario import Scenario

DRAWS, MONTHS = 50, 20

pytestmark = pytest.mark.usefixtures("made_case")


@pytest.fixture(scope="module")
def run(made_case, made_fit):
    return hm.forecast("leaves", months=MONTHS, draws=DRAWS)


@pytest.fixture(scope="module")
def pair(made_case, made_fit):
    return hm.compare("leaves", "baseline", "stays", months=MONTHS, draws=DRAWS)


# The package


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, harmattan; print(sorted({'numpy', 'pandas', 'pymc', 'matplotlib', 'pydantic'} & {*sys.modules}))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_a_command_loads_neither_figures_nor_distributions_before_it_needs_them():
    heavy = {"pymc", "matplotlib", "jinja2", "scipy.stats", "scipy.optimize"}
    code = f"import sys, harmattan as hm; hm.forecast; print(sorted({heavy} & {{*sys.modules}}))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_the_package_lists_what_it_offers():
    assert set(hm.__all__) <= set(dir(hm))
    offered = ("load", "fit", "forecast", "compare", "brief", "explain", "ledger")
    assert all(callable(getattr(hm, name)) for name in offered)
    with pytest.raises(AttributeError, match="nothing"):
        _ = hm.nothing


@pytest.mark.parametrize("first", ["harmattan.explain.question", "harmattan.api", "harmattan.plots"])
def test_a_room_never_hides_the_function_of_its_name(first):
    code = f"import {first}, harmattan as hm; print(callable(hm.explain), hm.plots.__name__)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).split() == ["True", "harmattan.plots"]


# Load, validate, trace


def test_a_scenario_is_loaded_with_what_it_extends():
    scenario = hm.load("stays")
    assert isinstance(scenario, Scenario)
    assert scenario.id == "stays"
    assert scenario.setting("patrols").state == "absent"
    assert scenario.setting("raiders").state == "from-claims"


def test_a_scenario_of_ones_own_states_only_differences(tmp_path):
    path = tmp_path / "slow_exit.yaml"
    path.write_text(
        "id: slow_exit\nextends: leaves\ntitle: A slow exit\ncondition: It takes its time.\n"
        "drivers:\n  set:\n    raiders: {state: absent}\n"
    )
    scenario, parent = hm.load(path), hm.load("leaves")
    assert scenario.setting("raiders").state == "absent"
    assert scenario.setting("patrols") == parent.setting("peace-accord")
    assert scenario.drivers.learn == parent.drivers.learn


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "id: mine\nextends: leavs\ntitle: T\ncondition: c\n",
            ["mine.yaml", "line 2", "Did you mean 'leaves'"],
        ),
        ("id: other\nextends: leaves\ntitle: T\ncondition: c\n", ["mine.yaml", "'mine'"]),
        (
            "id: mine\nextends: leaves\ntitle: T\ncondition: c\ndrivers: {set: {patrol: {state: absent}}}\n",
            ["mine.yaml", "line 5", "Did you mean 'patrols'"],
        ),
        ("id: mine\nextends: leaves\ntitle: T\ncondition: c\nmonths: many\n", ["mine.yaml", "months", "line 5"]),
        ("- a list\n", ["mine.yaml", "mapping"]),
    ],
)
def test_a_wrong_scenario_is_refused_with_place_and_mending(tmp_path, text, parts):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as refusal:
        hm.load(path)
    assert all(part in str(refusal.value) for part in parts), str(refusal.value)


def test_an_unknown_scenario_is_refused_with_the_near_ones():
    with pytest.raises(InputError, match=r"Did you mean 'leaves'\?"):
        hm.load("leavess")


def test_validate_returns_the_register_and_trace_prints():
    assert isinstance(hm.validate(), Register)
    found = hm.trace("patrols")
    assert isinstance(found, Trace) and found.kind == "driver"
    assert str(found).startswith("driver patrols")


# Fit and forecast


def test_a_fit_is_made_once_and_shared_by_every_scenario(run):
    steps = Steps()
    fitted = hm.fit("stays", steps=steps)
    assert isinstance(fitted, Posterior)
    assert (fitted.key, fitted.as_of) == (run.posterior.key, "2020-06")
    assert list(steps.seconds) == ["read the record", "fit the model, to 2020-06"]


def test_a_forecast_carries_labelled_arrays(run):
    assert isinstance(run, Forecast)
    assert isinstance(run.deaths, xr.DataArray)
    assert run.deaths.dims == ("draw", "month", "country", "outcome")
    assert run.deaths.shape == (DRAWS, MONTHS, len(UNITS), len(OUTCOMES))
    assert list(run.deaths["country"].values) == list(UNITS)
    assert list(run.deaths["outcome"].values) == list(OUTCOMES)
    assert (run.deaths["month"].values[0], run.deaths["month"].values[-1]) == ("2020-07", "2022-02")
    assert run.deaths.attrs["units"] == "deaths per month"
    assert run.panel["month"].values[-1] == "2020-06"
    assert run.effects.dims == ("draw", "driver") and run.effects.sizes["draw"] == DRAWS


def test_a_forecast_prints_in_words_and_as_a_table(run):
    assert repr(run) == ("Forecast(leaves, as of 2020-06, 2020-07 to 2022-02, 50 futures of 5 countries x 3 outcomes)")
    html = run._repr_html_()
    assert "Forecast(leaves" in html and "<table" in html
    assert all(name in html for name in NAMES.values())


def test_windows_count_months_from_the_exit(run):
    windows = run.windows()
    assert windows["short"] == [f"2020-{m:02d}" for m in range(7, 13)]
    assert windows["mid"][0] == "2021-01" and windows["mid"][-1] == "2022-02"
    assert "long" not in windows


def test_totals_are_those_of_the_draws(run):
    totals = run.totals().set_index(["country", "outcome"])
    drawn = run.deaths.sel(HOME).values[:, :12].sum(axis=1)
    row = totals.loc[("QMA", HEADLINE)]
    assert row["mean"] == pytest.approx(drawn.mean())
    assert row["median"] == pytest.approx(np.median(drawn))
    assert row["q95"] == pytest.approx(np.quantile(drawn, 0.95))
    assert len(totals) == len(UNITS) * len(OUTCOMES)
    assert run.totals(6).set_index(["country", "outcome"]).loc[("QMA", HEADLINE), "mean"] < row["mean"]


def test_summary_and_exceedance_are_those_of_the_draws(run):
    short = run.summary().query("country == 'QMA' and outcome == @HEADLINE and window == 'short'")
    cells = run.deaths.sel(HOME).values
    assert short["mean"].item() == pytest.approx(cells[:, :6].mean())
    assert short["months"].item() == 6
    chance = run.exceedance().sel(HOME)
    expected = [(cells[:, :12].sum(axis=1) > threshold).mean() for threshold in THRESHOLDS]
    np.testing.assert_allclose(chance.values, expected)


def test_the_long_form_holds_every_cell_under_its_labels(run):
    frame = run.to_frame()
    assert list(frame.columns) == ["country", "month", "outcome", "draw", "value"]
    assert len(frame) == run.deaths.size
    cell = frame.set_index(["country", "month", "outcome", "draw"])["value"]
    for key in (
        ("QMA", "2020-07", "one_sided", 0),
        ("QMI", "2022-02", "non_state", 49),
        ("QMD", "2021-01", "state_based", 7),
    ):
        country, month, outcome, draw = key
        at = {"country": country, "month": month, "outcome": outcome}
        assert cell[key] == run.deaths.sel(at).values[draw]


def test_a_forecast_saves_itself_and_overwrites_whole(run, tmp_path):
    target = tmp_path / "deep" / "draws.parquet"
    for _ in range(2):
        assert run.save(target) == target
    pd.testing.assert_frame_equal(pd.read_parquet(target), run.to_frame())
    assert [path.name for path in target.parent.iterdir()] == ["draws.parquet"]


def test_a_loaded_scenario_gives_the_same_forecast_as_its_name(run):
    again = hm.forecast(hm.load("leaves"), months=MONTHS, draws=DRAWS)
    assert again.deaths.identical(run.deaths)


# Compare


def test_a_comparison_holds_each_scenario_against_the_last(pair):
    assert isinstance(pair, Comparison)
    assert list(pair.forecasts) == ["leaves", "baseline", "stays"]
    assert set(pair.table["scenario"]) == {"leaves", "baseline"}
    assert set(pair.table["against"]) == {"stays"}
    assert set(pair.table["window"]) == {"short", "mid"}
    assert repr(pair) == "Comparison(leaves against baseline against stays)"
    assert "<table" in pair._repr_html_()


def test_differences_are_taken_future_by_future(pair, run):
    first, second = pair.forecasts["leaves"].deaths, pair.forecasts["stays"].deaths
    assert first.identical(run.deaths)
    a, b = (deaths.sel(HOME).values[:, :6].mean(axis=1) for deaths in (first, second))
    row = pair.table.query(
        "scenario == 'leaves' and country == 'QMA' and outcome == @HEADLINE and window == 'short'"
    ).iloc[0]
    assert row["difference_mean"] == pytest.approx((a - b).mean())
    assert row["difference_q95"] == pytest.approx(np.quantile(a - b, 0.95))
    assert row["ratio"] == pytest.approx(a.mean() / b.mean())
    assert row["probability_more"] == pytest.approx((a > b).mean() + 0.5 * (a == b).mean())


def test_only_scenarios_over_the_same_months_are_compared():
    other = hm.load("stays").model_copy(update={"months": 24})
    with pytest.raises(InputError, match=r"months is 60 in leaves and 24 in stays.*--months"):
        hm.compare("leaves", other)


@pytest.mark.parametrize(("names", "part"), [((), "at least two"), (("leaves",), "at least two")])
def test_a_comparison_needs_two(names, part):
    with pytest.raises(InputError, match=part):
        hm.compare(*names)
