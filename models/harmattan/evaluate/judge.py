"""Scores of long forecasts, one row a country, outcome and span ahead (`benchmarks/judge_protocol.md`)."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from ..core.randomness import known_by, stream
from .scores import crps_of_arrays

SPANS = {"months 1-6": (1, 6), "months 7-12": (7, 12), "months 13-24": (13, 24), "months 25-36": (25, 36)}
"""Months ahead whose scores are averaged."""

YEARS = {"year 1": (1, 12), "year 2": (13, 24), "year 3": (25, 36), "year 5": (49, 60)}
"""Months ahead whose total is scored."""

TOTAL_BINS = (0.5, 9.5, 24.5, 99.5, 249.5, 499.5, 999.5, 2499.5, 9999.5)
"""Upper edges of the bins of a year's total; the last bin is open."""

SUMMARY_EVENT = 10_000.0
"""Deaths of an outcome in a month beyond which an event is taken to span months."""

HISTORY = 36
"""Months before the origin in which a summary event touches a forecast."""

LONG_WAR = (100.0, 300.0, 6000.0)
"""Deaths in each of the last five years, at least; in the last one, at least and at most."""

INTERVAL = 0.8
"""Central interval of which `inside` speaks."""

TOGETHER = "all"
"""The outcome that is the sum of all."""


