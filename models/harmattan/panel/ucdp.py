"""The panel of observed deaths: best estimates by month, unit and outcome, of whatever units a case has."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.language import country_name
from ..core.months import month_label, month_number, month_range
from ..core.names import OUTCOMES
from ..core.randomness import KNOWN_BY
from ..core.resources import display_path
from .downloads import read_rows

COLUMNS = ("country", "iso3", "gwno", "month", "type", "events", "best")
KEY = ["month", "iso3", "type"]
STATUS = "status"
"""Column that tells counts that will still be revised; a panel of final counts may do without."""
FINAL = ("final", "clear")
PROVISIONAL = ("candidate", "provisional", "preliminary")
SHORTEST_RECORD = 36

Lifetimes = Mapping[str, tuple[str | None, str | None]]
"""First and last month of units that began or ended within the record; None = open."""


def load_panel(
    path: Path, units: Sequence[str] | None = None, *, as_of: str | None = None, lifetimes: Lifetimes | None = None
) -> xr.DataArray:
    """Read and check a panel of deaths.

    Parameters
    ----------
    path : Path
        CSV file with the columns `country, iso3, gwno, month, type, events, best`, every unit, month and type present.
        A column `status` (final or candidate), or the JSON that an import writes beside the file, tells which months
        are provisional; the attribute `provisional_months` names them.
    units : sequence of str, optional
        Codes of the column `iso3` that must be there, all and no others, in the order of the array; those of the file,
        as they come, by default.
    as_of : str, optional
        Last month, `YYYY-MM`, that may be used. Everything after it is dropped. The last month of the file by default.
    lifetimes : mapping of unit to (first, last), optional
        Outside of it a unit has no rows in the file, and NaN in the array: it did not exist, which is not zero deaths.

    Returns
    -------
    xarray.DataArray
        `deaths` with dims (month, country, outcome), whole numbers as float64, in deaths per month. The coordinate
        `known_by` (country) names each unit's luck: its number in the column `gwno`, so that other codes for the same
        units change no draw; its code where others have that number too, as regions have their country's.

    Raises
    ------
    InputError
        If the file is not a complete panel of counts, or `as_of` leaves no usable record.
    """
    file = Path(path)
    asked = None if units is None else tuple(units)
    whole = _whole_panel(file, _state_of(file), display_path(file), asked, tuple((lifetimes or {}).items()))
    return truncate(whole.copy(deep=True), as_of)


def _state_of(file: Path) -> tuple:
    """Return what tells whether a panel, or the JSON beside it, is still the one that was read."""
    states = [there.stat() for there in (file, Path(f"{file}.json")) if there.is_file()]
    return tuple((state.st_ino, state.st_size, state.st_mtime_ns) for state in states)


@lru_cache(maxsize=4)
def _whole_panel(file: Path, state: tuple, name: str, asked: tuple | None, lifetimes: tuple) -> xr.DataArray:
    table = checked_table(file, asked, dict(lifetimes))
    units = list(asked or table["iso3"].unique())
    months = month_range(table["month"].min(), table["month"].max())
    full = pd.MultiIndex.from_product([months, units, list(OUTCOMES)], names=KEY)
    values = table.set_index(KEY)["best"].reindex(full).to_numpy(dtype="float64")
    return xr.DataArray(
        values.reshape(len(months), len(units), len(OUTCOMES)),
        dims=("month", "country", "outcome"),
        coords={
            "month": months,
            "country": units,
            "outcome": list(OUTCOMES),
            KNOWN_BY: ("country", _names_of_luck(table, units)),
        },
        name="deaths",
        attrs={"units": "deaths per month", "source": name, "provisional_months": sorted(provisional_in(file, table))},
    )


def _names_of_luck(table: pd.DataFrame, units: Sequence[str]) -> list[str]:
    numbers = table[["iso3", "gwno"]].drop_duplicates()
    shared = numbers["iso3"].duplicated(keep=False) | numbers["gwno"].duplicated(keep=False)
    own = dict(zip(numbers["iso3"][~shared], numbers["gwno"][~shared], strict=True))
    return [own.get(unit, unit) for unit in units]


def checked_table(file: Path, units: Sequence[str] | None = None, lifetimes: Lifetimes | None = None) -> pd.DataFrame:
    """Return a panel file as a table: every cell checked, every unit, month and type of its span there once.

    Parameters
    ----------
    file, units, lifetimes
        As in `load_panel`.

    Raises
    ------
    InputError
        If it is not a complete panel of counts.
    """
    name = display_path(file)
    table = _read(file, name)
    _check_labels(table, name, units or tuple(table["iso3"].unique()))
    _check_status(table, name)
    table = table.assign(
        gwno=_counts(table, "gwno", name).astype(int).astype(str),
        best=_counts(table, "best", name),
        events=_counts(table, "events", name),
    )
    _check_once(table, name)
    _check_complete(table, units or tuple(table["iso3"].unique()), lifetimes or {}, name)
    return table


def provisional_in(file: Path, table: pd.DataFrame) -> set[str]:
    """Return the months of a panel file that rest on candidate events, by its `status` column or the JSON beside it.

    Parameters
    ----------
    file : Path
    table : DataFrame
        As `checked_table` returns it.
    """
    if STATUS in table:
        return set(table.loc[table[STATUS].str.strip().str.lower().isin(PROVISIONAL), "month"])
    beside = Path(f"{file}.json")
    if not beside.is_file():
        return set()
    try:
        months = json.loads(beside.read_text(encoding="utf-8"))["provisional_months"]
        return {month_label(month_number(month)) for month in months} & set(table["month"])
    except (ValueError, KeyError, TypeError):
        raise InputError(
            f"{display_path(beside)} should say where {file.name} comes from, and cannot be read. Import the release "
            "again, or remove the JSON."
        ) from None


def provisional_months(panel: xr.DataArray) -> tuple[str, ...]:
    """Return the months of a panel that rest on candidate events and will still be revised."""
    return tuple(panel.attrs.get("provisional_months", ()))


def truncate(panel: xr.DataArray, as_of: str | None = None) -> xr.DataArray:
    """Return the panel up to and including `as_of`; at least 36 months must remain.

    Raises
    ------
    InputError
        If `as_of` is no month, lies after the last observation, or leaves fewer than 36 months.
    """
    months = [str(month) for month in panel["month"].values]
    source = panel.attrs.get("source", "the panel")
    last = months[-1] if as_of is None else month_label(month_number(as_of))
    if last > months[-1]:
        raise InputError(
            f"as_of {last} lies after the last month of {source}, which is {months[-1]}. "
            f"Choose {months[-1]} or earlier, or give a longer panel of the same form with `--panel`."
        )
    kept = month_number(last) - month_number(months[0]) + 1
    if kept < SHORTEST_RECORD:
        earliest = month_label(month_number(months[0]) + SHORTEST_RECORD - 1)
        raise InputError(
            f"The record of {source} begins in {months[0]}, so as_of {last} leaves {max(kept, 0)} months; "
            f"{SHORTEST_RECORD} are needed. Choose {earliest} or later, or give a longer panel."
        )
    cut = panel.isel(month=slice(0, kept)).copy()
    early = [month for month in cut.attrs.pop("provisional_months", []) if month <= last]
    return cut.assign_attrs(provisional_months=early) if early else cut


def living(panel: xr.DataArray) -> tuple[str, ...]:
    """Return the units that exist in the last month of a panel and have done so for 36 months."""
    alive = panel.isel(month=slice(-SHORTEST_RECORD, None)).notnull().all(("month", "outcome"))
    return tuple(str(unit) for unit in panel["country"].values[alive.values])


def panel_digest(panel: xr.DataArray) -> str:
    """Return the SHA-256 of a panel's labels and values, as passed: truncate first, so nothing later enters a key."""
    ordered = panel.transpose("month", "country", "outcome")
    labels = "\n".join(",".join(str(label) for label in ordered[dim].values) for dim in ordered.dims)
    values = np.ascontiguousarray(ordered.values, dtype="<f8")
    return hashlib.sha256(labels.encode() + b"\n" + values.tobytes()).hexdigest()


