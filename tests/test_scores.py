"""Scores, baselines, calibration and the comparison with what happened, against numbers worked by hand."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from harmattan.core.errors import InputError
from harmattan.core.months import months_after
from harmattan.evaluate import baselines, calibration, scores
from harmattan.evaluate.outcome import against_what_happened
from harmattan.panel.ucdp import truncate

MONTHS = months_after("2022-12", 24)


def cell(value):
    return xr.DataArray(float(value))


def draws_of(*values):
    return xr.DataArray(np.array(values, dtype="float64"), dims="draw")


@pytest.fixture(scope="module")
def observed(panel):
    return panel.sel(month=MONTHS)


@pytest.fixture(scope="module")
def climate(panel):
    return baselines.conflictology(truncate(panel, "2022-12"), MONTHS, draws=200, seed=1)


def test_crps_by_hand():
    # Draws 0, 2, 4 and the observation 3: mean distance 5/3, mean distance between draws (2+2+4)*2/9 = 16/9.
    assert float(scores.crps(cell(3), draws_of(0, 2, 4))) == pytest.approx(5 / 3 - 8 / 9)
    assert float(scores.crps(cell(3), draws_of(4, 0, 2))) == pytest.approx(5 / 3 - 8 / 9)
    assert float(scores.crps(cell(3), draws_of(7))) == 4
    assert float(scores.crps(cell(3), draws_of(3, 3, 3))) == 0


def test_log1p_crps_by_hand():
    assert float(scores.log1p_crps(cell(0), draws_of(np.e - 1))) == pytest.approx(1)


def test_threshold_weighted_crps_ignores_what_stays_below():
    assert float(scores.threshold_weighted_crps(cell(3), draws_of(0, 9, 20), 25)) == 0
    assert float(scores.threshold_weighted_crps(cell(30), draws_of(10), 25)) == 5
    assert float(scores.threshold_weighted_crps(cell(3), draws_of(0, 2, 4), 0)) == pytest.approx(5 / 3 - 8 / 9)


def test_brier_by_hand():
    happened = xr.DataArray([True, False], dims="event")
    assert scores.brier(happened, xr.DataArray([0.8, 0.5], dims="event")).values == pytest.approx([0.04, 0.25])


def test_interval_score_by_hand():
    draws = draws_of(*range(101))  # the central 80 % reach from 10 to 90
    assert float(scores.interval_score(cell(50), draws, 0.8)) == pytest.approx(80)
    assert float(scores.interval_score(cell(95), draws, 0.8)) == pytest.approx(80 + 10 * 5)
    assert float(scores.interval_score(cell(7), draws, 0.8)) == pytest.approx(80 + 10 * 3)


def test_ignorance_by_hand():
    # 11 bins with one pseudo-count each; 3 of 5 draws fall into the bin of the observation (0.5 to 2.5).
    assert float(scores.ignorance(cell(1), draws_of(1, 2, 2, 0, 40))) == pytest.approx(-np.log2(4 / 16))


def test_coverage_counts_both_ends():
    draws = xr.DataArray(np.tile(np.arange(101.0), (4, 1)), dims=("month", "draw"))
    what = xr.DataArray([25.0, 75.0, 24.0, 50.0], dims="month")
    assert float(scores.coverage(what, draws, 0.5)) == 0.75
    assert scores.coverage(what, draws, 0.5, over=[]).values.tolist() == [1, 1, 0, 1]


@pytest.mark.parametrize("level", [0, 1, 90])
def test_a_level_is_a_probability(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        scores.coverage(cell(1), draws_of(1, 2), level)


def test_skill_says_what_happens_at_zero():
    skill = scores.skill(xr.DataArray([1.0, 2.0, 4.0, 0.0, 1.0]), xr.DataArray([2.0, 2.0, 2.0, 0.0, 0.0]))
    assert skill.values.tolist() == [0.5, 0, -1, 0, -np.inf]


def test_scores_agree_with_scoringrules(observed, climate):
    import scoringrules

    what, draws = observed.values, climate.transpose("month", "country", "outcome", "draw").values
    assert np.allclose(scores.crps(observed, climate).values, scoringrules.crps_ensemble(what, draws))
    assert np.allclose(
        scores.threshold_weighted_crps(observed, climate, 25).values,
        scoringrules.twcrps_ensemble(what, draws, a=25.0, b=np.inf),
    )
    lower, upper = (end.values for end in scores.central_interval(climate, 0.9))
    assert np.allclose(
        scores.interval_score(observed, climate, 0.9).values, scoringrules.interval_score(what, lower, upper, 0.1)
    )


@pytest.mark.parametrize(
    "score",
    [
        scores.crps,
        scores.log1p_crps,
        scores.ignorance,
        lambda y, x: scores.threshold_weighted_crps(y, x, 10),
        lambda y, x: scores.interval_score(y, x, 0.9),
    ],
    ids=["crps", "log1p", "ignorance", "twcrps", "interval"],
)
def test_the_true_distribution_scores_best_on_average(score):
    source = np.random.default_rng(5)
    what = xr.DataArray(source.negative_binomial(2, 0.1, 4000).astype("float64"), dims="month")

    def mean_score(n, p):
        return float(score(what, xr.DataArray(source.negative_binomial(n, p, 2000), dims="draw")).mean())

    assert mean_score(2, 0.1) < min(mean_score(2, 0.2), mean_score(2, 0.05), mean_score(20, 0.53))


def test_cells_that_do_not_match_are_an_error(observed, climate):
    with pytest.raises(ValueError, match="exact"):
        scores.crps(observed.isel(country=slice(0, 3)), climate)


def test_conflictology_draws_only_from_the_window(panel):
    record = truncate(panel, "2022-12")
    for window in (12, 24, 36):
        drawn = baselines.conflictology(record, MONTHS[:2], 300, 1, window=window).sel(country="MLI")
        seen = record.sel(country="MLI").isel(month=slice(-window, None))
        for outcome in drawn["outcome"].values:
            assert set(drawn.sel(outcome=outcome).values.ravel()) <= set(seen.sel(outcome=outcome).values)


def test_conflictology_keeps_together_what_happened_together(panel):
    record = truncate(panel, "2022-12")
    drawn = baselines.conflictology(record, MONTHS[:1], 50, 1).isel(month=0)
    past = {tuple(month.ravel()) for month in record.values[-12:]}
    assert {tuple(draw.ravel()) for draw in drawn.values} <= past


def test_baselines_do_not_change_with_more_draws_months_or_fewer_countries(panel):
    record = truncate(panel, "2022-12")
    for baseline in (baselines.conflictology, baselines.last_observation_poisson):
        few = baseline(record, MONTHS[:3], 20, 7)
        assert few.dims == ("draw", "month", "country", "outcome")
        assert baseline(record, MONTHS, 50, 7).isel(draw=slice(20), month=slice(3)).equals(few)
        assert baseline(record.sel(country=["TGO"]), MONTHS[:3], 20, 7).equals(few.sel(country=["TGO"]))
        assert not baseline(record, MONTHS[:3], 20, 8).equals(few)


def test_the_last_observation_is_the_mean(panel):
    record = truncate(panel, "2022-12")
    drawn = baselines.last_observation_poisson(record, MONTHS, 400, 1).mean(["draw", "month"])
    assert np.allclose(drawn, record.isel(month=-1), atol=1.0)


def test_zero_is_zero(panel):
    assert float(baselines.zero(panel, MONTHS, 3).max()) == 0


def test_a_window_longer_than_the_panel_is_refused(panel):
    with pytest.raises(InputError, match="the panel holds 12"):
        baselines.conflictology(panel.isel(month=slice(12)), MONTHS, 5, 1, window=24)


def test_pit_is_uniform_for_a_calibrated_forecast_of_counts():
    source = np.random.default_rng(3)
    labels = {"month": np.arange(1500)}
    what = xr.DataArray(source.poisson(0.7, 1500).astype("float64"), dims="month", coords=labels)
    draws = xr.DataArray(source.poisson(0.7, (99, 1500)), dims=("draw", "month"), coords=labels)
    pit = calibration.randomised_pit(what, draws, seed=1)
    assert calibration.pit_ecdf(pit, seed=1)["inside"].all()
    too_high = calibration.randomised_pit(what, draws + 1, seed=1)
    assert not calibration.pit_ecdf(too_high, seed=1)["inside"].all()


def test_pit_of_a_cell_does_not_depend_on_the_other_cells(observed, climate):
    pit = calibration.randomised_pit(observed, climate, seed=1)
    fewer = calibration.randomised_pit(
        observed.sel(country=["MLI", "TGO"]), climate.sel(country=["MLI", "TGO"]), seed=1
    )
    assert fewer.equals(pit.sel(country=["MLI", "TGO"]))
    assert ((pit > 0) & (pit < 1)).all()


def test_the_band_holds_calibrated_curves_as_often_as_it_says():
    source = np.random.default_rng(11)
    band = calibration.pit_ecdf(xr.DataArray(source.random(80)), seed=2, level=0.9, points=40)
    samples = source.random((600, 80))
    curves = (samples[:, :, None] <= band["z"].to_numpy()).mean(axis=1)
    held = ((curves >= band["lower"].to_numpy()) & (curves <= band["upper"].to_numpy())).all(axis=1).mean()
    assert 0.87 <= held <= 0.96


def test_the_coverage_table_has_a_row_for_each_outcome(observed, climate):
    table = calibration.coverage_table(observed, climate)
    assert list(table.columns) == ["50%", "80%", "90%", "95%", "cells"]
    assert list(table.index) == ["state_based", "non_state", "one_sided"]
    assert (table["cells"] == 24 * 16).all()
    assert (table["50%"] <= table["95%"]).all()


def test_what_happened_stands_beside_the_forecast(panel, climate):
    sure = climate.isel(draw=[0, 0, 0]) * 0 + 10  # ten deaths every month, everywhere
    table = against_what_happened(sure, panel, climate, after="2023-12")
    row = table.set_index(["country", "outcome", "window"]).loc[("MLI", "one_sided", "12 months")]
    assert row["observed"] == float(panel.sel(country="MLI", outcome="one_sided", month=MONTHS[12:]).sum())
    assert (row["median"], row["q05"], row["q95"]) == (120, 120, 120)
    assert row["crps"] == abs(row["observed"] - 120)
    assert row["probability_at_least_observed"] == 0
    assert row["crps_reference"] > 0
    assert len(table) == 3 * 16 * 3


def test_a_window_that_is_not_over_says_so(panel, climate):
    table = against_what_happened(climate, panel, after="2023-12").drop_duplicates("window").set_index("window")
    assert list(table.index) == ["short", "12 months", "mid"]
    assert table["complete"].tolist() == [True, True, False]
    assert table.loc["mid", ["first_month", "last_month", "months"]].tolist() == ["2024-07", "2024-12", 6]
    assert "crps_reference" not in table.columns


def test_horizons_count_from_the_origin_by_default(panel, climate):
    table = against_what_happened(climate, panel)
    assert table.loc[table["window"] == "short", "first_month"].unique().tolist() == ["2023-01"]
    assert isinstance(table, pd.DataFrame) and table.notna().all().all()


def test_nothing_to_compare_is_said_so(panel, climate):
    with pytest.raises(InputError, match="the record ends in 2022-12"):
        against_what_happened(climate, truncate(panel, "2022-12"))
    with pytest.raises(InputError, match="both forecast and observed"):
        against_what_happened(climate, panel, after="2030-01")
    with pytest.raises(InputError, match="reference forecast lacks"):
        against_what_happened(climate, panel, climate.isel(month=slice(3)))
