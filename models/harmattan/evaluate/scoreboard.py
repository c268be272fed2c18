"""The scoreboard: scores of every cell of a backtest, and skill against the best conflictology with its uncertainty."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import KNOWN_BY, stream
from . import scores
from .calibration import LEVELS, pit_ecdf, randomised_pit

MODEL = "harmattan"
HALF_POOL = "half_pool"
"""Half of the draws from the model, half from `POOLED`: enough to know the CRPS of every linear pool of the two."""
POOLED = "conflictology_24"
CONFLICTOLOGY = ("conflictology_12", "conflictology_24", "conflictology_36")
TOTAL = 0
"""`months_ahead` of the rows that hold the total of the window."""
SCORES = ("crps", "log1p_crps", "twcrps_25", "twcrps_100", "ignorance", "rps", "interval_score_90")
JOINT_SCORES = ("energy", "variogram")
LEADS = {"1-6": (1, 6), "7-12": (7, 12), "13-24": (13, 24)}
"""Months ahead that are scored together when forecasts reach two years ahead."""


def score_forecasts(
    forecasts: Mapping[str, xr.DataArray], observed: xr.DataArray, origin: str, first: int, seed: int
) -> pd.DataFrame:
    """Return the scores of all models at one origin, by cell.

    Parameters
    ----------
    forecasts : mapping of model to DataArray (draw, month, country, outcome)
        Deaths per month, equally many draws each.
    observed : DataArray (month, country, outcome)
        The months that were forecast.
    origin : str
        Last month that the forecasts saw.
    first : int
        How many months after the origin the first of these months lies.
    seed : int
        Of the randomised PIT.

    Returns
    -------
    DataFrame
        Columns origin, model, outcome, country, months_ahead (0 = total of the months), observed (deaths), `SCORES`,
        pit, inside_50 ... inside_95; rows with country `all` hold `JOINT_SCORES` of the totals.
    """
    tables = []
    for model, draws in forecasts.items():
        numbered = draws.assign_coords(month=np.arange(first, first + draws.sizes["month"]))
        happened = observed.assign_coords(month=numbered["month"])
        total, sum_happened = (x.sum("month").expand_dims(month=[TOTAL]) for x in (numbered, happened))
        for cells, truth in ((numbered, happened), (total, sum_happened)):
            tables.append(_cell_scores(truth, cells, seed).assign(model=model))
        tables.append(_joint_scores(sum_happened.isel(month=0), total.isel(month=0)).assign(model=model))
    return pd.concat(tables, ignore_index=True).assign(origin=origin)


def _cell_scores(observed: xr.DataArray, draws: xr.DataArray, seed: int) -> pd.DataFrame:
    draws = draws.transpose("draw", "month", "country", "outcome")
    observed = observed.transpose("month", "country", "outcome")
    columns = {
        "observed": observed,
        "crps": scores.crps(observed, draws),
        "log1p_crps": scores.log1p_crps(observed, draws),
        "twcrps_25": scores.threshold_weighted_crps(observed, draws, 25),
        "twcrps_100": scores.threshold_weighted_crps(observed, draws, 100),
        "ignorance": scores.ignorance(observed, draws),
        "rps": scores.ranked_probability(observed, draws),
        "interval_score_90": scores.interval_score(observed, draws, 0.9),
        "pit": randomised_pit(observed, draws, seed),
    }
    beside = ("quantile", KNOWN_BY)
    table = xr.Dataset({name: values.drop_vars(beside, errors="ignore") for name, values in columns.items()})
    frame = table.to_dataframe(dim_order=["outcome", "country", "month"]).reset_index()
    for level in LEVELS:
        frame[f"inside_{level * 100:.0f}"] = (frame["pit"] - 0.5).abs() <= level / 2
    return frame.rename(columns={"month": "months_ahead"})


def _joint_scores(observed: xr.DataArray, draws: xr.DataArray) -> pd.DataFrame:
    """Return energy and variogram score of log(1 + total) over the countries, one row per outcome."""
    import scoringrules

    rows = []
    for outcome in observed["outcome"].values:
        truth = np.log1p(observed.sel(outcome=outcome).transpose("country").values)
        futures = np.log1p(draws.sel(outcome=outcome).transpose("draw", "country").values)
        rows.append(
            {
                "outcome": str(outcome),
                "country": "all",
                "months_ahead": TOTAL,
                "energy": float(scoringrules.es_ensemble(truth, futures)),
                "variogram": float(scoringrules.vs_ensemble(truth, futures, p=0.5)),
            }
        )
    return pd.DataFrame(rows)


def skill_table(table: pd.DataFrame, seed: int = 1, resamples: int = 2000) -> pd.DataFrame:
    """Return the skill of every model against the best conflictology, by outcome, kind of cell and score.

    Parameters
    ----------
    table : DataFrame
        Rows of `score_forecasts` of all origins.
    seed, resamples : int
        Of the bootstrap over calendar years of origins, which keeps origins that overlap together.

    Returns
    -------
    DataFrame
        Columns model, outcome, cells (`months` or `total`), score, value (mean), best (conflictology with the lowest
        mean), best_value, skill (1 = perfect, 0 = as good), skill_low, skill_high (90 in 100), worst_year (largest loss
        to that conflictology in an origin year, as a share; negative where it never loses).
    """
    whole = table.assign(
        cells=np.where(table["months_ahead"] == TOTAL, "total", "months"), year=table["origin"].str[:4]
    )
    rows = []
    for (outcome, cells), part in whole.groupby(["outcome", "cells"], sort=False):
        names = [name for name in (*SCORES, *JOINT_SCORES) if part[name].notna().any()]
        for score in names:
            by_year = (
                part.dropna(subset=[score]).groupby(["year", "model"])[score].agg(["sum", "count"]).unstack("model")
            )
            totals = by_year["sum"].sum() / by_year["count"].sum()
            best = str(totals[list(CONFLICTOLOGY)].idxmin())
            picks = stream(seed, "skill", str(outcome), str(cells), score).integers(
                len(by_year), size=(resamples, len(by_year))
            )
            for model in totals.index:
                if model != HALF_POOL:
                    rows.append(
                        {"model": model, "outcome": outcome, "cells": cells, "score": score}
                        | _skill(by_year["sum"][model].values, by_year["sum"][best].values, picks)
                        | {"value": totals[model], "best": best, "best_value": totals[best]}
                    )
    return pd.DataFrame(rows)


def _skill(own: np.ndarray, rival: np.ndarray, picks: np.ndarray) -> dict[str, float]:
    if rival.sum() == 0.0:
        return dict.fromkeys(("skill", "skill_low", "skill_high", "worst_year"), float("nan"))
    resampled = 1 - own[picks].sum(axis=1) / np.maximum(rival[picks].sum(axis=1), 1e-12)
    low, high = np.quantile(resampled, [0.05, 0.95])
    worst = np.max(own / np.maximum(rival, 1e-12) - 1)
    return {"skill": 1 - own.sum() / rival.sum(), "skill_low": low, "skill_high": high, "worst_year": worst}


def skill_by_lead(table: pd.DataFrame) -> pd.DataFrame:
    """Return the model's skill by how far ahead it looked: `skill_table` of single months, with a column `lead`."""
    leads = {name: table[table["months_ahead"].between(*span)] for name, span in LEADS.items()}
    return _skill_of_parts({name: rows for name, rows in leads.items() if len(rows)}, "lead")


