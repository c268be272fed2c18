"""Who killed civilians in a case, on its record."""

import pandas as pd
import xarray as xr

from ..panel.actors import load_dyads
from ..panel.perpetrators import by_perpetrator, load_dyads_by_month, state_deaths
from .opening import Case


def recorded_parts(case: Case, panel: xr.DataArray) -> xr.DataArray | None:
    """Return a panel's deaths in one-sided violence by perpetrator; None where the case has no table that tells.

    Parameters
    ----------
    case : Case
    panel : DataArray
        Dims (month, country, outcome), cut at `as_of`: nothing after its last month is used.

    Returns
    -------
    DataArray or None
        Dims (month, country, outcome) with the outcomes `one_sided_state` and `one_sided_other`, deaths per month; NaN after
        the last month of the table. The rule: `panel.perpetrators`.
    """
    if case.dyads_by_month_file is None:
        return None
    units = [str(unit) for unit in panel["country"].values]
    one_sided = panel.sel(outcome="one_sided", drop=True)
    by_country = None if case.dyads_file is None else load_dyads(case.dyads_file, units)
    by_month = load_dyads_by_month(case.dyads_by_month_file, units)
    return by_perpetrator(one_sided, state_deaths(one_sided, by_month, by_country, _by_government(case)))


def _by_government(case: Case) -> pd.DataFrame | None:
    """Return UCDP's yearly deaths by governments, where the case's table of bounds holds them."""
    if case.bounds_file is None:
        return None
    table = pd.read_csv(case.bounds_file)
    if "by_government" not in table:
        return None
    rows = table[table["type"] == "one_sided"].rename(columns={"iso3": "country", "country": "name"})
    return rows[["country", "year", "by_government"]]
