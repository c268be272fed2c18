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
from harmattan.simulate.plausible import plausible_deaths, triangular_quantile, years_that_speak


def reported(value=1000, draws=4000, countries=("MLI", "SEN")):
    labels = {"month": ["2023-07", "2023-08"], "country": list(countries), "outcome": list(OUTCOMES)}
    shape = (draws, 2, len(countries), len(OUTCOMES))
    return xr.DataArray(np.full(shape, value, dtype="int32"), dims=("draw", *labels), coords=labels, name="deaths")


def bounds_of(low, high, country="MLI"):
    years = range(2014, 2024)
    rows = [
        {"country": country, "outcome": o, "year": y, "low_ratio": low, "high_ratio": high}
        for y in years
        for o in OUTCOMES
    ]
    return pd.DataFrame(rows)


def test_bounds_are_ucdp_s_and_end_with_the_record():
    bounds = open_case().bounds("2023-06")
    assert bounds["year"].max() == 2022 and open_case().bounds("2023-12")["year"].max() == 2023
    row = bounds.query("country == 'NGA' and year == 2022 and outcome == 'one_sided'").iloc[0]
    assert (row["low"], row["best"], row["high"]) == (272, 393, 472)  # as UCDP's yearly table has them
    assert row["high_ratio"] == pytest.approx(472 / 393)
    assert (bounds["low_ratio"] <= 1).all() and (bounds["high_ratio"] >= 1).all() and (bounds["best"] >= 25).all()


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


def test_a_country_with_few_years_borrows_all_and_old_years_are_silent():
    own, others = bounds_of(0.9, 1.1).query("year > 2021"), bounds_of(0.5, 3.0, "NGA")
    both = pd.concat([own, others])
    assert set(years_that_speak(both, "MLI", "one_sided")["country"]) == {"MLI", "NGA"}
    assert set(years_that_speak(both, "NGA", "one_sided")["country"]) == {"NGA"}
    old = bounds_of(0.1, 9.0).assign(year=lambda table: table["year"] - 10)
    assert years_that_speak(pd.concat([bounds_of(0.9, 1.1), old]), "MLI", "one_sided")["high_ratio"].max() == 1.1


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