def skill_by_country(table: pd.DataFrame) -> pd.DataFrame:
    """Return the model's skill in each country: `skill_table` with a column `country`; NaN where all scores are nil."""
    rows = table[table["country"] != "all"]
    return _skill_of_parts({str(name): part for name, part in rows.groupby("country", sort=False)}, "country")


def _skill_of_parts(parts: Mapping[str, pd.DataFrame], column: str) -> pd.DataFrame:
    tables = [skill_table(part).query("model == @MODEL", local_dict={"MODEL": MODEL}) for part in parts.values()]
    return pd.concat(
        [found.assign(**{column: name}) for name, found in zip(parts, tables, strict=True)], ignore_index=True
    )


def pit_values(table: pd.DataFrame) -> pd.DataFrame:
    """Return the model's PIT values: columns origin, outcome, country, months_ahead (0 = total), pit."""
    rows = table[(table["model"] == MODEL) & (table["country"] != "all")]
    return rows[["origin", "outcome", "country", "months_ahead", "pit"]].reset_index(drop=True)


def pit_flatness(table: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    """Return how far the ECDF of the model's PIT values lies from a straight line, by outcome and kind of cell.

    Parameters
    ----------
    table : DataFrame
        With the columns of `pit_values`.
    seed : int
        Of the simulated band.

    Returns
    -------
    DataFrame
        Columns outcome, cells, count, largest_gap (of the ECDF from the diagonal), allowed_gap (half-width of the
        simultaneous 95 % band for independent values, at its widest), share_inside (of points inside the band).
    """
    cells = np.where(table["months_ahead"] == TOTAL, "total", "months")
    rows = []
    for (outcome, kind), part in table.assign(cells=cells).groupby(["outcome", "cells"], sort=False):
        curve = pit_ecdf(xr.DataArray(part["pit"].to_numpy()), seed)
        rows.append(
            {
                "outcome": outcome,
                "cells": kind,
                "count": len(part),
                "largest_gap": (curve["ecdf"] - curve["z"]).abs().max(),
                "allowed_gap": ((curve["upper"] - curve["lower"]) / 2).max(),
                "share_inside": curve["inside"].mean(),
            }
        )
    return pd.DataFrame(rows)


def coverage_of(table: pd.DataFrame, countries: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Return the share of observations inside central intervals of the model, by outcome and kind of cell.

    Parameters
    ----------
    table : DataFrame
        Rows of `score_forecasts`.
    countries : tuple of str, optional
        Only these.
    """
    rows = table[(table["model"] == MODEL) & (table["country"] != "all")]
    rows = rows if countries is None else rows[rows["country"].isin(countries)]
    rows = rows.assign(cells=np.where(rows["months_ahead"] == TOTAL, "total", "months"))
    inside = [f"inside_{level * 100:.0f}" for level in LEVELS]
    grouped = rows.groupby(["outcome", "cells"], sort=False)
    return grouped[inside].mean().join(grouped.size().rename("count")).reset_index()


def _best_weight(a: float, b: float, d: float) -> float:
    """Return the w between 0 and 1 that makes w a + (1 - w) b - w (1 - w) d smallest."""
    if d <= 0:
        return float(a < b)
    return float(np.clip(0.5 + (b - a) / (2 * d), 0, 1))


def stacking_weights(table: pd.DataFrame) -> pd.DataFrame:
    """Return the model's weight in a linear pool with conflictology-24 that earlier origins would have given.

    The CRPS of a pool with weight w is w a + (1 - w) b - w (1 - w) d, where a and b are the two scores and d follows
    from the score of the half-and-half pool; the best weight on the earlier origins needs no search.

    Returns
    -------
    DataFrame
        Columns origin, outcome, weight (of the model, 0 to 1; missing for the first origin), crps_pool (with that
        weight at this origin), crps_model.
    """
    months = table[(table["months_ahead"] != TOTAL) & table["crps"].notna()]
    mean = months.groupby(["outcome", "origin", "model"], sort=False)["crps"].mean().unstack("model")
    rows = []
    for outcome, part in mean.groupby(level="outcome", sort=False):
        a, b, half = (part[name].values for name in (MODEL, POOLED, HALF_POOL))
        d = 2 * (a + b) - 4 * half
        for i, origin in enumerate(part.index.get_level_values("origin")):
            weight = _best_weight(a[:i].sum(), b[:i].sum(), d[:i].sum()) if i else np.nan
            pool = weight * a[i] + (1 - weight) * b[i] - weight * (1 - weight) * d[i]
            rows.append({"origin": origin, "outcome": outcome, "weight": weight, "crps_pool": pool, "crps_model": a[i]})
    return pd.DataFrame(rows)
