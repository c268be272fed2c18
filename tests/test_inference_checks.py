"""The checks of the inference: that they check what is fitted, and that what they found is kept whole."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats
from shipped import UNITS, neighbour_weights

import harmattan as hm
from harmattan.core.months import month_label, month_number, months_after
from harmattan.core.names import OUTCOMES
from harmattan.evaluate.ranks import rank_calibration
from harmattan.model.build import SERIES, DriverHistory, likelihood_data
from harmattan.model.likelihood import likelihood_and_gradient
from harmattan.model.priors import SPREAD_PRIOR, moments_of
from harmattan.model.specification import LEAST_RATE, STANDARD

AS_OF, MONTHS = "2024-12", 8


@pytest.fixture(scope="module")
def kept():
    return hm.inference_checks()


@pytest.fixture(scope="module")
def setting(panel):
    from simulated_panels import Setting

    months = [str(month) for month in panel["month"].values[-MONTHS:]]
    return Setting(panel, neighbour_weights(), months)


# What was found


RANKED = {"ranks": 200, "ranks_of_futures": 200, "ranks_with_drivers": 80}
"""Fewest simulated records of each variant."""


def of_variant(kept, name):
    """Calibration and conditions of one variant, and its ranks without the records' numbers."""

    def rows(table):
        variant = kept[table][(kept[table]["drivers"] > 0) == (name == "ranks_with_drivers")]
        return variant[variant["as_futures"] == (name == "ranks_of_futures")].reset_index(drop=True)

    return rows("calibration"), rows("conditions").iloc[0], kept[name].drop(columns="simulation")


@pytest.mark.parametrize("name", RANKED)
def test_enough_records_were_simulated_and_fitted(kept, name):
    judged, conditions, ranks = of_variant(kept, name)
    assert (judged["simulations"] >= RANKED[name]).all()
    assert len(ranks) == judged["simulations"].iloc[0] == conditions["simulations"]
    assert kept[name]["simulation"].is_unique


@pytest.mark.parametrize("name", RANKED)
def test_hyperparameters_countries_and_the_log_likelihood_were_ranked(kept, name):
    judged, _, ranks = of_variant(kept, name)
    wanted = {
        f"{what} {series} {outcome}" for what in ("centre", "spread") for series in SERIES for outcome in OUTCOMES
    }
    wanted |= {f"log_dispersion {country} {outcome}" for country in ("MLI", "BFA", "NGA") for outcome in OUTCOMES}
    wanted |= {f"{name} MLI {outcome}" for name in ("shift", "drifted") for outcome in OUTCOMES}
    wanted |= {"shape memory_logit one_sided", "log_coupling", "log_likelihood", "turned MLI"}
    if name == "ranks_with_drivers":
        wanted |= {f"driver_effect {driver}" for driver in hm.validate().drivers}
    assert wanted <= set(judged["quantity"]) == set(ranks.columns)


@pytest.mark.parametrize("name", RANKED)
def test_what_is_said_of_the_ranks_follows_from_the_ranks(kept, name):
    judged, conditions, ranks = of_variant(kept, name)
    again = rank_calibration(ranks, int(conditions["ranked_draws"]), seed=1)
    again = again.assign(drivers=conditions["drivers"], as_futures=conditions["as_futures"])
    pd.testing.assert_frame_equal(again.round(5), judged)
    assert conditions["bounded_share"] == 0.0, "no rate met a ceiling that the likelihood does not have"
    assert 0 <= conditions["records_set_aside"] < conditions["records_drawn"] - conditions["simulations"]


def test_the_fits_of_the_real_record_are_listed_with_what_they_lean_on(kept):
    sampler, scaled = kept["sampler"], kept["power_scaling"]
    fits = {(row.as_of, row.drivers > 0) for row in sampler.itertuples()}
    assert {("2023-06", False), (AS_OF, True)} <= fits, "the two fits that a forecast makes by default"
    assert (sampler["chains"] * sampler["draws"] >= 2000).all()
    assert scaled.groupby(["as_of", "drivers"])["quantity"].nunique().eq(len(scaled["quantity"].unique())).all()
    assert len(scaled.groupby(["as_of", "drivers"])) == len(sampler)
    assert set(scaled["reading"]) <= {"prior and data", "prior alone", "data alone", "neither"}


def test_the_bounds_of_the_prior_stand_beside_the_record(kept, panel):
    bounds = kept["prior_bounds"].set_index("outcome")
    assert list(bounds.index) == list(OUTCOMES)
    for outcome in OUTCOMES:
        assert bounds.loc[outcome, "largest_month_recorded"] == float(panel.sel(outcome=outcome).max())
    shares = bounds[["months_above_record", "months_above_ceiling", "futures_above_record", "zero_share"]]
    assert ((shares >= 0) & (shares <= 1)).to_numpy().all()
    assert (bounds["months_above_ceiling"] <= bounds["months_above_record"]).all()


