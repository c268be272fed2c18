"""Results in the forms that other people's tools read: draws in long form, hubverse samples, ArviZ groups."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.files import file_in_place
from ..core.months import month_number, months_after, months_between
from ..model.posterior import Posterior
from .provenance import label_of_draws

if TYPE_CHECKING:
    from .results import Forecast


def long_form(deaths: xr.DataArray) -> pd.DataFrame:
    """Return draws in long form: columns country, month, outcome, draw, value (deaths per month)."""
    ordered = deaths.transpose("country", "month", "outcome", "draw")
    index = pd.MultiIndex.from_product(
        [*(ordered[dim].values.tolist() for dim in ("country", "month", "outcome")), range(ordered.sizes["draw"])],
        names=["country", "month", "outcome", "draw"],
    )
    frame = pd.DataFrame({"value": ordered.values.ravel()}, index=index).reset_index()
    frame.attrs = {name: str(value) for name, value in deaths.attrs.items()}  # kept by Parquet
    return frame


def hub_samples(deaths: xr.DataArray, *, as_of: str, scenario: str, counts: str = "reported") -> pd.DataFrame:
    """Return draws as a hubverse table of samples.

    Parameters
    ----------
    deaths : DataArray (draw, month, country, outcome)
    as_of : str
        Last month observed; its last day is the origin date.
    scenario : str
    counts : str
        `reported` or `plausible` deaths; the target's name says when they are plausible.

    Returns
    -------
    DataFrame
        Columns of `draw_files.COLUMNS`. A sample id names one joint future: rows with the same `output_type_id` belong
        together over locations, targets and horizons, and over scenarios too, because futures are paired. In
        hubverse's terms the compound task id set is `origin_date` alone.
    """
    long = long_form(deaths)
    months = {str(m): (months_between(as_of, str(m)), _last_day(str(m))) for m in deaths["month"].values}
    return pd.DataFrame(
        {
            "origin_date": _last_day(as_of),
            "scenario_id": scenario,
            "location": long["country"],
            "target": ("" if counts == "reported" else f"{counts} ") + "deaths " + long["outcome"],
            "horizon": long["month"].map(lambda month: months[month][0]),
            "target_end_date": long["month"].map(lambda month: months[month][1]),
            "output_type": "sample",
            "output_type_id": "s" + long["draw"].astype(str),
            "value": long["value"],
        }
    )


@dataclass(frozen=True)
class Origin:
    """Which run draws are from: the month as of which, its scenario, and what files say of the making."""

    as_of: str
    scenario: str
    label: Mapping[str, str]


def origin_of(run: "Forecast") -> Origin:
    """Return which run draws are from."""
    return Origin(run.clock.as_of, run.scenario.id, label_of_draws(run))


def hub_years(values: Mapping[str, xr.DataArray], origin: Origin) -> pd.DataFrame:
    """Return draws by year as a hubverse table of samples, with the columns of `hub_samples`.

    Parameters
    ----------
    values : mapping of target to DataArray (draw, year, place)
        Whole numbers; places that are missing throughout are left out. Horizons are years, the one that is not over by
        `as_of` is the first. Sample ids name the same joint futures as those of deaths.
    origin : Origin
    """
    first = int(months_after(origin.as_of, 1)[0][:4])
    tables = []
    for target, drawn in values.items():
        place = next(str(dim) for dim in drawn.dims if dim not in ("draw", "year"))
        known = drawn.dropna(place, how="all").transpose(place, "year", "draw")
        axes = [known[place].values.tolist(), known["year"].values.tolist(), range(known.sizes["draw"])]
        index = pd.MultiIndex.from_product(axes, names=["location", "year", "draw"])
        long = pd.DataFrame({"value": known.values.ravel()}, index=index).reset_index()
        tables.append(
            pd.DataFrame(
                {
                    "origin_date": _last_day(origin.as_of),
                    "scenario_id": origin.scenario,
                    "location": long["location"],
                    "target": target,
                    "horizon": long["year"] - first + 1,
                    "target_end_date": [date(int(year), 12, 31) for year in long["year"]],
                    "output_type": "sample",
                    "output_type_id": "s" + long["draw"].astype(str),
                    "value": long["value"].round().astype("int64"),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def posterior_tree(posterior: Posterior) -> xr.DataTree:
    """Return a posterior as ArviZ reads it: a tree with a group `posterior`, dims (chain, draw, ...).

    Notes
    -----
    Draws lie interleaved by chain in `Posterior`; they are taken apart here, so that ArviZ's diagnostics see chains.
    """
    chains, draws = posterior.diagnostics.chains, posterior.diagnostics.draws
    flat = posterior.parameters
    if flat.sizes["draw"] != chains * draws:
        raise InputError(
            f"The posterior holds {flat.sizes['draw']} draws and not {chains} chains of {draws}: export the whole fit."
        )
    index = pd.MultiIndex.from_product([range(draws), range(chains)], names=["iteration", "chain"])
    coords = xr.Coordinates.from_pandas_multiindex(index, "draw")
    split = flat.drop_vars("draw", errors="ignore").assign_coords(coords).unstack("draw").rename(iteration="draw")
    ordered = split.transpose("chain", "draw", ...)
    ordered.attrs = {"as_of": posterior.as_of, "key": posterior.key, "inference_library": "nutpie"}
    return xr.DataTree.from_dict({"posterior": ordered})


def save_posterior(posterior: Posterior, path: str | Path) -> Path:
    """Write a posterior as netCDF that `arviz.from_netcdf` reads.

    Raises
    ------
    InputError
        If the path does not end in .nc.
    """
    target = Path(path)
    if target.suffix != ".nc":
        raise InputError(f"{target.name}: a posterior is written as netCDF; end the name in .nc.")
    with file_in_place(target) as temporary:
        posterior_tree(posterior).to_netcdf(temporary, engine="h5netcdf")
    return target


def _last_day(month: str) -> date:
    year, index = divmod(month_number(month), 12)
    return date(year, index + 1, monthrange(year, index + 1)[1])
