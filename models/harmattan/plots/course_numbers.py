"""Numbers of figures that go by month or year: what is on record, and what the futures hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from ..core.months import month_label, month_number, months_between
from ..core.names import HEADLINE, ONE_SIDED_PARTS
from .figure_numbers import COUNTRY, DOTS, OUTCOME, SCENARIO, FigureNumbers, told
from .summary import LEVELS, bands, one_series

PAST_YEARS = 10
RIDGE_BINS = 60

_LOW, _MEDIAN, _HIGH = ("deaths: 10th percentile", "deaths: median", "deaths: 90th percentile")
_MONTHS = "months, YYYY-MM"


@dataclass(frozen=True)
class PlaceAhead:
    """Numbers of one place."""

    country: str = told(COUNTRY)
    years: tuple[int, ...] = told("last full years of the record")
    recorded: tuple[float, ...] = told("deaths on record in each of these years")
    dots: tuple[float, ...] = told("deaths: totals of the next twelve months at equally probable places, ascending")
    low: float = told(_LOW)
    median: float = told(_MEDIAN)
    high: float = told(_HIGH)


@dataclass(frozen=True)
class YearsAhead(FigureNumbers):
    """Past yearly totals beside those of the next twelve months, place by place."""

    figure: ClassVar[str] = "years-ahead"
    outcome: str = told(OUTCOME)
    period: str = told("the twelve months ahead, in words of the brief's language")
    as_of: str = told("last month of the record used, YYYY-MM")
    places: tuple[PlaceAhead, ...] = told("a row per place")


def years_ahead_numbers(
    yearly: xr.DataArray, ahead: Mapping[str, np.ndarray], *, outcome: str, period: str, as_of: str
) -> YearsAhead:
    """Return the numbers of the picture.

    Parameters
    ----------
    yearly : DataArray (year, country)
        Deaths by full calendar year.
    ahead : mapping of str to array (draw,)
        Totals of the next twelve months, by country, in the order of the rows.
    outcome, period, as_of : str
        What is counted, which months lie ahead (in words), and the last month of the record used.
    """
    past = yearly.isel(year=slice(-PAST_YEARS, None))
    places = []
    for country, draws in ahead.items():
        known = past.sel(country=country).to_series().dropna()
        low, median, high = (float(q) for q in np.quantile(draws, (0.1, 0.5, 0.9)))
        dots = np.quantile(draws, (np.arange(DOTS) + 0.5) / DOTS)
        years = tuple(int(year) for year in known.index)
        places.append(PlaceAhead(country, years, _floats(known), _floats(dots), low, median, high))
    return YearsAhead(outcome, period, as_of, tuple(places))


@dataclass(frozen=True)
class Band:
    """Edges of a central band, month by month."""

    level: int = told("share of the futures inside, per cent")
    low: tuple[float, ...] = told("deaths a month: lower edge")
    high: tuple[float, ...] = told("deaths a month: upper edge")


@dataclass(frozen=True)
class FanNumbers(FigureNumbers):
    """Deaths of one unit and outcome month by month: on record, in the futures, and as they came."""

    figure: ClassVar[str] = "fan"
    country: str = told(COUNTRY)
    outcome: str = told(OUTCOME)
    scenario: str = told("scenario of bands, median and samples, by its name")
    exit_month: str = told("month of the exit or event, YYYY-MM")
    as_of: str = told("last month of the record used, YYYY-MM")
    first_month: str = told("first month of the axis, YYYY-MM")
    past_months: tuple[str, ...] = told(f"{_MONTHS}: on record up to the last one used")
    past: tuple[float | None, ...] = told("deaths a month on record; null where not counted")
    months: tuple[str, ...] = told(f"{_MONTHS}: simulated")
    bands: tuple[Band, ...] = told("central bands of the futures, narrowest first")
    median: tuple[float, ...] = told("deaths a month: median of the futures")
    samples: tuple[tuple[float, ...], ...] = told("deaths a month of single futures")
    later_months: tuple[str, ...] = told(f"{_MONTHS}: on record, of those simulated")
    later: tuple[float | None, ...] = told("deaths a month that came; null where not counted")
    second_scenario: str | None = told("scenario of a second median, by its name; null for none", default=None)
    second: tuple[float, ...] | None = told("deaths a month: its median", default=None)


def fan_numbers(
    history: xr.DataArray,
    paths: xr.DataArray,
    *,
    exit_month: str,
    as_of: str,
    country: str,
    outcome: str = HEADLINE,
    scenario: str,
    second: xr.DataArray | None = None,
    second_scenario: str = "",
    observed_later: xr.DataArray | None = None,
    history_from: str | None = None,
    sample_paths: int = 4,
) -> FanNumbers:
    """Return bands, median and samples of the futures beside the record. Parameters are those of `plots.fan`."""
    future = one_series(paths, country, outcome)
    months = [month_number(month) for month in future["month"].values]
    start = month_number(history_from) if history_from else months[0] - 72
    past = _between(one_series(history, country, outcome), start, month_number(as_of))
    later: tuple[tuple[str, ...], tuple[float | None, ...]] = ((), ())
    if observed_later is not None:
        later = _between(one_series(observed_later, country, outcome), month_number(as_of) + 1, months[-1])
    chosen = np.linspace(0, future.sizes["draw"] - 1, sample_paths).astype(int)
    other = None if second is None else np.median(one_series(second, country, outcome).values, axis=0)
    return FanNumbers(
        country,
        outcome,
        scenario,
        exit_month,
        as_of,
        month_label(start),
        *past,
        tuple(month_label(month) for month in months),
        tuple(Band(level, _floats(low), _floats(high)) for level, (low, high) in bands(future, LEVELS).items()),
        _floats(np.median(future.values, axis=0)),
        tuple(_floats(future.values[draw]) for draw in chosen),
        *later,
        None if other is None else second_scenario,
        None if other is None else _floats(other),
    )


def _between(series: xr.DataArray, first: int, last: int) -> tuple[tuple[str, ...], tuple[float | None, ...]]:
    numbers = np.array([month_number(month) for month in series["month"].values])
    keep = (numbers >= first) & (numbers <= last)
    return tuple(month_label(int(month)) for month in numbers[keep]), _counted(series.values[keep])


@dataclass(frozen=True)
class Ridge:
    """How one scenario's futures are spread over one horizon."""

    horizon: str = told("horizon, by its name")
    first: int = told("its first month, counted from the origin")
    last: int = told("its last month, counted from the origin")
    scenario: str = told(SCENARIO)
    shares: tuple[float, ...] = told("share of the futures in each of equally wide bins from 0 to the limit, 0 to 1")
    beyond: float = told("share of the futures above the limit, 0 to 1")
    low: float = told("deaths a month, mean over the horizon: 10th percentile")
    median: float = told("deaths a month, mean over the horizon: median")
    high: float = told("deaths a month, mean over the horizon: 90th percentile")