# That it checks what is fitted


def test_a_simulated_record_takes_the_place_of_the_last_months_alone(setting, panel):
    from simulated_panels import with_record

    made = panel.sel(month=setting.months) * 0.0 + 3.0
    record = with_record(setting, made.expand_dims(draw=[0]).isel(draw=0))
    assert record["month"].values.tolist() == panel["month"].values.tolist()
    assert np.array_equal(record[:-MONTHS], panel[:-MONTHS])
    assert (record[-MONTHS:] == 3.0).all()


def two_drivers(months):
    coords = {"driver": ["a", "b"], "month": months, "country": list(UNITS), "outcome": list(OUTCOMES)}
    share = np.random.default_rng(1).random((2, len(months), len(UNITS), len(OUTCOMES)))
    columns = {"weight": [0.5, 0.5], "mean": [0.4, 0.0], "sd": [0.2, 0.05]}
    priors = {name: (("driver", "component"), [values, values]) for name, values in columns.items()}
    exposure = xr.DataArray(share, dims=tuple(coords), coords=coords)
    return DriverHistory(
        exposure, xr.Dataset(priors, coords={"driver": ["a", "b"]}), month_label(month_number(months[0]) - 1)
    )


@pytest.mark.parametrize(("with_drivers", "as_futures"), [(False, False), (True, False), (False, True)])
def test_the_model_sees_the_simulated_record_and_its_truth_has_the_likelihood_that_is_ranked(
    setting, with_drivers, as_futures
):
    """The compiled model's own log likelihood at the truth, after its data were changed, by PyMC and by hand."""
    from calibration_of_ranks import Experiment, quantities
    from simulated_panels import with_record

    drivers = two_drivers(setting.months[3:]) if with_drivers else None
    used = dataclasses.replace(setting, drivers=drivers, as_futures=as_futures)
    experiment = Experiment(used, 6, 1)
    truths, draw = experiment.truths, int(experiment.truths.kept[-1])
    record = with_record(used, truths.deaths.isel(draw=draw))
    data = likelihood_data(record, used.borders, used.drivers, used.likelihood_specification)
    assert np.array_equal(data[0].transpose(), truths.deaths.isel(draw=draw).values)
    assert (data[2] == 1.0).all(), "no month speaks softer"
    raw = truths.raw.isel(chain=0, draw=draw)
    parts = [raw["centre"], np.log(raw["spread"]), raw["offset"], raw["shape"], raw["log_coupling"]]
    parts += [raw["drift_normal"], raw["turn_normal"]]
    parts += [raw["driver_effect"]] if with_drivers else []
    point = np.concatenate([np.asarray(part).ravel() for part in parts])
    found = dataclasses.replace(experiment.density, data=data).at(point)[2]
    ranked = experiment.log_likelihood(truths, draw, data)
    assert (found == pytest.approx(ranked, rel=1e-10)) is not as_futures, "futures wander otherwise than at nodes"
    assert np.isfinite(ranked)
    columns = quantities(truths.raw, truths.natural)
    names = {f"{name} MLI {outcome}" for name in ("shift", "drifted") for outcome in OUTCOMES} | {"turned MLI"}
    assert names <= set(columns.columns) and len(columns) == 6


@pytest.mark.parametrize("as_futures", [False, True])
def test_what_wandered_in_a_simulated_record_is_what_its_rates_were_multiplied_by(setting, as_futures):
    """Where rates go by levels alone, their expectation is levels times the factor that is ranked."""
    from simulated_panels import natural_scales, prior_draws, simulate_record, wandered

    used = dataclasses.replace(setting, as_futures=as_futures)
    assert used.shifts.months == MONTHS
    natural = natural_scales(prior_draws(used.model(), 2, 3).isel(draw=[0]), used.anchor, used.shifts)
    nought = {"memory_weight": 0.0, "zero_base": -700.0, "zero_slope": 0.0, "zero_occurrence": 0.0, "coupling": 0.0}
    nought = {name: natural[name] * 0.0 + value for name, value in nought.items()}
    natural = natural.assign(nought | {"import_logit": natural["import_logit"] * 0.0 - 99.0})
    found = simulate_record(used, natural, 2).expected.values
    moved = wandered(used, 1, 2)["shift"] if as_futures else natural["shift"]
    levels = np.exp(natural["log_level"].values[0]) + LEAST_RATE
    assert found / levels == pytest.approx(np.exp(moved.values[0]), rel=1e-9)
    assert np.array_equal(moved[0, 0], np.zeros_like(levels)), "drift begins at nought in the first"


