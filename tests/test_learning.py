"""Prior against posterior and the tornado, against numbers worked out by hand."""

import re

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.stats import norm
from shipped import UNITS, drivers_on

from harmattan.core.names import OUTCOMES
from harmattan.explain.learning import mixture_quantile, prior_against_posterior, total_effect
from harmattan.explain.tornado import driver_swings
from harmattan.schema.driver import Driver, read_drivers

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
    coords = {"driver": list(names), "month": MONTHS, "country": list(UNITS), "outcome": list(OUTCOMES)}
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
    coords = {"month": MONTHS, "country": list(UNITS), "outcome": list(OUTCOMES)}
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


# Ways of a driver that can go several


def two_ways():
    branches = (
        {"id": "fails", "title": "The accord fails", "means": "m", "direction": "raise"},
        {"id": "settled", "title": "A settlement", "means": "m", "direction": "lower"},
    )
    told = make_drivers("fate")["fate"].model_dump()
    event = {"event": "accord-ended", "branch": "fails", "odds_ratio": None, "why": "w"}
    return {"fate": Driver.model_validate(told | {"branches": branches, "events": (event,)})}


def two_ways_priors():
    values = {"weight": [0.3, 0.2, 0.5], "mean": [0.5, -0.4, 0.0], "sd": [0.1, 0.1, 0.02]}
    data = {key: (("driver", "component"), [row]) for key, row in values.items()}
    return xr.Dataset(data, coords={"driver": ["fate"]})


def test_opposites_have_a_row_each_with_their_own_chances_and_sizes():
    draws = by_driver(np.repeat([0.5, -0.4, 0.0], [60, 20, 20])[:, None], "fate")
    table = prior_against_posterior(two_ways(), two_ways_priors(), draws).set_index("branch")
    assert table["label"].to_dict() == {"fails": "The accord fails", "settled": "A settlement"}
    assert table["prior_weight"].to_dict() == {"fails": 0.3, "settled": 0.2}
    assert table["posterior_weight"].to_dict() == pytest.approx({"fails": 0.6, "settled": 0.2}, abs=1e-3)
    assert table["posterior_median"].to_dict() == pytest.approx({"fails": np.exp(0.5), "settled": np.exp(-0.4)})
    assert table.loc["settled", "prior_low"] == pytest.approx(np.exp(norm.ppf(0.1, -0.4, 0.1)))


def test_whether_it_has_happened_is_told_with_the_date_and_only_once_it_is_known():
    draws = by_driver(np.zeros((4, 1)), "fate")

    def told(last):
        table = prior_against_posterior(drivers_on(two_ways()), two_ways_priors(), draws, last=last)
        return table.set_index("branch")["happened"].to_dict()

    assert told("2024-12") == {"fails": "yes, 2024-01", "settled": "no, it went the other way, 2024-01"}
    assert set(told("2023-12").values()) == {"not settled by any dated event"}


def test_a_public_fact_is_told_as_such_and_not_as_an_effect():
    drivers = make_drivers("rift")
    fact = {"date": "2023-06-23", "what": "Wagner mutinied"}
    told = {"rift": Driver.model_validate(drivers["rift"].model_dump() | {"happened": (fact,)})}
    table = prior_against_posterior(
        drivers_on(told), make_priors("rift"), by_driver(np.zeros((4, 1)), "rift"), last="2023-06"
    )
    assert table["happened"].item() == "Wagner mutinied, 2023-06; its effect is not settled"


def test_every_shipped_way_has_a_title_that_joins_no_opposites():
    drivers = read_drivers()
    titles = [driver.title_of(branch) for driver in drivers.values() for branch in driver.branches]
    assert len(set(titles)) == len(titles)
    assert not [title for title in [*titles, *(d.title for d in drivers.values())] if re.search(r"\bor\b|/", title)]


def test_a_way_swings_by_itself_and_says_which_end_is_which():
    values = np.repeat([0.5, -0.4, 0.0], [40, 40, 20])
    ways = by_driver(np.repeat([0, 1, 2], [40, 40, 20])[:, None], "fate").astype(int)
    effects = by_driver(values[:, None], "fate")
    table = driver_swings(
        make_deaths(100), effects, make_exposures("fate"), two_ways(), "MLI", "one_sided", months=1, ways=ways
    ).set_index("branch")
    # ten deaths in each future as simulated; without the way, its own effect is taken out and the other stays
    assert table.loc["fails", "weak"] == pytest.approx(10 * (0.6 + 0.4 * np.exp(-0.5)))
    assert table.loc["fails", "strong"] == pytest.approx(10 * np.exp(0.5 - values).mean())
    assert table.loc["settled", "strong"] == pytest.approx(10 * np.exp(-0.4 - values).mean())
    for row in table.itertuples():
        assert row.low < row.high
    assert table.loc["fails", "strong"] == table.loc["fails", "high"]
    assert table.loc["settled", "strong"] == table.loc["settled", "low"], "what helps brings fewer deaths where strong"
