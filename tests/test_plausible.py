"""Plausible deaths: reported ones widened by UCDP's own bounds, labelled and never mixed with them."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from sampling import SHORT

import harmattan as hm
from harmattan.case.opening import open_case
from harmattan.core.errors import InputError
from harmattan.core.names import OUTCOMES
from harmattan.run.results import Comparison
from harmattan.simulate.plausible import plausible_deaths, triangular_quantile


def reported(value=1000, draws=4000, countries=("MLI", "SEN")):
    labels = {"month": ["2023-07", "2023-08"], "country": list(countries), "outcome": list(OUTCOMES)}
    shape = (draws, 2, len(countries), len(OUTCOMES))
    return xr.DataArray(np.full(shape, value, dtype="int32"), dims=("draw", *labels), coords=labels, name="deaths")


def bounds_of(low, high, country="MLI", years=range(2012, 2024)):
    """Years that are all alike, so that nothing is unsure of their width."""
    rows = [
        {
            "country": country, "outcome": outcome, "first_month": f"{year}-01", "last_month": f"{year}-12",
            "low": 1000 * low, "best": 1000, "high": 1000 * high,
        }
        for year in years
        for outcome in OUTCOMES
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_bounds_are_ucdp_s_and_end_with_the_record():
    bounds = open_case().bounds("2023-06")
    assert bounds["last_month"].max() == "2023-06" and open_case().bounds("2023-12")["last_month"].max() == "2023-12"
    row = bounds.query("country == 'NGA' and last_month == '2022-12' and outcome == 'one_sided'").iloc[0]
    assert (row["low"], row["best"], row["high"]) == (272, 393, 472)  # as UCDP's yearly table has them
    assert (bounds["low"] <= bounds["best"]).all() and (bounds["best"] <= bounds["high"]).all()


def test_the_triangle_has_its_quantiles():
    low, high = np.full(5, 0.5), np.full(5, 2.0)
    # a third of the mass lies below the mode: (1 - 0.5) / (2 - 0.5)
    found = triangular_quantile(np.array([0.0, 1 / 3, 1.0, 1 / 12, 5 / 6]), low, high)
    np.testing.assert_allclose(found, [0.5, 1.0, 2.0, 0.75, 1.5])
    assert triangular_quantile(np.array([0.3]), np.array([1.0]), np.array([1.0])) == 1.0


def test_the_mean_is_the_triangle_s_and_bounds_hold():
    wide = plausible_deaths(reported(), bounds_of(0.8, 1.7), seed=1)
    assert wide.dtype == np.int32 and wide.attrs["counts"] == "plausible"
    assert wide.min() >= 800 and wide.max() <= 1700
    assert float(wide.sel(country="MLI").mean()) == pytest.approx(1000 * (0.8 + 1 + 1.7) / 3, rel=0.01)
    assert plausible_deaths(reported(0), bounds_of(0.8, 1.7), seed=1).sum() == 0


def test_a_future_keeps_its_factor_over_the_months_and_a_country_its_own():
    wide = plausible_deaths(reported(), bounds_of(0.8, 1.7), seed=1)
    np.testing.assert_array_equal(wide.isel(month=0).values, wide.isel(month=1).values)
    alone = plausible_deaths(reported(countries=("MLI",)), bounds_of(0.8, 1.7), seed=1)
    np.testing.assert_array_equal(alone.sel(country="MLI").values, wide.sel(country="MLI").values)
    assert abs(np.corrcoef(wide.values[:, 0, 0, 0], wide.values[:, 0, 1, 0])[0, 1]) < 0.05


def test_the_width_follows_the_unit_and_the_year():
    """One unit's counts grew wide in the last year; the other's never were. What is far off is like all units again."""
    wide = bounds_of(0.9, 1.1, "MLI", range(2012, 2023)), bounds_of(0.9, 2.0, "MLI", [2023])
    bounds = pd.concat([*wide, bounds_of(0.9, 1.1, "SEN")], ignore_index=True)
    months = ["2023-07", "2024-07", "2033-07"]
    deaths = reported().isel(month=[0, 0, 0]).assign_coords(month=months)
    found = plausible_deaths(deaths, bounds, seed=1).sel(outcome="one_sided").mean("draw")
    assert found.sel(month="2023-07", country="MLI") > 1.1 * found.sel(month="2023-07", country="SEN")
    mali, senegal = (found.sel(country=unit).values for unit in ("MLI", "SEN"))
    assert mali[0] > mali[1] > mali[2] and mali[2] - senegal[2] < 0.1 * (mali[0] - senegal[0])


def test_an_outcome_without_bounds_stays_as_it_is():
    bounds = bounds_of(0.8, 1.7).query("outcome == 'one_sided'")
    found = plausible_deaths(reported(), bounds, seed=1)
    assert (found.sel(outcome="non_state") == 1000).all() and (found.sel(outcome="one_sided") != 1000).any()


@pytest.fixture(scope="module")
def run(small_posterior):
    return hm.forecast("withdrawal", months=3, draws=40, settings=SHORT)


def test_a_run_says_which_deaths_it_counts(run, tmp_path):
    wide = run.plausible()
    assert run.counts == "reported" and wide.counts == "plausible" and wide.plausible() is wide
    assert repr(wide).endswith("plausible deaths)") and "plausible" not in repr(run)
    assert set(wide.to_hub()["target"]) == {f"plausible deaths {outcome}" for outcome in OUTCOMES}
    kept = pd.read_parquet(wide.save(tmp_path / "f.parquet"))
    assert list(kept.columns) == ["country", "month", "outcome", "draw", "value"]
    assert kept.attrs["counts"] == "plausible"
    assert not np.array_equal(wide.deaths.values, run.deaths.values)


def test_reported_and_plausible_are_never_mixed(run):
    with pytest.raises(InputError, match="plausible\\(\\) on each"):
        Comparison.of({"a": run.plausible(), "b": run})
    with pytest.raises(InputError, match="counts reported deaths"):
        run.plausible().plot.fan()
    with pytest.raises(InputError, match="choose reported or plausible"):
        hm.forecast("withdrawal", counts="guessed")