@dataclass(frozen=True)
class RidgeNumbers(FigureNumbers):
    """Deaths a month over each horizon, spread over the futures."""

    figure: ClassVar[str] = "ridge"
    country: str = told(COUNTRY)
    outcome: str = told(OUTCOME)
    origin: str = told("month from which months are counted, YYYY-MM")
    limit: float = told("deaths a month: where bins and axis end")
    ridges: tuple[Ridge, ...] = told("horizon after horizon, scenario after scenario")

    @property
    def horizons(self) -> tuple[str, ...]:
        """Horizons, in the order in which they come first."""
        return tuple(dict.fromkeys(ridge.horizon for ridge in self.ridges))

    def of(self, horizon: str) -> tuple[Ridge, ...]:
        """Return the ridges of one horizon, scenario after scenario."""
        return tuple(ridge for ridge in self.ridges if ridge.horizon == horizon)


def ridge_numbers(
    paths: Mapping[str, xr.DataArray],
    windows: Mapping[str, Sequence[str]],
    *,
    origin: str,
    country: str,
    outcome: str = HEADLINE,
) -> RidgeNumbers:
    """Return how means over each horizon are spread. Parameters are those of `plots.ridge`.

    Parameters
    ----------
    origin : str
        Month from which months are counted in the names of the rows, `YYYY-MM`.
    """
    means = {
        (horizon, scenario): one_series(array, country, outcome).sel(month=list(months)).mean("month").values
        for horizon, months in windows.items()
        for scenario, array in paths.items()
    }
    limit = max(float(np.quantile(values, 0.97)) for values in means.values()) or 1.0
    edges = np.linspace(0, limit, RIDGE_BINS + 1)
    ridges = []
    for (horizon, scenario), values in means.items():
        months = windows[horizon]
        span = months_between(origin, months[0]), months_between(origin, months[-1])
        shares = np.histogram(values, edges)[0] / values.size
        middle = (float(q) for q in np.quantile(values, [0.1, 0.5, 0.9]))
        ridges.append(Ridge(horizon, *span, scenario, _floats(shares), float((values > limit).mean()), *middle))
    return RidgeNumbers(country, outcome, origin, limit, tuple(ridges))