def annual_totals(panel: xr.DataArray) -> xr.DataArray:
    """Return deaths by calendar year, dims (year, country, outcome); years without all twelve months are left out."""
    years = np.array([int(str(month)[:4]) for month in panel["month"].values])
    whole = [int(year) for year in np.unique(years) if (years == year).sum() == 12]
    # a year in which a unit did not exist throughout has no total there
    totals = [panel.isel(month=np.flatnonzero(years == year)).sum("month", min_count=12) for year in whole]
    if not totals:
        raise InputError("The panel holds no complete calendar year, so there are no annual totals.")
    result = xr.concat(totals, dim=pd.Index(whole, name="year")).transpose("year", "country", "outcome")
    return result.rename(panel.name).assign_attrs(panel.attrs | {"units": "deaths per year"})


def _read(file: Path, name: str) -> pd.DataFrame:
    """Read every cell as text, with the line of the file as index."""
    rows = list(read_rows(file, f"the panel {name}"))
    header = [cell.strip() for cell in rows[0][1]]
    if "type_of_violence" in header:
        raise InputError(
            f"{name} holds events, not counts by country and month. `harmattan data import` makes a panel of it, with "
            "--kind ged, or --kind ged-candidate for candidates."
        )
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        raise InputError(f"{name}, line 1: columns are not separated by commas. Save the file with commas.")
    for line, row in rows[1:]:
        if len(row) != len(header):
            raise InputError(
                f"{name}, line {line}: {len(row)} cells where the header has {len(header)}. "
                "Put one value under each column and quote values that contain a comma."
            )
    _check_columns(header, name)
    if len(rows) < 2:
        raise InputError(f"{name} holds no observations. Expected a row per country, month and type below the header.")
    index = [line for line, _ in rows[1:]]
    return pd.DataFrame([row for _, row in rows[1:]], columns=header, index=index, dtype="str")


