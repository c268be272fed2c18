"""Who killed civilians in a case, on its record."""

from pathlib import Path

import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.resources import display_path
from ..panel.actors import load_dyads
from ..panel.perpetrators import by_perpetrator, load_dyads_by_month, remembered, state_and_total, state_deaths
from ..schema.case import CASE_FILE
from .opening import Case

USUAL_WEIGHT = 1.0
"""What the share over all units is worth in one unit, in months with deaths (`panel.perpetrators.remembered`)."""


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
        Dims (month, country, outcome) with the outcomes `one_sided_state` and `one_sided_other`, deaths per month; NaN
        after the last month of the table. The rule: `panel.perpetrators`.
    """
    if case.dyads_by_month_file is None:
        return None
    units = [str(unit) for unit in panel["country"].values]
    one_sided = panel.sel(outcome="one_sided", drop=True)
    by_country = None if case.dyads_file is None else load_dyads(case.dyads_file, units)
    by_month = load_dyads_by_month(case.dyads_by_month_file, units)
    return by_perpetrator(one_sided, state_deaths(one_sided, by_month, by_country, _by_government(case)))


def shares_of_state(case: Case, until: str) -> dict[str, float]:
    """Return the share of civilians killed whom the state killed, by unit, as remembered at the end of a month.

    Parameters
    ----------
    case : Case
    until : str
        `YYYY-MM`; the last month of the record where that ends before.

    Raises
    ------
    InputError
        If the case has no table that tells who killed.
    """
    perpetrators_file(case)
    record = case.record()
    panel = record.sel(month=slice(None, until), country=list(case.units))
    parts = recorded_parts(case, panel)
    assert parts is not None
    of_state, of_all = remembered(*state_and_total(parts))
    usual = of_state[-1].sum() / max(of_all[-1].sum(), 1.0)
    share = (of_state[-1] + USUAL_WEIGHT * usual) / (of_all[-1] + USUAL_WEIGHT)
    return dict(zip(case.units, map(float, share), strict=True))


def perpetrators_file(case: Case) -> Path:
    """Return the case's table that tells who killed, or refuse with what to do."""
    if case.dyads_by_month_file is None:
        raise InputError(
            f"{display_path(case.root / CASE_FILE)}: record names no table of deaths by dyad and month, so who kills "
            "civilians is not told. Put UCDP's deaths by dyad into seeds/data and name them, as in dyads_by_month: "
            "ucdp/dyad_month.csv."
        )
    return case.dyads_by_month_file


def _by_government(case: Case) -> pd.DataFrame | None:
    """Return UCDP's yearly deaths by governments, where the case's table of bounds holds them."""
    if case.bounds_file is None:
        return None
    table = pd.read_csv(case.bounds_file)
    if "by_government" not in table:
        return None
    rows = table[table["type"] == "one_sided"].rename(columns={"iso3": "country", "country": "name"})
    return rows[["country", "year", "by_government"]]
