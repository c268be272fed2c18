"""Who killed: deaths of civilians in one-sided violence by states and their partners, and by all others.

The rule: a dyad whose first side is a government (or several) against civilians is of the state; a partner that acts
with one, as a foreign force does, counts with it. Where UCDP records such a dyad in one unit alone, its deaths are that
unit's. A dyad recorded in several units is counted in a unit as the table by dyad and country has it, where that covers
unit and month, else in whole, and then at most what UCDP's yearly table leaves for governments, once that year is over.
All others have the rest of the panel's count, so both parts always sum to it.
"""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.names import ONE_SIDED_PARTS
from ..core.resources import display_path
from .actors import BETWEEN_SIDES, CIVILIANS, GOVERNMENT

HALF_LIFE = 12.0
"""Of the memory of who killed, in months."""

KEPT = 0.5 ** (1 / HALF_LIFE)
"""Share of that memory that a month leaves."""

NEEDED = ("dyad_name", "type", "month", "best", "countries", "also_elsewhere")


def is_of_state(dyad: str) -> bool:
    """Tell whether a dyad is of a government, alone or with others, against civilians.

    >>> is_of_state("Government of Atlantis - Civilians"), is_of_state("Band - Civilians")
    (True, False)
    """
    return dyad.startswith(GOVERNMENT) and dyad.endswith(f"{BETWEEN_SIDES}{CIVILIANS}")


def load_dyads_by_month(file: Path, units: Collection[str]) -> pd.DataFrame:
    """Return deaths of civilians by dyad and month, wherever they happened.

    Parameters
    ----------
    file : Path
        Columns `dyad_name, type, month, best, countries, also_elsewhere`: deaths of the whole dyad, the units where
        UCDP records it in that year, parted by spaces, and 1 where it also acts outside of the case.
    units : collection of str

    Returns
    -------
    DataFrame
        Columns dyad, month, deaths (best estimate), countries (tuple of units), alone (bool: recorded in one unit
        only); of one-sided violence. The attribute `last` is the last month of the file, of any type. Source: UCDP GED.

    Raises
    ------
    InputError
        If the file is not such a table.
    """
    name = display_path(file)
    try:
        table = pd.read_csv(file, dtype={"countries": "str", "month": "str"})
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            f"{name}: the table of deaths by dyad and month, record.dyads_by_month of case.yaml, cannot be read "
            f"({error}). Put the file there, or take the line out of case.yaml."
        ) from None
    if missing := [column for column in NEEDED if column not in table.columns]:
        raise InputError(
            f"{name}: the table of deaths by dyad and month, record.dyads_by_month of case.yaml, has no column "
            f"{missing[0]!r}. Its columns are {', '.join(NEEDED)}."
        )
    if not pd.api.types.is_numeric_dtype(table["best"]):
        raise InputError(f"{name}: best is a number of deaths.")
    rows = table[(table["type"] == "one_sided") & (table["best"] > 0)].reset_index(drop=True)
    countries = [tuple(unit for unit in str(said).split() if unit in units) for said in rows["countries"]]
    alone = (rows["countries"].str.split().str.len() == 1) & (rows["also_elsewhere"] == 0)
    found = pd.DataFrame(
        {
            "dyad": rows["dyad_name"],
            "month": rows["month"],
            "deaths": rows["best"],
            "countries": countries,
            "alone": alone,
        }
    )
    found.attrs["last"] = str(table["month"].max())
    return found


def state_deaths(
    one_sided: xr.DataArray,
    by_month: pd.DataFrame,
    by_country: pd.DataFrame | None = None,
    yearly: pd.DataFrame | None = None,
) -> xr.DataArray:
    """Return deaths of civilians by states and their partners.

    Parameters
    ----------
    one_sided : DataArray
        The panel's deaths in one-sided violence, dims (month, country).
    by_month : DataFrame
        `load_dyads_by_month`.
    by_country : DataFrame, optional
        `actors.load_dyads`: says how many of a dyad's deaths fell in which unit, up to its own last month.
    yearly : DataFrame, optional
        Columns country, year, by_government: UCDP's yearly counts. Only of years over by the panel's last month.

    Returns
    -------
    DataArray
        Dims (month, country), deaths per month; at most the panel's count. NaN after the last month of `by_month`, and
        where the panel itself has none.
    """
    months = [str(month) for month in one_sided["month"].values]
    of_state = by_month[by_month["dyad"].map(is_of_state) & (by_month["month"] <= months[-1])]
    of_state = of_state.explode("countries").dropna(subset="countries").rename(columns={"countries": "country"})
    certain = _placed(of_state[of_state["alone"]], one_sided)
    certain = certain.clip(max=one_sided)
    shared = _placed(_known_better(of_state[~of_state["alone"]], by_country), one_sided).clip(max=one_sided - certain)
    if yearly is not None:
        shared = _within_years(shared, certain, yearly)
    return (certain + shared).where(one_sided["month"] <= by_month.attrs["last"]).rename("state_deaths")


