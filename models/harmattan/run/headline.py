"""The headline answers of a run, as `run.json` keeps them and later runs are held against."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..case.opening import Case
from ..core.resources import display_path, using_project

if TYPE_CHECKING:
    from .results import Forecast

FIRST_MONTHS = 12


def totals_of(run: "Forecast", outcome: str, units: Sequence[str], months: int, skip: int = 0) -> np.ndarray:
    """Return the total of some months of each future, shape (draw, unit), deaths.

    Parameters
    ----------
    run : Forecast
    outcome : str
    units : sequence of str
    months : int
        How many are added up.
    skip : int
        Months after `as_of` that are left out before them.
    """
    cells = run.deaths.sel(outcome=outcome, country=list(units)).isel(month=slice(skip, skip + months))
    return cells.sum("month").transpose("draw", "country").values.astype(float)


def headline_of(run: "Forecast") -> dict[str, Any]:
    """Return the chance that each unit's headline passes the middle threshold in the first months, and what to expect.

    Parameters
    ----------
    run : Forecast

    Returns
    -------
    dict
        `outcome`, `threshold` (deaths), `months`, `first_month`, `last_month`, `counts`, `fit` (key of the fit) and
        `units`: by code `chance` (0 to 1) and `expected` (deaths), each with the standard error that comes from the
        number of draws.
    """
    case, months = run.case, run.months[:FIRST_MONTHS]
    units = [str(unit) for unit in run.deaths["country"].values]
    totals = totals_of(run, case.headline, units, len(months))
    chances, few = (totals > case.middle_threshold).mean(axis=0), np.sqrt(len(totals))
    errors = np.sqrt(chances * (1 - chances)) / few, totals.std(axis=0) / few
    columns = zip(units, chances, errors[0], totals.mean(axis=0), errors[1], strict=True)
    return {
        "outcome": case.headline,
        "threshold": case.middle_threshold,
        "months": len(months),
        "first_month": months[0],
        "last_month": months[-1],
        "counts": run.counts,
        "fit": run.posterior.key,
        "units": {
            unit: {"chance": float(p), "chance_error": float(e), "expected": float(mean), "expected_error": float(f)}
            for unit, p, e, mean, f in columns
        },
    }


def answers_of(runs: Sequence["Forecast"]) -> dict[str, Any]:
    """Return what `run.json` keeps of the answers of forecasts on one record: by scenario, and which panel was read."""
    return {"panel": panel_of(runs[0].case), "answers": {run.scenario.id: headline_of(run) for run in runs}}


def panel_of(case: Case) -> str:
    """Return the record of deaths that a case reads, as `inputs_sha256` names it."""
    with using_project(case.root):  # its own, whichever is in use when a run is saved
        return display_path(case.panel or case.record_file)
