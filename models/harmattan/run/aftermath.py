"""What followed a month in a country and around it, against what the model would have expected without anything new.

The model is fitted to the record of the country and its neighbourhood up to that month and forecasts without drivers.
The log ratio of what came to what was expected carries the noise of the forecast with it: a ratio from a quiet country
says little, and its standard deviation says how little.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..core.months import months_after
from ..core.names import HORIZONS
from ..model.fit import fit_model
from ..model.specification import SamplerSettings
from ..panel.geography import renormalised
from ..panel.ucdp import SHORTEST_RECORD, living
from ..panel.world import borders_of, neighbourhood, record_of
from ..simulate.paths import simulate_paths
from ..simulate.start import start_state
from .backtesting import QUICK

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
"""Outcome that adds the three up."""

HOST, NEIGHBOURS = "host", "neighbours"
"""The country, and all others of its neighbourhood together."""

OFFSET = 0.5
"""Deaths a month that are added before logarithms are taken, so that a quiet country has one."""

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Ratio:
    """What came against what was expected, in one window, place and outcome.

    Attributes
    ----------
    place : str
        `HOST` or `NEIGHBOURS`.
    outcome : str
        Of deaths, or `ALL` of them.
    horizon : str
    first, last : int
        Its months after the start.
    observed : float
        Deaths.
    mean, q05, q25, q50, q75, q95 : float
        Of the predictive distribution of the same total.
    offset : float
        Added to totals before logarithms are taken.
    log_ratio : float
        log(observed + offset) less the mean of log(total + offset) over the predictive distribution.
    log_sd : float
        Standard deviation of log(total + offset) over it: the noise of `log_ratio` if nothing new happened.
    shown : float
        How much of a small effect on deaths shows in `log_ratio`: mean of total / (total + offset). Near 0 where hardly
        any deaths were expected, so that "as expected" says next to nothing there.
    below : float
        Share of the predictive distribution below what was observed, half of what equals it included.
    along : float
        Correlation of log(total + offset) with that of the horizon before over the predictive distribution: how far the
        noise of the two is one. NaN for the first horizon, and where nothing varies.
    """

    place: str
    outcome: str
    horizon: str
    first: int
    last: int
    observed: float
    mean: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    offset: float
    log_ratio: float
    log_sd: float
    shown: float
    below: float
    along: float


@dataclass(frozen=True)
class Aftermath:
    """What followed a month in one country and its neighbourhood.

    Attributes
    ----------
    host, start : str
        Country, and the last month that the fit saw.
    units : tuple of str
        States that were fitted, the host first.
    ratios : tuple of Ratio
        Of every window that the record covers.
    """

    host: str
    start: str
    units: tuple[str, ...]
    ratios: tuple[Ratio, ...]

    def table(self) -> "pd.DataFrame":
        """Return a row for each ratio."""
        import pandas as pd

        where = {"host": self.host, "start": self.start, "units": len(self.units)}
        return pd.DataFrame([where | asdict(ratio) for ratio in self.ratios])


def surroundings(host: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the record of a country and its neighbourhood as the world's record has it, and their borders."""
    near = neighbourhood(host)
    return record_of(near), borders_of(near)


def table_after(progress: Callable[[float], None] | None = None, **given: Any) -> "pd.DataFrame":
    """Return `aftermath` as a table, as a task gives it."""
    return aftermath(**given, progress=progress).table()


