"""What rules of claims are held against: the record with who killed, and series by year, up to a month."""

from contextlib import suppress
from pathlib import Path

import numpy as np
import xarray as xr

from ..core.errors import InputError
from ..panel.displaced import load_displaced
from ..panel.flows import COUNTED, last_whole_year
from ..panel.yearly import load_yearly
from .opening import Case
from .perpetrators import recorded_parts

AID = ("national_funding_usd", "flash_appeal_funding_usd", "regional_funding_usd", "outside_plans_funding_usd")
"""What aid got, by OCHA's Financial Tracking Service: in plans of one country, in flash appeals, its share of regional
plans, and outside of plans."""


def record_with_parts(case: Case, panel: xr.DataArray) -> xr.DataArray:
    """Return a panel with civilians killed by the state and by others as two more outcomes, where the case can tell.

    Parameters
    ----------
    case : Case
    panel : DataArray (month, country, outcome)
        Cut at `as_of`.
    """
    parts = recorded_parts(case, panel)
    if parts is None:
        return panel
    cells = np.concatenate([one.transpose("month", "country", "outcome").values for one in (panel, parts)], axis=2)
    names = [str(name) for one in (panel, parts) for name in one["outcome"].values]
    coords = {"month": panel["month"].values, "country": panel["country"].values, "outcome": names}
    return xr.DataArray(cells, dims=("month", "country", "outcome"), coords=coords)


def settling_files(case: Case) -> list[Path]:
    """Return the tables by year that rules are held against."""
    files = (case.flows_file, case.refugees_file, case.displaced_file, case.aid_file)
    return [file for file in files if file is not None]


def yearly_series(case: Case, month: str) -> dict[str, xr.DataArray]:
    """Return the case's series by year that rules may name, up to the last year that is over by a month.

    Returns
    -------
    dict of series to DataArray (year, country)
        `new_refugees` (people who newly sought refuge abroad, by origin), `refugees` (refugees and asylum seekers
        abroad at the end of the year, by origin), `displaced` (inside the country, end of year), `aid` (US dollars that
        humanitarian aid got); those that the case names no table of are left out.

    Raises
    ------
    InputError
        If a table is not of its form.
    """
    year, units, found = last_whole_year(month), case.units, {}
    if case.flows_file is not None:
        found["new_refugees"] = load_yearly(case.flows_file, COUNTED, units, year, key="record.flows", by="origin_iso3")
    if case.refugees_file is not None:
        found["refugees"] = load_yearly(
            case.refugees_file, ("refugees", "asylum_seekers"), units, year, key="record.refugees"
        )
    if case.displaced_file is not None:
        with suppress(InputError):  # nobody was counted so early
            found["displaced"] = load_displaced(case.displaced_file, units, year)
    if case.aid_file is not None:
        found["aid"] = load_yearly(case.aid_file, AID, units, year, key="record.aid")
    return found
