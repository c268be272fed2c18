"""Parameters of the model for the shipped case's record to June 2023, as a posterior gives them, made without a fit."""

import numpy as np
import xarray as xr
from shipped import UNITS

from harmattan.core.months import months_after
from harmattan.core.names import OUTCOMES
from harmattan.model.build import SERIES, SHAPES
from harmattan.model.fit import _natural_scales
from harmattan.model.specification import STANDARD

AS_OF = "2023-06"
MONTHS = months_after(AS_OF, 60)
C, K = len(UNITS), len(OUTCOMES)


def raw_values(spread_over_draws=0.0, draws=1):
    """Return plausible values of the model's random variables, each with a leading axis of draws."""
    rng = np.random.default_rng(8)
    centres = {
        "centre": np.repeat([[-0.7], [-4.6], [-0.5]], K, axis=1),
        "spread": np.repeat([[0.8], [0.5], [0.4]], K, axis=1),
        "offset": rng.normal(0.0, 1.0, (3, C, K)),
        "shape": np.repeat([[1.0], [0.0], [0.5], [1.0], [-1.0], [0.0], [2.0]], K, axis=1),
        "log_coupling": np.array(-4.0),
    }
    return {k: v + spread_over_draws * rng.normal(0.0, 1.0, (draws, *v.shape)) for k, v in centres.items()}


def make_parameters(anchor, draws, spread_over_draws=0.3):
    """Return parameters as a posterior gives them, made without a fit."""
    raw = raw_values(spread_over_draws, draws)
    series, outcome = ("series", "country", "outcome"), ("series", "outcome")
    dims = {"centre": outcome, "spread": outcome, "offset": series, "shape": ("shape_quantity", "outcome")}
    coords = {"series": list(SERIES), "country": list(UNITS), "outcome": list(OUTCOMES), "shape_quantity": list(SHAPES)}
    raw["spread"] = np.abs(raw["spread"])
    dataset = xr.Dataset(
        {name: (("chain", "draw", *dims.get(name, ())), value[None]) for name, value in raw.items()}, coords=coords
    )
    dataset = dataset.assign_coords(chain=[0], draw=np.arange(draws))
    return _natural_scales(xr.DataTree.from_dict({"posterior": dataset}), anchor, STANDARD)


def random_normals(shifts, draws, seed):
    """Return standard normals that drift (draw, outcome, country, node) and turns (draw, country, node) are made of."""
    rng, nodes = np.random.default_rng(seed), shifts.shape[-1]
    coords = {"outcome": list(OUTCOMES), "country": list(UNITS)}
    drift = xr.DataArray(rng.normal(size=(draws, K, C, nodes)), coords, ("draw", "outcome", "country", "node"))
    turn = xr.DataArray(rng.normal(size=(draws, C, nodes)), {"country": list(UNITS)}, ("draw", "country", "node"))
    return drift, turn