def crps_of(observed: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return the CRPS of the empirical distribution of draws along their first axis."""
    return crps_of_arrays(observed, np.moveaxis(draws, 0, -1))


def judged(
    forecasts: Mapping[str, xr.DataArray],
    happened: xr.DataArray,
    known: xr.DataArray,
    borders: xr.DataArray,
    groups: Mapping[str, Sequence[str]],
    seed: int,
) -> pd.DataFrame:
    """Return the scores of all members at one origin.

    Parameters
    ----------
    forecasts : mapping of member to DataArray (draw, month, country, outcome)
        Deaths per month from the month after the origin on, equally many draws each.
    happened : DataArray (month, country, outcome)
        The same months as far as they are on record; a span that reaches beyond it is not scored.
    known : DataArray (month, country, outcome)
        The record up to the origin.
    borders : DataArray (country, neighbour)
        Above 0 where two countries touch.
    groups : mapping of name to countries
        Whose totals together are scored; one with a country that is not forecast is left out.
    seed : int
        Of the randomised PIT.

    Returns
    -------
    DataFrame
        Columns span (of `SPANS` or `YEARS`, or ``war``), country (or the name of a group; ``A + neighbours``;
        ``every``), outcome, member, observed, crps, log1p_crps, inside (share of truths in the central interval of
        `INTERVAL`), summary (whether a summary event touches it). Of months also without and with_deaths (sums of the
        CRPS over months without and with deaths), months_with, brier, quantile_99, pits (the randomised PIT of each
        month) and, of all together, auc; of totals log_score, pit, mean_log and goes_with_first (rank correlation over
        draws with the first outcome); of long wars said (P below a quarter).
    """
    countries, outcomes = (tuple(str(x) for x in known[dim].values) for dim in ("country", "outcome"))
    names = known_by(known)
    truth = happened.transpose("month", "country", "outcome").values
    past = known.transpose("month", "country", "outcome").values
    touched = touched_by_events(past, truth)
    members = _sums(countries, borders, groups)
    rows: list[dict] = []
    for member, draws in forecasts.items():
        futures = draws.transpose("draw", "month", "country", "outcome").values
        for span, (first, last) in SPANS.items():
            if last <= len(truth):
                part = slice(first - 1, last)
                luck = np.stack(
                    [stream(seed, "judge", name, span).random((last - first + 1, len(outcomes))) for name in names]
                )
                told = span, member, np.swapaxes(luck, 0, 1)
                rows += _month_rows(futures[:, part], truth[part], countries, outcomes, told, touched[last])
        for span, (first, last) in YEARS.items():
            if last <= len(truth):
                totals, came = futures[:, first - 1 : last].sum(axis=1), truth[first - 1 : last].sum(axis=0)
                rows += _total_rows(totals, came, members, names, outcomes, (span, member, seed), touched[last])
                if span == "year 5":
                    rows += _war_rows(totals, came, past, countries, outcomes, member)
    return pd.DataFrame(rows)


def touched_by_events(past: np.ndarray, truth: np.ndarray) -> dict[int, np.ndarray]:
    """Return by last month ahead whether a summary event touches each country's outcome, shape (country, outcome)."""
    before = (np.nan_to_num(past[-HISTORY:]) > SUMMARY_EVENT).any(axis=0)
    lasts = {last for _, last in (*SPANS.values(), *YEARS.values())}
    return {last: before | (np.nan_to_num(truth[:last]) > SUMMARY_EVENT).any(axis=0) for last in lasts}


def _sums(
    countries: tuple[str, ...], borders: xr.DataArray, groups: Mapping[str, Sequence[str]]
) -> dict[str, np.ndarray]:
    """Return the positions of the countries whose totals are taken together, by name."""
    found = {name: np.array([place]) for place, name in enumerate(countries)}
    for place, name in enumerate(countries):
        beside = np.flatnonzero(borders.values[place] > 0)
        if len(beside):
            found[f"{name} + neighbours"] = np.append(beside, place)
    for name, chosen in groups.items():
        if set(chosen) <= set(countries):
            found[name] = np.array([countries.index(one) for one in chosen])
    return found


def _month_rows(
    futures: np.ndarray,
    truth: np.ndarray,
    countries: tuple[str, ...],
    outcomes: tuple[str, ...],
    told: tuple[str, str, np.ndarray],
    touched: np.ndarray,
) -> list[dict]:
    span, member, luck = told
    crps, relative = crps_of(truth, futures), crps_of(np.log1p(truth), np.log1p(futures))
    pit = _pit(truth, futures, luck)
    inside = np.abs(pit - 0.5) <= INTERVAL / 2
    some, chance = truth > 0, (futures > 0).mean(axis=0)
    high = np.quantile(futures, 0.99, axis=0)
    pinball = np.where(truth >= high, 0.99 * (truth - high), 0.01 * (high - truth))
    rows = []
    for o, outcome in enumerate(outcomes):
        rows.append(
            {"span": span, "country": "every", "outcome": outcome, "member": member}
            | {"auc": _auc(chance[..., o].ravel(), some[..., o].ravel()), "summary": False}
        )
        for c, country in enumerate(countries):
            with_deaths = some[:, c, o]
            rows.append(
                {"span": span, "country": country, "outcome": outcome, "member": member}
                | {"observed": truth[:, c, o].mean(), "crps": crps[:, c, o].mean()}
                | {"log1p_crps": relative[:, c, o].mean(), "months_with": int(with_deaths.sum())}
                | {"without": crps[~with_deaths, c, o].sum(), "with_deaths": crps[with_deaths, c, o].sum()}
                | {"brier": ((chance[:, c, o] - with_deaths) ** 2).mean(), "quantile_99": pinball[:, c, o].mean()}
                | {"inside": inside[:, c, o].mean(), "pits": pit[:, c, o].tolist(), "summary": bool(touched[c, o])}
            )
    return rows


def _pit(truth: np.ndarray, futures: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return where each truth falls among its draws, 0 to 1, ties spread by luck (as `randomised_pit`)."""
    below, equal = (futures < truth).sum(axis=0), (futures == truth).sum(axis=0)
    return (below + luck * (equal + 1)) / (len(futures) + 1)


def _auc(chance: np.ndarray, some: np.ndarray) -> float:
    """Return the chance that a month with deaths was ranked above one without; NaN where there are none of either."""
    count = some.sum()
    if count in (0, len(some)):
        return float("nan")
    from scipy.stats import rankdata

    above = rankdata(chance)[some].sum() - count * (count + 1) / 2
    return float(above / (count * (len(some) - count)))


def _total_rows(
    totals: np.ndarray,
    came: np.ndarray,
    members: Mapping[str, np.ndarray],
    names: Sequence[str],
    outcomes: tuple[str, ...],
    told: tuple[str, str, int],
    touched: np.ndarray,
) -> list[dict]:
    span, member, seed = told
    rows = []
    for name, places in members.items():
        together, happened = totals[:, places].sum(axis=1), came[places].sum(axis=0)
        every = np.concatenate([together, together.sum(axis=1, keepdims=True)], axis=1)
        truth = np.append(happened, happened.sum())
        luck = stream(seed, "judge", *(names[place] for place in places), span).random(len(truth))
        pit = _pit(truth, every, luck)
        crps, relative = crps_of(truth, every), crps_of(np.log1p(truth), np.log1p(every))
        bins, bin_of = np.searchsorted(TOTAL_BINS, every), np.searchsorted(TOTAL_BINS, truth)
        share = ((bins == bin_of).sum(axis=0) + 1) / (len(every) + len(TOTAL_BINS) + 1)
        events = touched[places].any(axis=0)
        for o, outcome in enumerate((*outcomes, TOGETHER)):
            rows.append(
                {"span": span, "country": name, "outcome": outcome, "member": member, "observed": truth[o]}
                | {"crps": crps[o], "log1p_crps": relative[o], "log_score": -np.log2(share[o])}
                | {"pit": pit[o], "inside": float(abs(pit[o] - 0.5) <= INTERVAL / 2)}
                | {"mean_log": np.log1p(every[:, o]).mean()}
                | {"summary": bool(events.any() if outcome == TOGETHER else events[o])}
            )
            if outcome != TOGETHER and len(places) == 1 and o:
                rows[-1]["goes_with_first"] = _correlation(every[:, 0], every[:, o])
    return rows


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return the rank correlation of two outcomes' totals over draws; NaN where one does not vary."""
    if one.min() == one.max() or other.min() == other.max():
        return float("nan")
    from scipy.stats import rankdata

    return float(np.corrcoef(rankdata(one), rankdata(other))[0, 1])


def _war_rows(
    totals: np.ndarray,
    came: np.ndarray,
    past: np.ndarray,
    countries: tuple[str, ...],
    outcomes: tuple[str, ...],
    member: str,
) -> list[dict]:
    if len(past) < 60:
        return []
    years = past[-60:].reshape(5, 12, *past.shape[1:]).sum(axis=1)
    each, least, most = LONG_WAR
    rows = []
    for o, outcome in enumerate(outcomes):
        for c in np.flatnonzero((years[:, :, o] >= each).all(axis=0)):
            last = years[-1, c, o]
            if least <= last <= most:
                rows.append(
                    {"span": "war", "country": countries[c], "outcome": outcome, "member": member}
                    | {"observed": float(came[c, o] < last / 4), "said": (totals[:, c, o] < last / 4).mean()}
                    | {"summary": False}
                )
    return rows
