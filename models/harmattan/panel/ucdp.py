"""The panel of observed deaths: UCDP's best estimates by month, country and outcome."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.months import month_label, month_number, month_range
from ..core.names import COUNTRIES, ISO3, OUTCOMES
from ..core.resources import display_path, seeds_folder
from .downloads import read_rows

COLUMNS = ("country", "iso3", "gwno", "month", "type", "events", "best")
KEY = ["month", "iso3", "type"]
STATUS = "status"
"""Column that tells counts that will still be revised; a panel of final counts may do without."""
FINAL = ("final", "clear")
PROVISIONAL = ("candidate", "provisional", "preliminary")
SHORTEST_RECORD = 36


def frozen_panel_path() -> Path:
    """Return the path of the panel that the project carries."""
    return seeds_folder() / "data" / "ucdp" / "country_month.csv"


def load_panel(path: Path | None = None, *, as_of: str | None = None) -> xr.DataArray:
    """Read and check a panel of deaths.

    Parameters
    ----------
    path : Path, optional
        CSV file with the columns `country, iso3, gwno, month, type, events, best`, every country, month and type
        present. The frozen panel by default. A column `status` (final or candidate), or the JSON that an import writes
        beside the file, tells which months are provisional; the attribute `provisional_months` names them.
    as_of : str, optional
        Last month, `YYYY-MM`, that may be used. Everything after it is dropped. The last month of the file by default.

    Returns
    -------
    xarray.DataArray
        `deaths` with dims (month, country, outcome), whole numbers as float64, in deaths per month.

    Raises
    ------
    InputError
        If the file is not a complete panel of counts, or `as_of` leaves no usable record.
    """
    file = frozen_panel_path() if path is None else Path(path)
    name = display_path(file)
    table = checked_table(file)
    months = month_range(table["month"].min(), table["month"].max())
    full = pd.MultiIndex.from_product([months, ISO3, list(OUTCOMES)], names=KEY)
    values = table.set_index(KEY)["best"].reindex(full).to_numpy(dtype="float64")
    panel = xr.DataArray(
        values.reshape(len(months), len(ISO3), len(OUTCOMES)),
        dims=("month", "country", "outcome"),
        coords={"month": months, "country": list(ISO3), "outcome": list(OUTCOMES)},
        name="deaths",
        attrs={"units": "deaths per month", "source": name, "provisional_months": sorted(provisional_in(file, table))},
    )
    return truncate(panel, as_of)


def checked_table(file: Path) -> pd.DataFrame:
    """Return a panel file as a table: every cell checked, every country, month and type of its span there once.

    Raises
    ------
    InputError
        If it is not a complete panel of counts.
    """
    name = display_path(file)
    table = _read(file, name)
    _check_labels(table, name)
    _check_status(table, name)
    table = table.assign(
        gwno=_counts(table, "gwno", name).astype(int).astype(str),
        best=_counts(table, "best", name),
        events=_counts(table, "events", name),
    )
    _check_once(table, name)
    _check_complete(table, month_range(table["month"].min(), table["month"].max()), name)
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
    totals = [panel.isel(month=np.flatnonzero(years == year)).sum("month") for year in whole]
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
        raise InputError(
            f"{name}, line 1: the column{'s' if len(missing) > 1 else ''} {', '.join(missing)} "
            f"{'are' if len(missing) > 1 else 'is'} missing. A panel needs {', '.join(COLUMNS)}."
        )
    twice = [column for column in header if header.count(column) > 1]
    if twice:
        raise InputError(f"{name}, line 1: the column {twice[0]} stands there twice. Keep one.")


def _check_labels(table: pd.DataFrame, name: str) -> None:
    """Check countries, types and months; the first bad cell is reported with its line."""
    allowed = {"iso3": (ISO3, "one of the 16 ISO 3166 codes"), "type": (tuple(OUTCOMES), "a type of violence")}
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


def _check_complete(table: pd.DataFrame, months: list[str], name: str) -> None:
    full = pd.MultiIndex.from_product([months, ISO3, list(OUTCOMES)], names=KEY)
    absent = full.difference(pd.MultiIndex.from_frame(table[KEY]))
    if len(absent):
        month, iso3, kind = absent[0]
        raise InputError(
            f"{name}: no row for {iso3} ({COUNTRIES[str(iso3)]}) {month} {kind}, and {len(absent) - 1} more are "
            f"missing between {months[0]} and {months[-1]}. Add the rows, with 0 where nothing was recorded: "
            "a missing row is not a zero."
        )
