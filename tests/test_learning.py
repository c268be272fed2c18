"""Prior against posterior and the tornado, against numbers worked out by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import norm

from harmattan.core.names import ISO3, OUTCOMES
from harmattan.explain.learning import mixture_quantile, prior_against_posterior, total_effect
from harmattan.explain.tornado import driver_swings
from harmattan.schema.driver import Driver

MONTHS = ["2023-07", "2023-08", "2023-09"]


def make_drivers(*names):
    branch = {"id": "worse", "means": "m", "direction": "raise"}
    common = {
        "means": "m", "branches": (branch,), "outcomes": {"one_sided": 1.0},
        "places": {"MLI": 1.0}, "timing": {"onset_month": 1, "ramp_months": 1, "half_life_months": None},
        "basis": "b", "evidence": (),
    }  # fmt: skip
    return {name: Driver.model_validate(common | {"id": name, "title": name.upper()}) for name in names}


def make_priors(*names, weight=0.4, mean=0.8, sd=0.1, null_sd=0.05):
    values = {"weight": [weight, 1 - weight], "mean": [mean, 0.0], "sd": [sd, null_sd]}
    return xr.Dataset(
        {key: (("driver", "component"), [row] * len(names)) for key, row in values.items()},
        coords={"driver": list(names)},
    )


def by_driver(values, *names):
    return xr.DataArray(np.asarray(values, dtype=float), dims=("draw", "driver"), coords={"driver": list(names)})


def make_exposures(*names, share=1.0):
    coords = {"driver": list(names), "month": MONTHS, "country": list(ISO3), "outcome": list(OUTCOMES)}
    cells = xr.DataArray(np.zeros([len(v) for v in coords.values()]), dims=tuple(coords), coords=coords)
    cells.loc[{"country": "MLI", "outcome": "one_sided"}] = share
    return cells


# Prior against posterior


def test_quantiles_of_a_mixture_of_one_are_those_of_the_normal():
    prior = make_priors("a", weight=1.0, mean=0.3, sd=0.2).sel(driver="a")
    for level in (0.1, 0.5, 0.9):
        assert mixture_quantile(prior, level) == pytest.approx(norm.ppf(level, 0.3, 0.2), abs=1e-9)


def test_quantiles_of_a_mixture_invert_its_distribution():
    prior = make_priors("a").sel(driver="a")
    for level in (0.05, 0.5, 0.59, 0.61, 0.95):
        x = mixture_quantile(prior, level)
        assert 0.4 * norm.cdf(x, 0.8, 0.1) + 0.6 * norm.cdf(x, 0.0, 0.05) == pytest.approx(level)


def test_draws_of_the_prior_say_that_the_data_are_silent():
    rng = np.random.default_rng(1)
    there = rng.random(20_000) < 0.4
    draws = np.where(there, rng.normal(0.8, 0.1, there.size), rng.normal(0.0, 0.05, there.size))
    row = prior_against_posterior(make_drivers("a"), make_priors("a"), by_driver(draws[:, None], "a")).iloc[0]
    assert (row["driver"], row["label"]) == ("a", "A")
    assert row["prior_weight"] == pytest.approx(0.4)
    assert row["posterior_weight"] == pytest.approx(0.4, abs=0.01)
    for name in ("low", "median", "high"):
        assert row[f"posterior_{name}"] == pytest.approx(row[f"prior_{name}"], rel=0.02)


def test_draws_at_a_branch_say_that_the_effect_is_there():
    drivers, priors = make_drivers("a", "b"), make_priors("a", "b")
    draws = by_driver(np.column_stack([np.full(50, 0.8), np.full(50, 0.0)]), "a", "b")
    table = prior_against_posterior(drivers, priors, draws).set_index("driver")
    assert table.loc["a", "posterior_weight"] == pytest.approx(1.0, abs=1e-6)
    assert table.loc["b", "posterior_weight"] == pytest.approx(0.0, abs=1e-6)
    assert table.loc["a", "posterior_median"] == pytest.approx(np.exp(0.8))
    assert list(table.index) == ["a", "b"]


def test_drivers_multiply_one_another():
    effects = by_driver([[np.log(2), np.log(3)], [0.0, np.log(3)]], "a", "b")
    factor = total_effect(effects, make_exposures("a", "b"), "MLI", "one_sided")
    assert factor.dims == ("draw", "month") and list(factor["month"].values) == MONTHS
    np.testing.assert_allclose(factor.values, [[6, 6, 6], [3, 3, 3]])
    np.testing.assert_allclose(total_effect(effects, make_exposures("a", "b"), "BFA", "one_sided").values, 1.0)


def test_half_a_share_takes_the_root_of_a_ratio():
    effects = by_driver([[np.log(4)]], "a")
    factor = total_effect(effects, make_exposures("a", share=0.5), "MLI", "one_sided")
    np.testing.assert_allclose(factor.values, 2.0)


# Tornado


def make_deaths(draws, value=10):
    coords = {"month": MONTHS, "country": list(ISO3), "outcome": list(OUTCOMES)}
    shape = (draws, *(len(v) for v in coords.values()))
    return xr.DataArray(np.full(shape, value), dims=("draw", *coords), coords=coords)


def test_a_swing_puts_weak_and_strong_in_place_of_the_drawn_effect():
    values = np.linspace(0, 1, 11)  # 10th percentile 0.1, 90th 0.9
    effects = by_driver(values[:, None], "a")
    swings = driver_swings(
        make_deaths(11), effects, make_exposures("a"), make_drivers("a"), "MLI", "one_sided", months=2
    )
    removed = np.exp(-values).mean()  # ten deaths in each future, whatever its effect was
    assert swings["low"][0] == pytest.approx(2 * 10 * np.exp(0.1) * removed)
    assert swings["high"][0] == pytest.approx(2 * 10 * np.exp(0.9) * removed)


def test_the_widest_swing_stands_first_and_an_idle_driver_has_none():
    effects = by_driver(np.column_stack([np.linspace(0, 0.1, 5), np.linspace(0, 1, 5), np.zeros(5)]), "a", "b", "idle")
    drivers = make_drivers("a", "b", "idle")
    swings = driver_swings(make_deaths(5), effects, make_exposures(*drivers), drivers, "MLI", "one_sided")
    assert swings["driver"].tolist() == ["b", "a", "idle"]
    assert swings.set_index("driver").loc["idle", ["low", "high"]].tolist() == [30.0, 30.0]
    assert list(swings.columns) == ["driver", "label", "low", "high"]


def test_a_driver_that_acts_elsewhere_swings_nothing():
    effects = by_driver(np.linspace(0, 1, 5)[:, None], "a")
    swings = driver_swings(make_deaths(5), effects, make_exposures("a"), make_drivers("a"), "NER", "one_sided")
    pd.testing.assert_series_equal(swings["low"], swings["high"], check_names=False)