def _check_columns(header: list[str], name: str) -> None:
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise InputError(f"{name}, line 1: no column {', '.join(missing)}. A panel needs {', '.join(COLUMNS)}.")
    twice = [column for column in header if header.count(column) > 1]
    if twice:
        raise InputError(f"{name}, line 1: the column {twice[0]} stands there twice. Keep one.")


def _check_labels(table: pd.DataFrame, name: str, units: Sequence[str]) -> None:
    """Check units, types and months; the first bad cell is reported with its line."""
    known = f"one of the {len(units)} units of the case (units.list in case.yaml)"
    allowed = {"iso3": (units, known), "type": (tuple(OUTCOMES), "a type of violence")}
    for column, (names, what) in allowed.items():
        bad = table.index[~table[column].isin(names)]
        if len(bad):
            raise InputError(
                f"{name}, line {bad[0]}, column {column}: {table.at[bad[0], column]!r} is not {what}. "
                f"Use {', '.join(names)}."
            )
    for month in table["month"].unique():
        try:
            month_number(month)
        except InputError as error:
            line = table.index[table["month"] == month][0]
            raise InputError(f"{name}, line {line}, column month: {error}") from None


def _check_status(table: pd.DataFrame, name: str) -> None:
    if STATUS not in table:
        return
    bad = table.index[~table[STATUS].str.strip().str.lower().isin([*FINAL, *PROVISIONAL])]
    if len(bad):
        raise InputError(
            f"{name}, line {bad[0]}, column {STATUS}: {table.at[bad[0], STATUS]!r} tells neither a final count nor "
            "one that rests on candidate events. Write final or candidate."
        )


def _counts(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    numbers = pd.to_numeric(table[column].str.strip(), errors="coerce").astype("float64")
    bad = table.index[~(np.isfinite(numbers) & (numbers >= 0) & (numbers % 1 == 0))]
    if len(bad):
        raise InputError(
            f"{name}, line {bad[0]}, column {column}: {table.at[bad[0], column]!r} is not a count. "
            "Write a whole number, 0 or more; 0 where nothing was recorded."
        )
    return numbers


def _check_once(table: pd.DataFrame, name: str) -> None:
    repeated = table.index[table.duplicated(KEY)]
    if len(repeated):
        row = table.loc[repeated[0]]
        first = table.index[(table[KEY] == row[KEY]).all(axis=1)][0]
        raise InputError(
            f"{name}, line {repeated[0]}: {row['iso3']} {row['month']} {row['type']} stands already on line {first}. "
            "Keep one row for each country, month and type."
        )


def _check_complete(table: pd.DataFrame, units: Sequence[str], lifetimes: Lifetimes, name: str) -> None:
    months = month_range(table["month"].min(), table["month"].max())
    full = pd.MultiIndex.from_product([months, units, list(OUTCOMES)], names=KEY)
    alive = within_lifetimes(full, lifetimes)
    known = pd.MultiIndex.from_frame(table[KEY])
    absent, beyond = alive.difference(known), known.difference(alive)
    if len(absent):
        month, unit, kind = absent[0]
        raise InputError(
            f"{name}: no row for {unit} ({country_name(str(unit))}) {month} {kind}, and {len(absent) - 1} more are "
            f"missing between {months[0]} and {months[-1]}. Add the rows, with 0 where nothing was recorded: a missing "
            "row is not a zero. A unit that did not exist then has its lifetime in case.yaml (units.lifetimes)."
        )
    if len(beyond):
        month, unit, _ = beyond[0]
        line = table.index[(table["iso3"] == unit) & (table["month"] == month)][0]
        raise InputError(
            f"{name}, line {line}: {unit} did not exist in {month} by its lifetime in case.yaml (units.lifetimes). "
            "Leave such rows out, or mend the lifetime."
        )


def within_lifetimes(cells: pd.MultiIndex, lifetimes: Lifetimes) -> pd.MultiIndex:
    """Return the cells (month, unit, type) of months in which their units exist."""
    return cells[[_alive(month, lifetimes.get(unit)) for month, unit, _ in cells]] if lifetimes else cells


def _alive(month: str, lifetime: tuple[str | None, str | None] | None) -> bool:
    first, last = lifetime or (None, None)
    return (first is None or first <= month) and (last is None or month <= last)
