"""What the tests of explanations share: a run made from a short fit, and drivers made by hand."""

import numpy as np
import xarray as xr

from harmattan.core.names import ISO3, OUTCOMES
from harmattan.panel.ucdp import truncate
from harmattan.run.forecasting import resolved
from harmattan.run.groundwork import Groundwork
from harmattan.run.results import Forecast
from harmattan.schema.driver import Driver


def short_run(posterior, panel, register, scenario="withdrawal", *, draws=400, months=12, seed=1):
    """A forecast from a posterior that is at hand, as `forecast_scenario` would make it."""
    chosen = resolved(scenario, posterior.as_of, months)
    seen = truncate(panel, posterior.as_of)
    ground = Groundwork.of(chosen, posterior, seen, draws, seed, register)
    effects = ground.effects(chosen)
    return Forecast(chosen, ground.simulate(chosen, effects), posterior, seen, effects, seed, register)


def make_drivers(*names):
    branch = {"id": "worse", "means": "m", "direction": "raise", "claims_for": ("c",), "claims_against": ()}
    common = {
        "means": "m", "branches": (branch,), "claims_context": (), "outcomes": {"one_sided": 1.0},
        "places": {"MLI": 1.0}, "timing": {"onset_month": 1, "ramp_months": 1, "half_life_months": None},
        "basis": "b", "evidence": (),
    }  # fmt: skip
    return {name: Driver.model_validate(common | {"id": name, "title": f"driver {name}"}) for name in names}


def make_priors(*names, weight=0.4, mean=0.8, sd=0.1, null_sd=0.05):
    values = {"weight": [weight, 1 - weight], "mean": [mean, 0.0], "sd": [sd, null_sd]}
    data = {key: (("driver", "component"), [row] * len(names)) for key, row in values.items()}
    data["branch"] = (("driver", "component"), [["worse", "no_effect"]] * len(names))
    return xr.Dataset(data, coords={"driver": list(names), "component": ["branch_1", "no_effect"]})


def by_driver(values, *names):
    return xr.DataArray(np.asarray(values, dtype=float), dims=("draw", "driver"), coords={"driver": list(names)})


def deaths_of(totals, months=3):
    """Deaths in which every future's total of Mali's headline outcome is as given, spread evenly."""
    coords = {"month": [f"2023-{7 + i:02d}" for i in range(months)], "country": list(ISO3), "outcome": list(OUTCOMES)}
    shape = (len(totals), *(len(values) for values in coords.values()))
    cells = xr.DataArray(np.zeros(shape), dims=("draw", *coords), coords=coords)
    cells.loc[{"country": "MLI", "outcome": "one_sided"}] = np.asarray(totals, dtype=float)[:, None] / months
    return cells
