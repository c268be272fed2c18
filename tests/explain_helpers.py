"""What the tests of explanations share: a run made from a short fit, and drivers made by hand."""

import numpy as np
import xarray as xr
from made import UNITS

from harmattan.claims.derivation import driver_priors
from harmattan.core.names import OUTCOMES
from harmattan.drivers.rest import factor_names
from harmattan.model.posterior import Posterior
from harmattan.model.specification import STANDARD
from harmattan.run.asking import Ask
from harmattan.run.forecasting import Ground, forecast_on, history_of_drivers
from harmattan.run.provenance import inputs_of
from harmattan.schema.driver import Driver
from harmattan.simulate.start import start_state, start_state_after_exit


def short_run(posterior, register, scenario=None, *, draws=400, months=12, seed=1):
    """A forecast from a posterior that is at hand, as `forecast_scenario` would make it for the register's case."""
    case = register.case
    chosen = Ask(as_of=posterior.as_of, months=months).of(scenario or case.first_scenario)
    seen, borders = case.record(as_of=posterior.as_of), case.geography.neighbour_weights()
    parameters = posterior.take(draws, seed)
    if posterior.has_drivers:
        past = history_of_drivers(register, chosen, seen).exposure
        start = start_state_after_exit(seen, borders, parameters, past, STANDARD)
    else:
        start = start_state(seen, borders, STANDARD, parameters)
    ground = Ground(
        register, driver_priors(register), posterior, parameters, seen, borders, start, seed, inputs_of(register)
    )
    return forecast_on(ground, chosen)


def made_learnt(made_fit, register, effects, as_of="2020-12"):
    """A posterior after the exit that holds these effects of drivers (draw, driver), and the rest as by its prior."""
    rest = factor_names(driver_priors(register))
    luck = np.random.default_rng(3).standard_normal((len(effects), len(rest)))
    parameters = made_fit.parameters.assign_coords(driver=[*register.drivers, *rest])
    parameters = parameters.assign(driver_effect=(("draw", "driver"), np.concatenate([effects, luck], axis=1)))
    return Posterior(parameters, made_fit.diagnostics, as_of, made_fit.specification, made_fit.key)


def make_drivers(*names):
    branch = {"id": "worse", "means": "m", "direction": "raise"}
    common = {
        "means": "m", "branches": (branch,), "outcomes": {"one_sided": 1.0},
        "places": {"QMA": 1.0}, "timing": {"onset_month": 1, "ramp_months": 1, "half_life_months": None},
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
    """Deaths in which every future's total of civilians killed at home is as given, spread evenly."""
    coords = {"month": [f"2020-{7 + i:02d}" for i in range(months)], "country": list(UNITS), "outcome": list(OUTCOMES)}
    shape = (len(totals), *(len(values) for values in coords.values()))
    cells = xr.DataArray(np.zeros(shape), dims=("draw", *coords), coords=coords)
    cells.loc[{"country": "QMA", "outcome": "one_sided"}] = np.asarray(totals, dtype=float)[:, None] / months
    return cells
