"""The scoreboard: what is scored, against whom, and that no forecast sees what came after its origin."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from shipped import neighbour_weights

from harmattan.core.errors import InputError
from harmattan.core.months import months_after
from harmattan.evaluate import baselines, scores
from harmattan.evaluate.scoreboard import (
    HALF_POOL,
    MODEL,
    SCORES,
    coverage_of,
    pit_flatness,
    pit_values,
    score_forecasts,
    skill_by_country,
    skill_by_lead,
    skill_table,
    stacking_weights,
)
from harmattan.model.specification import SamplerSettings
from harmattan.run import backtesting
from harmattan.run.backtesting import backtest, parse_origins

ORIGIN = "2019-10"


def rivals(known, months, draws=200):
    found = {f"conflictology_{n}": baselines.conflictology(known, months, draws, 1, n) for n in (12, 24, 36)}
    found[MODEL] = found["conflictology_12"]  # the model plays conflictology-12, so its scores are known
    half = np.concatenate([found[MODEL].values[::2], found["conflictology_24"].values[1::2]])
    found[HALF_POOL] = found[MODEL].copy(data=half)
    return {name: values.drop_vars("draw") for name, values in found.items()}


@pytest.fixture(scope="module")
def table(panel):
    tables = []
    for origin in ("2017-10", "2018-10", "2019-10"):
        months = months_after(origin, 14)
        found = rivals(panel.sel(month=slice(None, origin)), months)
        later = {name: paths.isel(month=slice(2, None)) for name, paths in found.items()}
        tables.append(score_forecasts(later, panel.sel(month=months[2:]), origin, 3, 1))
    return pd.concat(tables, ignore_index=True)


def test_every_cell_and_every_total_is_scored(table):
    cells = table[(table["model"] == MODEL) & (table["country"] != "all")]
    assert len(cells) == 3 * 16 * 3 * (12 + 1)
    assert sorted(cells["months_ahead"].unique()) == [0, *range(3, 15)]
    assert cells[list(SCORES)].notna().all().all()
    joint = table[(table["model"] == MODEL) & (table["country"] == "all")]
    assert len(joint) == 3 * 3 and joint[["energy", "variogram"]].notna().all().all()


def test_a_cell_holds_the_score_of_its_draws(table, panel):
    months = months_after(ORIGIN, 14)
    draws = baselines.conflictology(panel.sel(month=slice(None, ORIGIN)), months, 200, 1, 24)
    place = {"country": "MLI", "outcome": "one_sided"}
    row = table[
        (table["model"] == "conflictology_24") & (table["origin"] == ORIGIN) & (table["country"] == "MLI")
        & (table["outcome"] == "one_sided")
    ].set_index("months_ahead")  # fmt: skip
    seen = panel.sel(month=months, **place)
    assert row.loc[5, "observed"] == float(seen[4])
    assert row.loc[5, "crps"] == pytest.approx(float(scores.crps(seen[4], draws.sel(**place).isel(month=4))))
    total = draws.sel(**place).isel(month=slice(2, None)).sum("month")
    assert row.loc[0, "crps"] == pytest.approx(float(scores.crps(seen[2:].sum(), total)))


def test_the_ranked_probability_score_by_hand():
    draws = xr.DataArray([0.0, 5.0, 50.0, 500.0], dims="draw")
    observed = xr.DataArray(7.0)
    # cumulative shares .25 .5 .75 1 over the edges, against 0 1 1 1
    assert float(scores.ranked_probability(observed, draws)) == pytest.approx(0.25**2 + 0.5**2 + 0.25**2)


def test_skill_is_one_minus_the_ratio_to_the_best_conflictology(table):
    skills = skill_table(table, resamples=200).set_index(["model", "outcome", "cells", "score"])
    row = skills.loc[(MODEL, "state_based", "months", "crps")]
    means = table[(table["outcome"] == "state_based") & (table["months_ahead"] > 0)].groupby("model")["crps"].mean()
    best = min(
        f"conflictology_{n}"
        for n in (12, 24, 36)
        if means[f"conflictology_{n}"] == means[["conflictology_12", "conflictology_24", "conflictology_36"]].min()
    )
    assert row["best"] == best
    assert row["skill"] == pytest.approx(1 - means[MODEL] / means[best])
    assert row["skill_low"] <= row["skill"] <= row["skill_high"]
    own = skills.loc[(best, "state_based", "months", "crps")]
    assert (own["skill"], own["worst_year"]) == (0.0, 0.0)


def test_stacking_looks_only_at_earlier_origins_and_finds_the_best_weight(table):
    weights = stacking_weights(table)
    assert weights.groupby("outcome")["weight"].apply(lambda w: np.isnan(w.iloc[0]) and w.iloc[1:].notna().all()).all()
    part = table[(table["months_ahead"] > 0) & (table["outcome"] == "one_sided") & (table["origin"] < ORIGIN)]
    a, b, half = (part[part["model"] == m]["crps"].mean() for m in (MODEL, "conflictology_24", HALF_POOL))
    grid = np.linspace(0, 1, 1001)
    pooled = grid * a + (1 - grid) * b - grid * (1 - grid) * (2 * (a + b) - 4 * half)
    last = weights[(weights["outcome"] == "one_sided") & (weights["origin"] == ORIGIN)].iloc[0]
    assert last["weight"] == pytest.approx(grid[pooled.argmin()], abs=2e-3)
    changed = table.copy()
    changed.loc[changed["origin"] == ORIGIN, "crps"] *= 3
    assert stacking_weights(changed)["weight"].equals(weights["weight"])


def test_a_forecast_that_is_the_truth_covers_what_it_says():
    rng = np.random.default_rng(2)
    cells = pd.DataFrame(
        {"model": MODEL, "outcome": "one_sided", "country": "MLI", "months_ahead": 1}, index=range(4000)
    )
    pit = rng.random(4000)
    for level in (50, 80, 90, 95):
        cells[f"inside_{level}"] = np.abs(pit - 0.5) <= level / 200
    found = coverage_of(cells).iloc[0]
    assert found["inside_80"] == pytest.approx(0.8, abs=0.03) and found["count"] == 4000


def test_skill_in_a_country_and_by_lead_is_that_of_its_own_cells(table):
    own = table[(table["outcome"] == "state_based") & table["months_ahead"].between(3, 6)]
    means = own.groupby("model")["crps"].mean()
    near = skill_by_lead(table).set_index(["lead", "outcome", "cells", "score"])
    assert set(near.index.get_level_values("lead")) == {"1-6", "7-12", "13-24"}
    best = means[[f"conflictology_{n}" for n in (12, 24, 36)]].min()
    assert near.loc[("1-6", "state_based", "months", "crps"), "skill"] == pytest.approx(1 - means[MODEL] / best)

    by_country = skill_by_country(table).set_index(["country", "outcome", "cells", "score"])["skill"]
    rows = table[(table["outcome"] == "one_sided") & (table["country"] == "MLI") & (table["months_ahead"] > 0)]
    means = rows.groupby("model")["crps"].mean()
    best = means[[f"conflictology_{n}" for n in (12, 24, 36)]].min()
    assert by_country["MLI", "one_sided", "months", "crps"] == pytest.approx(1 - means[MODEL] / best)
    assert np.isnan(by_country["GNB", "state_based", "months", "crps"]), "without deaths there is nothing to gain"


def test_flatness_lets_honest_forecasts_pass_and_finds_narrow_ones():
    rng = np.random.default_rng(5)
    cells = pd.DataFrame({"outcome": "one_sided", "months_ahead": 3, "pit": rng.random(600)})
    honest = pit_flatness(cells).iloc[0]
    assert honest["share_inside"] == 1.0 and honest["largest_gap"] < honest["allowed_gap"]
    extreme = pit_flatness(cells.assign(pit=rng.beta(0.4, 0.4, 600))).iloc[0]
    assert extreme["share_inside"] < 0.5 and extreme["largest_gap"] > extreme["allowed_gap"]


def test_pit_values_are_the_model_s_cells_and_totals(table):
    kept = pit_values(table)
    assert len(kept) == 3 * 16 * 3 * (12 + 1) and kept["pit"].between(0, 1).all()
    assert list(kept.columns) == ["origin", "outcome", "country", "months_ahead", "pit"]


def test_a_backtest_is_blind_to_what_comes_after_its_origin(panel, stand_in, monkeypatch, tmp_path):
    """A record that differs only after the origin gives the same draws; only the observations differ."""
    monkeypatch.setenv("HARMATTAN_CACHE", str(tmp_path))
    seen = []
    monkeypatch.setattr(backtesting, "fit_model", lambda known, *args, **kw: seen.append(known) or stand_in)
    backtest(panel, neighbour_weights(), [ORIGIN], horizon=3, draws=100, settings=SamplerSettings())
    assert str(seen[0]["month"].values[-1]) == ORIGIN


@pytest.fixture
def stand_in(small_posterior):
    """A posterior that stands in for the fit, which is not what is tested here."""
    return small_posterior


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("challenge", [f"{y}-10" for y in range(2017, 2023)]),
        ("2015-03..2015-12", ["2015-03", "2015-06", "2015-09", "2015-12"]),
        ("2020-01, 2021-05", ["2020-01", "2021-05"]),
    ],
)
def test_origins_are_read(text, origins):
    assert parse_origins(text) == origins


@pytest.mark.parametrize(("text", "part"), [("2022-13", "not a month"), ("2022-12..2015-03", "earlier one first")])
def test_wrong_origins_are_refused(text, part):
    with pytest.raises(InputError, match=part):
        parse_origins(text)


def test_an_origin_without_later_record_is_refused(panel):
    with pytest.raises(InputError, match="the record ends in 2024-12"):
        backtest(panel, neighbour_weights(), ["2024-10"], horizon=14)


def test_the_record_elsewhere_holds_other_countries_as_ucdp_counts_them(panel):
    from elsewhere import record_elsewhere

    record, borders = record_elsewhere()
    assert record.dims == panel.dims and (borders == 0).all()
    deaths = record.sel(month="2022-08", outcome="state_based").values
    assert deaths.max() == 159_450, "Ethiopia, the war in Tigray"
    shared = (record.values[:, :, None] == panel.values[:, None]).all(axis=(0, 3))
    assert not shared.any(), "no country of the panel is among them"