def by_perpetrator(one_sided: xr.DataArray, state: xr.DataArray) -> xr.DataArray:
    """Return both parts of deaths in one-sided violence.

    Parameters
    ----------
    one_sided, state : DataArray
        Same dims, all and those by states.

    Returns
    -------
    DataArray
        A dim `outcome` more at the end, with the names of `core.names.ONE_SIDED_PARTS`.
    """
    parts = xr.concat([state, one_sided - state], dim=pd.Index(list(ONE_SIDED_PARTS), name="outcome"))
    return parts.transpose(..., "outcome").rename("deaths")


def with_parts(deaths: xr.DataArray, parts: xr.DataArray) -> xr.DataArray:
    """Return deaths of all outcomes with those by perpetrator beside them.

    Parameters
    ----------
    deaths, parts : DataArray (..., outcome)
    """
    both = xr.concat([deaths, parts], "outcome", coords="minimal", compat="override", join="override")
    return both.transpose(*deaths.dims).assign_attrs(deaths.attrs).rename(deaths.name)


def state_and_total(parts: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Return deaths by the state, and all, as arrays (month, country)."""
    ordered = parts.transpose("month", "country", "outcome").sel(outcome=list(ONE_SIDED_PARTS)).values
    return ordered[..., 0], ordered.sum(axis=-1)


def weight_and_share(state: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how much each month counts in memory, and which share of its deaths was the state's.

    A month counts by the logarithm of one more than its deaths, because a massacre is one event; an unknown one counts
    for nothing.
    """
    known = np.nan_to_num(np.asarray(total, dtype="float64"))
    share = np.divide(np.nan_to_num(state), known, out=np.zeros_like(known), where=known > 0)
    return np.log1p(known), share


def remembered(state: np.ndarray, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return what is remembered before each month and after the last: weights of the state's deaths and of all.

    Parameters
    ----------
    state, total : array (month, country)
        Deaths by the state, and all; NaN in months in which nobody knows.

    Returns
    -------
    of_state, of_all : array (month + 1, country)
    """
    weight, share = weight_and_share(state, total)
    of_state, of_all = np.zeros((len(total) + 1, *total.shape[1:])), np.zeros((len(total) + 1, *total.shape[1:]))
    for month in range(len(total)):
        of_state[month + 1] = KEPT * of_state[month] + weight[month] * share[month]
        of_all[month + 1] = KEPT * of_all[month] + weight[month]
    return of_state, of_all


def _placed(rows: pd.DataFrame, like: xr.DataArray) -> xr.DataArray:
    """Return deaths of rows as an array of the panel's months and units."""
    sums = rows.groupby(["month", "country"])["deaths"].sum().unstack()
    sums = sums.reindex(index=like["month"].values, columns=like["country"].values).fillna(0)
    return like.copy(data=sums.to_numpy(dtype="float64"))


def _known_better(shared: pd.DataFrame, by_country: pd.DataFrame | None) -> pd.DataFrame:
    """Return rows of dyads in several units with each unit's own deaths, where the table by country covers it."""
    if by_country is None or shared.empty:
        return shared
    own = by_country[by_country["outcome"] == "one_sided"].groupby(["dyad", "country", "month"])["deaths"].sum()
    covered = shared["country"].isin(by_country["country"]) & (shared["month"] <= by_country["month"].max())
    cells = pd.MultiIndex.from_frame(shared[["dyad", "country", "month"]])
    return shared.assign(deaths=shared["deaths"].where(~covered, own.reindex(cells).fillna(0).to_numpy()))


def _within_years(shared: xr.DataArray, certain: xr.DataArray, yearly: pd.DataFrame) -> xr.DataArray:
    """Return shared deaths, whole numbers, of which a year that is over holds at most what its own count leaves."""
    years = np.array([int(str(month)[:4]) for month in shared["month"].values])
    official = yearly.set_index(["country", "year"])["by_government"].dropna()
    result = shared.copy(deep=True)
    for k, unit in enumerate(shared["country"].values):
        for year in np.unique(years[shared.values[:, k] > 0]):
            inside = np.flatnonzero(years == year)
            if len(inside) < 12 or (unit, year) not in official.index:
                continue
            room = max(official[unit, year] - float(certain.values[inside, k].sum()), 0.0)
            result.values[inside, k] = _shrunk(shared.values[inside, k], room)
    return result


def _shrunk(deaths: np.ndarray, room: float) -> np.ndarray:
    """Return whole numbers in proportion to deaths whose sum is at most `room` (largest remainders)."""
    if (total := deaths.sum()) <= room:
        return deaths
    exact = deaths * room / total
    whole = np.floor(exact)
    largest = np.argsort(whole - exact, kind="stable")[: round(room - whole.sum())]
    whole[largest] += 1
    return whole
