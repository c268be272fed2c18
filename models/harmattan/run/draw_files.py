"""Draws as files: Parquet, CSV and netCDF; tables are written piece by piece so that memory suffices."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Literal

import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.files import check_room, file_in_place

Form = Literal["long", "hub"]
"""Columns of a table of draws: ours, or those of hubverse samples."""

COLUMNS: dict[Form, dict[str, str]] = {
    "long": {"country": "string", "month": "string", "outcome": "string", "draw": "int64", "value": "int32"},
    "hub": {
        "origin_date": "date32", "scenario_id": "string", "location": "string", "target": "string", "horizon": "int32",
        "target_end_date": "date32", "output_type": "string", "output_type_id": "string", "value": "int32",
    },
}  # fmt: skip
"""Columns in their order with their Arrow types; those of a hub as `hubData::create_hub_schema` gives them."""

ROWS_AT_ONCE = 300_000
"""Rows of a table that are in memory at once."""

_BYTES_EACH = {
    (".nc", "long"): 4.0, (".nc", "hub"): 4.0, (".csv", "long"): 29.0, (".csv", "hub"): 72.0,
    (".parquet", "long"): 1.3, (".parquet", "hub"): 1.4,
}  # fmt: skip
"""Measured size of a file over the number of its values."""


def save_draws(
    deaths: xr.DataArray,
    path: str | Path,
    form: Form,
    table: Callable[[xr.DataArray], pd.DataFrame],
    *,
    label: Mapping[str, str],
) -> Path:
    """Write draws by the suffix of the path, whole or not at all.

    Parameters
    ----------
    deaths : DataArray
        netCDF holds it as it is, with its dimensions and units.
    path : path
        ``.parquet``, ``.csv`` or ``.nc``.
    form : {"long", "hub"}
        Columns of Parquet and CSV.
    table : callable
        Makes that table of some countries' deaths.
    label : mapping of str to str
        What Parquet and netCDF say of the making, as attributes.

    Raises
    ------
    InputError
        If the suffix is none of these, or the file cannot be written.
    """
    target = _checked(Path(path))
    parts = (table(part) for part in _parts(deaths))
    with file_in_place(target) as temporary:
        if target.suffix == ".parquet":
            _write_parquet(temporary, form, (labelled(part, label) for part in parts))
        elif target.suffix == ".csv":
            _write_csv(temporary, parts)
        else:
            deaths.to_dataset(name="deaths").assign_attrs(label).to_netcdf(temporary, engine="h5netcdf")
    return target


def save_years(
    table: Callable[[], pd.DataFrame], dataset: xr.Dataset, path: str | Path, label: Mapping[str, str]
) -> Path:
    """Write draws by year, whole or not at all: few enough to be in memory at once.

    Parameters
    ----------
    table : callable
        Makes what Parquet and CSV hold.
    dataset : Dataset
        What netCDF holds.
    path : path
        ``.parquet``, ``.csv`` or ``.nc``.
    label : mapping of str to str
        What Parquet and netCDF say of the making, as attributes.

    Raises
    ------
    InputError
        If the suffix is none of these, or the file cannot be written.
    """
    target = _checked(Path(path))
    with file_in_place(target) as temporary:
        if target.suffix == ".nc":
            dataset.assign_attrs(label).to_netcdf(temporary, engine="h5netcdf")
        elif target.suffix == ".csv":
            table().to_csv(temporary, index=False, lineterminator="\n")
        else:
            labelled(table(), label).to_parquet(temporary, index=False)
    return target


def _checked(target: Path) -> Path:
    if target.suffix not in (".parquet", ".csv", ".nc"):
        raise InputError(f"{target.name}: the suffix says what to write; end the name in .parquet, .csv, .nc.")
    return target


def _parts(deaths: xr.DataArray) -> Iterator[xr.DataArray]:
    """Yield some months of a country at a time, in the order of the table."""
    rows = deaths.sizes["draw"] * deaths.sizes["outcome"]
    at_once = max(1, ROWS_AT_ONCE // rows)
    for country in deaths["country"].values:
        for start in range(0, deaths.sizes["month"], at_once):
            yield deaths.sel(country=[country]).isel(month=slice(start, start + at_once))


def check_room_for_draws(target: Path, form: Form, values: int) -> None:
    """Refuse a file for whose values there is no room on the disk, before they are simulated.

    Raises
    ------
    InputError
        If it will take more than is free.
    """
    check_room(target, int(values * _BYTES_EACH[target.suffix, form]), "--out")


def labelled(frame: pd.DataFrame, label: Mapping[str, str]) -> pd.DataFrame:
    """Return a table that tells its making where the file has room for it, as Parquet has."""
    frame.attrs |= label
    return frame


def _write_csv(path: Path, parts: Iterable[pd.DataFrame]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for number, part in enumerate(parts):
            part.to_csv(file, index=False, header=number == 0, lineterminator="\n")


def _write_parquet(path: Path, form: Form, parts: Iterable[pd.DataFrame]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in COLUMNS[form].items()])
    tables = (pa.Table.from_pandas(part, schema=schema, preserve_index=False) for part in parts)
    first = next(tables)
    with parquet.ParquetWriter(path, first.schema) as writer:
        for part in chain([first], tables):
            writer.write_table(part)