def aftermath(
    record: xr.DataArray,
    borders: xr.DataArray,
    host: str,
    start: str,
    *,
    draws: int = 1000,
    seed: int = 1,
    offset: float = OFFSET,
    settings: SamplerSettings = QUICK,
    cache: bool = True,
    progress: Callable[[float], None] | None = None,
) -> Aftermath:
    """Return what followed a month in a country and its neighbourhood.

    States of the neighbourhood that had existed for less than 36 months are not fitted; what came in them counts with
    the neighbours, since they were parts of those before.

    Parameters
    ----------
    record : DataArray (month, country, outcome)
        Deaths per month, to the last month that is compared or further.
    borders : DataArray (country, neighbour)
        As `neighbour_weights`.
    host : str
        Unit of the record.
    start : str
        `YYYY-MM`: month 0, the last one that the fit sees.
    draws, seed : int
    offset : float
        Deaths a month that are added before logarithms are taken.
    settings : SamplerSettings
    cache : bool
        Whether the fit is kept, and taken where it is.
    progress : callable, optional

    Raises
    ------
    InputError
        If the host's record up to `start` is too short, or no window after it is over.
    """
    known, horizons = _known(record, host, start), _behind(record, start)
    months = months_after(start, max(last for _, last in horizons.values()))
    units = tuple(str(unit) for unit in known["country"].values)
    between = renormalised(borders, units)
    posterior = fit_model(known, between, settings=settings, cache=cache, progress=progress)
    spec, parameters = posterior.specification, posterior.take(draws, seed)
    begun = start_state(known, between, spec, parameters)
    paths = simulate_paths(parameters, begun, between, months, spec, seed).deaths
    ratios = _ratios(_by_place(paths, host), _by_place(record.sel(month=months), host), horizons, offset)
    return Aftermath(host, start, units, tuple(ratios))


def _behind(record: xr.DataArray, start: str) -> dict[str, tuple[int, int]]:
    """Return the horizons that the record covers."""
    last = str(record["month"].values[-1])
    found = {name: span for name, span in HORIZONS.items() if months_after(start, span[1])[-1] <= last}
    if not found:
        raise InputError(
            f"{start}: the record ends in {last}, before the first window is over. Choose an earlier month."
        )
    return found


def _known(record: xr.DataArray, host: str, start: str) -> xr.DataArray:
    """Return what was known at the start, of the states that can be fitted."""
    known = record.sel(month=slice(None, start))
    units = living(known) if known.sizes["month"] >= SHORTEST_RECORD else ()
    if host not in units:
        raise InputError(
            f"{host} {start}: the model needs {SHORTEST_RECORD} months of a country's record, and there are fewer from "
            "its beginning to this month. Choose a later month."
        )
    return known.sel(country=list(units))


def _by_place(deaths: xr.DataArray, host: str) -> xr.DataArray:
    """Return deaths by place in place of countries, with all outcomes together beside each."""
    around = deaths.drop_sel(country=host).sum("country")
    both = xr.concat([deaths.sel(country=host, drop=True), around], xr.IndexVariable("place", [HOST, NEIGHBOURS]))
    return xr.concat([both, both.sum("outcome").expand_dims(outcome=[ALL])], "outcome")


def _ratios(
    expected: xr.DataArray, happened: xr.DataArray, horizons: Mapping[str, tuple[int, int]], offset: float
) -> Iterator[Ratio]:
    """Yield the ratio of every horizon, place and outcome; months are those after the start."""
    before: dict[tuple[str, str], np.ndarray] = {}
    for name, (first, last) in horizons.items():
        window = {"month": slice(first - 1, last)}
        totals, came = expected.isel(window).sum("month"), happened.isel(window).sum("month")
        for place in (HOST, NEIGHBOURS):
            for outcome in map(str, expected["outcome"].values):
                cell, added = {"place": place, "outcome": outcome}, offset * (last - first + 1)
                drawn = totals.sel(cell).values
                logs = np.log(drawn + added)
                along = _correlation(before.get((place, outcome)), logs)
                before[place, outcome] = logs
                against = _against(drawn, float(came.sel(cell)), added)
                yield Ratio(place, outcome, name, first, last, **against, along=along)


def _correlation(one: np.ndarray | None, other: np.ndarray) -> float:
    if one is None or not one.std() or not other.std():
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _against(totals: np.ndarray, observed: float, offset: float) -> dict[str, float]:
    """Return how an observed total stands against the predictive distribution of it."""
    logs = np.log(totals + offset)
    quantiles = {f"q{round(100 * level):02d}": float(np.quantile(totals, level)) for level in QUANTILES}
    return {
        "observed": observed,
        "mean": float(totals.mean()),
        **quantiles,
        "offset": offset,
        "log_ratio": float(np.log(observed + offset) - logs.mean()),
        "log_sd": float(logs.std(ddof=1)),
        "shown": float(np.mean(totals / (totals + offset))),
        "below": float(np.mean(totals < observed) + np.mean(totals == observed) / 2),
    }
