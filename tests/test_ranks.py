"""Simulation-based calibration on a model whose posterior is known: right is told from wrong."""

import numpy as np
import pandas as pd
import pytest

from harmattan.evaluate.ranks import rank_calibration, rank_of_truth

DRAWS, SIMULATIONS = 19, 400


def ranks_of(scale=1.0, shift=0.0, power=1.0, seed=5):
    """Ranks for a normal mean with prior N(0, 1) and one observation with sd 1: posterior N(y / 2, 1 / 2).

    `scale` and `shift` (in posterior standard deviations) spoil the posterior; `power` is that of the likelihood.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(SIMULATIONS):
        mean = rng.normal()
        observed = rng.normal(mean)
        sd = np.sqrt(1.0 / (1.0 + power))
        drawn = rng.normal(power * sd**2 * observed + shift * sd, scale * sd, DRAWS)
        by_draw = pd.DataFrame({"mean": drawn, "log_likelihood": -((observed - drawn) ** 2) / 2})
        rows.append(rank_of_truth(by_draw, {"mean": mean, "log_likelihood": -((observed - mean) ** 2) / 2}))
    return pd.DataFrame(rows)


def judged(**wrong):
    return rank_calibration(ranks_of(**wrong), DRAWS, seed=1).set_index("quantity")


def test_a_rank_counts_the_draws_below_the_truth():
    draws = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [5.0, 5.0, 6.0]})
    assert rank_of_truth(draws, {"a": 2.5, "b": 5.0}) == {"a": 2, "b": 0}


def test_the_right_posterior_has_uniform_ranks():
    found = judged()
    assert found["inside"].all()
    assert (found["p_value"] > 0.01).all()
    assert found["mean_rank"].to_numpy() == pytest.approx(0.5, abs=0.05)
    assert found["rank_sd"].to_numpy() == pytest.approx(1.0, abs=0.08)
    assert (found["simulations"] == SIMULATIONS).all()


def test_a_posterior_that_is_too_narrow_too_wide_or_shifted_is_found():
    narrow, wide, low = judged(scale=0.6), judged(scale=1.6), judged(shift=-0.5)
    for wrong in (narrow, wide, low):
        assert not wrong.loc["mean", "inside"]
        assert wrong.loc["mean", "p_value"] < 1e-4
    assert narrow.loc["mean", "rank_sd"] > 1.1 and wide.loc["mean", "rank_sd"] < 0.9
    assert low.loc["mean", "mean_rank"] > 0.55


def test_the_log_likelihood_finds_a_posterior_that_ignores_the_data():
    """Draws from the prior give uniform ranks of the mean, and only what looks at the data tells."""
    found = judged(power=0.0)
    assert found.loc["mean", "inside"]
    assert not found.loc["log_likelihood", "inside"]


def test_about_one_in_twenty_right_quantities_leaves_the_band():
    ranks = np.random.default_rng(2).integers(0, DRAWS + 1, (200, 300))
    found = rank_calibration(pd.DataFrame(ranks, columns=[f"q{i}" for i in range(300)]), DRAWS, seed=1)
    assert 0.02 < (~found["inside"]).mean() < 0.09


def test_equal_ranks_are_judged_equally_whatever_stands_beside_them():
    ranks = ranks_of()
    alone = rank_calibration(ranks[["mean"]], DRAWS, seed=1)
    pd.testing.assert_frame_equal(alone, rank_calibration(ranks, DRAWS, seed=1).iloc[[0]])


def test_a_rank_beyond_the_number_of_draws_is_refused():
    with pytest.raises(ValueError, match="19"):
        rank_calibration(pd.DataFrame({"a": [3, 20]}), DRAWS, seed=1)
