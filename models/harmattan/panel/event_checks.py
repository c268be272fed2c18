"""Every event of a UCDP file, checked cell by cell; what cannot be is refused by its row."""

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from ..core.errors import InputError
from ..core.language import country_name
from ..core.names import OUTCOMES
from .downloads import read_rows
from .world import states

COLUMNS = (
    *("id", "relid", "year", "active_year", "code_status", "type_of_violence", "conflict_dset_id", "conflict_new_id"),
    *("conflict_name", "dyad_dset_id", "dyad_new_id", "dyad_name", "side_a_dset_id", "side_a_new_id", "side_a"),
    *("side_b_dset_id", "side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
    *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates", "where_description"),
    *("adm_1", "adm_2", "latitude", "longitude", "geom_wkt", "priogrid_gid", "country", "country_id", "region"),
    *("event_clarity", "date_prec", "date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians"),
    *("deaths_unknown", "best", "high", "low", "gwnoa", "gwnob"),
)
"""The columns of a GED or candidate file in UCDP's order. A few candidate files came out without their header."""
NEEDED = (
    *("id", "year", "type_of_violence", "country_id", "date_start", "date_end", "best", "high", "low", "code_status"),
)
TYPES = dict(zip((1, 2, 3), OUTCOMES, strict=True))
"""UCDP's number of a type of violence to our name: 1 state-based, 2 non-state, 3 one-sided."""
_WELCOME = ("country", "date_prec")
_FEW = 0.005
"""Share of rows up to which a contradiction is UCDP's own slip: it is said, and the row counts."""
_LARGEST = 1e12
_DATE = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"


def checked_events(
    file: Path, name: str, codes: dict[str, str], by_region: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """Return the events of a file, and what is odd in it and was taken all the same.

    Parameters
    ----------
    file : Path
    name : str
        What messages call the file.
    codes : dict of str to str
        Gleditsch-Ward number to ISO3 of the panel's countries.
    by_region : bool
        Whether the region of every event is needed too.

    Returns
    -------
    events : DataFrame
        Index: row of the file as a spreadsheet counts it. Columns date and month (of its start), iso3 (None elsewhere),
        type, best, code_status, date_prec (NaN where not told) and unbracketed; by region adm_1 too.
    doubts : list of str

    Raises
    ------
    InputError
        If a column is missing or a cell cannot be what UCDP publishes.
    """
    table, doubts = _read(file, name, (*NEEDED, "adm_1") if by_region else NEEDED)
    table["id"] = _whole_numbers(table, "id", name, 0).astype("int64").astype(str)
    twice = table["id"].duplicated()
    _refuse(table, twice, name, "id", "stands there twice")
    start, end = _dates(table, "date_start", name), _dates(table, "date_end", name)
    _refuse(table, start > end, name, "date_start", "lies after date_end")
    kind = _whole_numbers(table, "type_of_violence", name, 0)
    _refuse(table, ~kind.isin(list(TYPES)), name, "type_of_violence", "is not 1, 2 or 3")
    year = _whole_numbers(table, "year", name, 0)
    strange = (year < start.str[:4].astype(int)) | (year > end.str[:4].astype(int))
    doubts += _few(table, strange, name, "year", "is not the year of date_start or date_end")
    best, low, high = (_whole_numbers(table, column, name, 0) for column in ("best", "low", "high"))
    unbracketed = (low > best) | (high < best)
    doubts += _few(table, unbracketed, name, "best", "does not lie between low and high")
    iso3, misnamed = _countries(table, name, codes)
    events = pd.DataFrame(
        {
            "date": start,
            "month": start.str[:7],
            "iso3": iso3,
            "type": kind.map(TYPES),
            "best": best,
            "unbracketed": unbracketed,
        }
    )
    precision = pd.to_numeric(table["date_prec"], errors="coerce") if "date_prec" in table else np.nan
    events = events.assign(code_status=table["code_status"], date_prec=precision)
    return events.assign(adm_1=table["adm_1"]) if by_region else events, doubts + misnamed


def _read(file: Path, name: str, needed: tuple[str, ...]) -> tuple[pd.DataFrame, list[str]]:
    """Return the columns that matter, as text, by row; the header may be in any order, and may be missing."""
    rows: Iterator[list[str]] = (row for _, row in read_rows(file, name))
    first = next(rows)
    header = [cell.strip().lower() for cell in first]
    doubts = []
    if len(first) == len(COLUMNS) and first[0].strip().isdigit():
        rows, header = itertools.chain([first], rows), list(COLUMNS)
        doubts = [f"{name} has no header, so its {len(COLUMNS)} columns are taken to be those of every GED file."]
    _check_header(header, name, needed)
    wanted = {column: header.index(column) for column in (*needed, *_WELCOME) if column in header}
    start = 1 if doubts else 2
    cells: dict[str, list[str]] = {column: [] for column in wanted}
    for row in _whole_rows(rows, start, len(header), name):
        for column, place in wanted.items():
            cells[column].append(row[place])
    if not cells["id"]:
        raise InputError(f"{name} holds a header and no events. Take it again from UCDP.")
    return pd.DataFrame(cells, index=pd.RangeIndex(start, start + len(cells["id"])), dtype="str"), doubts


def _whole_rows(rows: Iterator[list[str]], start: int, width: int, name: str) -> Iterator[list[str]]:
    for number, row in enumerate(rows, start=start):
        if len(row) != width:
            last = next(rows, None) is None
            raise InputError(
                f"{name}, row {number}: {len(row)} cells where the header has {width}. "
                + (
                    "It is the last row, so the file is cut short; download it again from UCDP."
                    if last
                    else "A value with a comma in it has lost its quotation marks; take the file again from UCDP."
                )
            )
        yield row


def _check_header(header: list[str], name: str, needed: tuple[str, ...]) -> None:
    missing = [column for column in needed if column not in header]
    if missing and {"month", "iso3", "type"} <= set(header):
        raise InputError(
            f"{name} is a table by country and month and holds no events. Import it with --kind country-month."
        )
    if missing and len(header) == 1 and re.search("[;\t|]", header[0]):
        mark = re.search("[;\t|]", header[0])
        shown = "tabs" if mark and mark[0] == "\t" else f"{mark[0] if mark else ''!r}"
        raise InputError(
            f"{name}, row 1: columns are separated by {shown} and not by commas, as spreadsheets save them in some "
            "countries. Give the file as UCDP publishes it, or save it with commas."
        )
    if missing:
        raise InputError(
            f"{name}, row 1: no column {', '.join(missing)}. A GED or candidate file as UCDP publishes it has "
            f"{', '.join(needed)}; a table by country and month is imported with --kind country-month."
        )
    twice = [column for column in (*needed, *_WELCOME) if header.count(column) > 1]
    if twice:
        raise InputError(f"{name}, row 1: the column {twice[0]} stands there twice. Keep the one that UCDP publishes.")


def _dates(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    dates = table[column].str.strip()
    days = dates.str.slice(0, 10)
    parsed = pd.to_datetime(days.where(dates.str.fullmatch(_DATE)), format="%Y-%m-%d", errors="coerce")
    _refuse(table, parsed.isna(), name, column, "is not a date YYYY-MM-DD")
    return days


def _whole_numbers(table: pd.DataFrame, column: str, name: str, least: int) -> pd.Series:
    """Read numbers however they are spelt (' 432', '432.0', '4.32e2'); none that is not whole."""
    numbers = pd.to_numeric(table[column].str.strip(), errors="coerce").astype("float64")
    wrong = ~(numbers.between(least, _LARGEST) & (numbers % 1 == 0))
    _refuse(table, wrong, name, column, f"is not a whole number, {least} or more, in plain digits")
    return numbers


def _countries(table: pd.DataFrame, name: str, codes: dict[str, str]) -> tuple[pd.Series, list[str]]:
    """Return the country of each event by its number, and where the name beside it says something else."""
    numbers = _whole_numbers(table, "country_id", name, 1).astype("int64").astype(str)
    iso3 = numbers.map(codes)
    if "country" not in table:
        return iso3, []
    named = countries_named(table["country"], codes.values())
    by_code = {code: number for number, code in codes.items()}
    lost = iso3.isna() & named.notna()
    if lost.any():
        country = named[lost.idxmax()]
        right = f"is not the number of {country_name(country)}, which is {by_code.get(country)}"
        _refuse(table, lost, name, "country_id", right)
    told = table["country"].str.strip() != ""
    wrong = iso3.isin(list(states())) & told & (named != iso3)  # of others no name is known to hold it against
    if not wrong.any():
        return iso3, []
    row = wrong.idxmax()
    return iso3, [
        f"In {int(wrong.sum()):,} rows the country's name is not that of its number (first in row {row}: "
        f"{numbers[row]} is {country_name(iso3[row])}, the row says {_shown(table.at[row, 'country'])}). They count by "
        "the number."
    ]


def countries_named(names: pd.Series, units: Iterable[str]) -> pd.Series:
    """Return the ISO3 code of every name that is one of the units', in English, French or UCDP's words."""
    world = [states()[unit] for unit in units if unit in states()]
    known = {_folded(label): one.iso3 for one in world for label in (one.name, one.name_fr, one.ucdp_name) if label}
    return names.map({name: known.get(_folded(name)) for name in names.unique()})


def _folded(text: str) -> str:
    """Return a name without accents, kinds of apostrophe and capitals, so that spellings of one name agree."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return plain.replace("'", "").strip().casefold()


def _few(table: pd.DataFrame, wrong: pd.Series, name: str, column: str, what: str) -> list[str]:
    """Say what few rows contradict; refuse a file in which it is more than a slip."""
    if wrong.mean() > _FEW:
        _refuse(table, wrong, name, column, what)
    if not wrong.any():
        return []
    row = wrong.idxmax()
    rows = int(wrong.sum())
    return [
        f"{column} {what} in {rows} row{'s' if rows > 1 else ''} (first: event {table.at[row, 'id']}, row {row}, "
        f"{_shown(table.at[row, column])}); taken as UCDP has it."
    ]


def _refuse(table: pd.DataFrame, wrong: pd.Series, name: str, column: str, what: str) -> None:
    if wrong.any():
        row = wrong.idxmax()
        more = f" ({int(wrong.sum()) - 1:,} more rows like it)" if wrong.sum() > 1 else ""
        raise InputError(
            f"{name}, event {table.at[row, 'id'][:20]} (row {row}), column {column}: {_shown(table.at[row, column])} "
            f"{what}{more}. Nothing was imported: take the file again from UCDP, as it is published."
        )


def _shown(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:37] + "...")