def test_what_was_found_for_other_records_is_not_taken_for_these(setting):
    from calibration_of_ranks import Experiment

    variants = (
        setting,
        dataclasses.replace(setting, as_futures=True),
        dataclasses.replace(setting, months=setting.months[1:]),
    )
    assert len({Experiment(variant, 6, 1).folder for variant in variants}) == 3


def test_more_records_leave_what_wandered_in_the_first_as_it_was(setting):
    from simulated_panels import wandered

    assert wandered(setting, 5, 2)["shift"].values[0] == pytest.approx(wandered(setting, 1, 2)["shift"].values[0])


def test_a_simulated_month_is_as_likely_as_the_likelihood_says(setting):
    """At the truth the expected gradient of the log likelihood is zero, which no other simulator would give."""
    from simulated_panels import natural_scales, prior_draws, simulate_record, wandered, with_record

    one = prior_draws(setting.model(), 2, 3).isel(draw=[0])
    repeats = 300
    raw = one.isel(draw=np.zeros(repeats, dtype=int)).assign_coords(draw=np.arange(repeats))
    natural = natural_scales(raw, setting.anchor)
    deaths = simulate_record(dataclasses.replace(setting, as_futures=True), natural, 2).deaths
    series = np.stack([natural[name].isel(draw=0).values for name in SERIES])
    shape, coupling = one["shape"].values[0, 0], one["log_coupling"].values[0]
    shift = wandered(setting, repeats, 2)["shift"].transpose("draw", "outcome", "country", "past_month").values
    slopes = []
    for draw in range(repeats):
        record = with_record(setting, deaths.isel(draw=draw))
        data = likelihood_data(record, setting.borders, None, setting.likelihood_specification)
        at = (series, shape, coupling, np.zeros(0), np.ascontiguousarray(shift[draw]))
        _, by_series, by_shape, by_coupling, _, by_shift = likelihood_and_gradient(*at, *data)
        summed = [by_series.sum(axis=1).ravel(), by_shape.ravel(), by_coupling, by_shift.sum(axis=(1, 2))]
        slopes.append(np.concatenate(summed))
    slopes = np.array(slopes)
    moves = slopes.std(axis=0) > 0
    scores = slopes[:, moves].mean(axis=0) / (slopes[:, moves].std(axis=0) / np.sqrt(repeats))
    assert moves.sum() >= 20
    assert np.abs(scores).max() < 4.0
    assert stats.kstest(scores, "norm").pvalue > 1e-3


def test_records_are_set_aside_for_their_deaths_alone(setting):
    from calibration_of_ranks import draw_truths

    truths = draw_truths(setting, setting.model(), 60, seed=1)
    largest = truths.deaths.max(["month", "country", "outcome"])
    assert truths.kept.tolist() == np.flatnonzero(largest <= STANDARD.rate_ceiling).tolist()
    assert truths.bounded_share == 0.0
    more = draw_truths(setting, setting.model(), 70, seed=1)
    assert np.array_equal(more.deaths[:60], truths.deaths), "asking for more keeps the earlier records"


# Power scaling


def test_a_spread_is_drawn_from_its_density_given_the_deviations():
    """Spread from the prior, deviations from the spread, spread from the deviations: the prior again, exchangeably."""
    from prior_or_data import drawn_spread

    rng, draws = np.random.default_rng(4), 3000
    names = list(SPREAD_PRIOR)
    location, scale = moments_of(SPREAD_PRIOR, ["one_sided"])
    log_spread = location + scale * rng.normal(size=(len(names), draws))
    offset = rng.normal(size=(len(names), draws, len(UNITS)))
    deviations = np.exp(log_spread)[..., None] * (offset - offset.mean(axis=-1, keepdims=True))
    squares = xr.DataArray((deviations**2).sum(axis=-1), dims=("series", "draw"), coords={"series": names})
    found = np.log(drawn_spread(squares.expand_dims(outcome=["one_sided"]), seed=2).values[0])
    for i in range(len(names)):
        assert stats.kstest((found[i] - location[i]) / scale[i], "norm").pvalue > 1e-3
        assert stats.ks_2samp(found[i] - log_spread[i], log_spread[i] - found[i]).pvalue > 1e-3
    told = 1 / (2 * (len(UNITS) - 1))  # variance of the logarithm of a standard deviation from so many deviations
    wanted = scale[2, 0] ** 2 / (scale[2, 0] ** 2 + told)
    assert np.corrcoef(found[2], log_spread[2])[0, 1] == pytest.approx(wanted, abs=0.1), "deviations tell of the spread"


def test_months_run_on(setting):
    assert setting.months == months_after(str(setting.before["month"].values[-1]), MONTHS)