@dataclass(frozen=True)
class Expected:
    """What one scenario expects, month by month."""

    scenario: str = told(SCENARIO)
    mean: tuple[float, ...] = told("deaths a month: mean over the futures")


@dataclass(frozen=True)
class UnitMonths:
    """One unit's months."""

    country: str = told(COUNTRY)
    low: tuple[float, ...] = told("deaths a month in the first scenario: 10th percentile")
    high: tuple[float, ...] = told("deaths a month in the first scenario: 90th percentile")
    lines: tuple[Expected, ...] = told("a line per scenario")


@dataclass(frozen=True)
class MultiplesNumbers(FigureNumbers):
    """The same futures in several units."""

    figure: ClassVar[str] = "multiples"
    outcome: str = told(OUTCOME)
    months: tuple[str, ...] = told(f"{_MONTHS}: simulated")
    units: tuple[UnitMonths, ...] = told("a panel per unit")


def multiples_numbers(
    paths: Mapping[str, xr.DataArray], *, countries: Sequence[str] | None = None, outcome: str = HEADLINE
) -> MultiplesNumbers:
    """Return what scenarios expect in several units. Parameters are those of `plots.scenario_multiples`."""
    first = next(iter(paths.values()))
    units = []
    for country in countries or [str(one) for one in first["country"].values]:
        shown = {name: one_series(array, country, outcome).values for name, array in paths.items()}
        low, high = np.quantile(next(iter(shown.values())), [0.1, 0.9], axis=0)
        lines = tuple(Expected(name, _floats(values.mean(axis=0))) for name, values in shown.items())
        units.append(UnitMonths(country, _floats(low), _floats(high), lines))
    return MultiplesNumbers(outcome, tuple(str(month) for month in first["month"].values), tuple(units))


@dataclass(frozen=True)
class RangeAhead:
    """One scenario's total of the twelve months ahead."""

    scenario: str = told(SCENARIO)
    low: float = told(_LOW)
    median: float = told(_MEDIAN)
    high: float = told(_HIGH)


@dataclass(frozen=True)
class KillerYears:
    """Whom one perpetrator killed, and may kill."""

    outcome: str = told(OUTCOME)
    by_year: tuple[float | None, ...] = told("deaths on record by year; null where not counted")
    ahead: tuple[RangeAhead, ...] = told("the twelve months ahead, a range per scenario")
    recorded: float | None = told("deaths that came in these twelve months; null where not on record")


@dataclass(frozen=True)
class KillerNumbers(FigureNumbers):
    """Who kills civilians, in past years and in the twelve months ahead."""

    figure: ClassVar[str] = "who-kills"
    country: str = told(COUNTRY)
    years: tuple[str, ...] = told("years on record")
    parts: tuple[KillerYears, ...] = told("a panel per perpetrator")


def killer_numbers(by_year: pd.DataFrame, ahead: pd.DataFrame, *, country: str) -> KillerNumbers:
    """Return who killed and may kill. Parameters are those of `plots.who_kills`."""
    parts = []
    for part in ONE_SIDED_PARTS:
        rows = ahead[ahead["outcome"] == part]
        ranges = tuple(
            RangeAhead(str(row.scenario), float(row.lower_80), float(row.median), float(row.upper_80))
            for row in rows.itertuples()
        )
        (recorded,) = _counted(rows["recorded"].iloc[:1])
        parts.append(KillerYears(part, _counted(by_year[part]), ranges, recorded))
    return KillerNumbers(country, tuple(str(year) for year in by_year["year"]), tuple(parts))


def _floats(values: ArrayLike) -> tuple[float, ...]:
    return tuple(np.asarray(values, dtype=float).tolist())


def _counted(values: ArrayLike) -> tuple[float | None, ...]:
    """Return numbers with None for what was not counted."""
    return tuple(None if np.isnan(value) else value for value in _floats(values))
