"""What the rows of the judge say together: skill and its uncertainty, coverage, wars that end, errors of outcomes."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ..core.randomness import stream
from .judge import TOGETHER
from .scoreboard import MODEL

MONTH_SCORES = ("crps", "log1p_crps", "brier", "quantile_99", "without", "with_deaths")
TOTAL_SCORES = ("crps", "log1p_crps", "log_score")
EVERYWHERE = "all regions"
ONE_SIDED_95 = 1.645
"""Standard errors in the half-width of a 90 % interval, and in the smallest difference that one could detect."""


def single(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of countries alone, without groups, neighbours and regions."""
    groups = table["country"].str.contains("+", regex=False) | ~table["country"].str.fullmatch("[A-Z]{3}")
    return table[~groups]


def skill_by_row(table: pd.DataFrame, model: str = MODEL, seed: int = 1, resamples: int = 1000) -> pd.DataFrame:
    """Return the model's skill against the best rival of each row, by region, outcome, span and score.

    Parameters
    ----------
    table : DataFrame
        Rows of `judged`, with the columns origin and region.
    model : str
        The member that is judged; all others are its rivals.
    seed, resamples : int
        Of the bootstrap over origin years.

    Returns
    -------
    DataFrame
        Columns region (and `EVERYWHERE`), outcome, span, score, value, best (rival with the lowest mean), best_value,
        skill (1 = perfect, 0 = as good as it), skill_low, skill_high (90 in 100), detectable (smallest difference),
        origins. Rows in which that rival is perfect are left out.
    """
    rows = single(table)
    rows = pd.concat([rows, rows.assign(region=EVERYWHERE)], ignore_index=True)
    found = []
    for (region, outcome, span), part in rows[rows["span"] != "war"].groupby(["region", "outcome", "span"], sort=False):
        for score in MONTH_SCORES if str(span).startswith("months") else TOTAL_SCORES:
            by_year = part.groupby(["origin", "member"])[score].sum().unstack("member")
            rivals = by_year.drop(columns=model).sum()
            best = str(rivals.idxmin())
            own, other = by_year[model].to_numpy(), by_year[best].to_numpy()
            if other.sum() == 0:
                continue
            picks = stream(seed, "judge", str(region), str(outcome), str(span), score).integers(
                len(own), size=(resamples, len(own))
            )
            again = 1 - own[picks].sum(axis=1) / np.maximum(other[picks].sum(axis=1), 1e-12)
            low, high = np.quantile(again, [0.05, 0.95])
            count = int((part["member"] == model).sum())
            found.append(
                {"region": region, "outcome": outcome, "span": span, "score": score}
                | {"value": own.sum() / count, "best": best, "best_value": other.sum() / count}
                | {"skill": 1 - own.sum() / other.sum(), "skill_low": low, "skill_high": high}
                | {"detectable": ONE_SIDED_95 * again.std(), "origins": len(own)}
            )
    return pd.DataFrame(found)


def coverage_by_row(table: pd.DataFrame, model: str = MODEL) -> pd.DataFrame:
    """Return how often the model's 80 % intervals held, by region, kind of place, outcome and span.

    Returns
    -------
    DataFrame
        Columns region, places (countries, with neighbours, or the name of a group), outcome, span, inside (0 to 1),
        count.
    """
    grouped = by_places(table, model).groupby(["region", "places", "outcome", "span"], sort=False)["inside"]
    return grouped.agg(inside="mean", count="size").reset_index()


def by_places(table: pd.DataFrame, model: str = MODEL) -> pd.DataFrame:
    """Return the rows of a member with PIT, of their region and once more of `EVERYWHERE`, with the column places.

    Places are countries, with neighbours, or the name of a group.
    """
    rows = table[(table["member"] == model) & table["inside"].notna()]
    alone = rows["country"].str.fullmatch("[A-Z]{3}")
    beside = rows["country"].str.contains("+", regex=False)
    places = np.where(alone, "countries", np.where(beside, "with neighbours", rows["country"]))
    return pd.concat([rows.assign(places=places), rows.assign(places=places, region=EVERYWHERE)])


def wars_that_end(table: pd.DataFrame) -> pd.DataFrame:
    """Return said and observed shares of long wars below a quarter in the fifth year, by outcome and member."""
    wars = table.reindex(columns=table.columns.union(["said"]))
    wars = wars[wars["span"] == "war"].groupby(["outcome", "member"], sort=False)
    return wars.agg(said=("said", "mean"), observed=("observed", "mean"), count=("said", "size")).reset_index()


def occurrence(table: pd.DataFrame) -> pd.DataFrame:
    """Return the mean area under the ROC curve of any death in a month, by region, outcome, span and member."""
    rows = table[table["auc"].notna()]
    return rows.groupby(["region", "outcome", "span", "member"], sort=False)["auc"].mean().reset_index()


def errors_together(table: pd.DataFrame, model: str = MODEL, least: float = 25.0) -> pd.DataFrame:
    """Return how errors of each outcome go with those of the first one, and how the model's own draws do, by span.

    Parameters
    ----------
    table : DataFrame
    model : str
    least : float
        Deaths a year that the model expects of both (exponential of its mean log), at least.

    Returns
    -------
    DataFrame
        Columns first, other, span, observed (correlation of normal scores of the PIT), draws (mean rank correlation
        over draws), count.
    """
    rows = single(table[(table["member"] == model) & table["pit"].notna() & (table["outcome"] != TOGETHER)])
    first = str(rows["outcome"].iloc[0])
    rows = rows[rows["mean_log"] >= np.log1p(least)]
    rows = rows.assign(normal=ndtri(rows["pit"]))
    keys = ["region", "origin", "country", "span"]
    beside = rows.loc[rows["outcome"] == first, [*keys, "normal"]].rename(columns={"normal": "of_first"})
    both = rows[rows["outcome"] != first].merge(beside, on=keys)
    found = [
        {"first": first, "other": other, "span": span, "observed": part["normal"].corr(part["of_first"])}
        | {"draws": part["goes_with_first"].mean(), "count": len(part)}
        for (other, span), part in both.groupby(["outcome", "span"], sort=False)
    ]
    return pd.DataFrame(found, columns=["first", "other", "span", "observed", "draws", "count"])
