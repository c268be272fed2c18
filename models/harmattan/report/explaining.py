"""Makes an explanation: hands a run's draws to every way of explaining, and simulates again where weights fail."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.months import months_between
from ..core.names import OUTCOMES
from ..core.progress import Steps
from ..drivers.activation import activation
from ..drivers.assumptions import priors_after_events
from ..drivers.exposure import strength_by_place
from ..drivers.timing import timing_in
from ..explain.discovery import discover
from ..explain.knowing import value_of_knowing
from ..explain.leave_out import Again, Omission, leave_out, omissions
from ..explain.power_scaling import power_scaling, whole_scaling
from ..explain.question import Question
from ..explain.sensitivity import given_data_sensitivity
from ..explain.tornado import driver_swings, exceedance_swings
from ..model.specification import SamplerSettings
from ..run.refitting import deaths_under_priors
from ..run.results import Forecast
from ..schema.driver import Driver
from .explanation import Explanation
from .weighing import weights_of

COST_RATIO = 0.25
"""Preparing costs a quarter of what being caught unprepared costs, unless the caller says otherwise."""


def explain_run(
    run: Forecast,
    question: Question,
    *,
    cost_ratio: float = COST_RATIO,
    refit: bool = False,
    settings: SamplerSettings | None = None,
    steps: Steps | None = None,
) -> Explanation:
    """Return which driver, claim and source moved the answer to a question.

    Parameters
    ----------
    run : Forecast
        At least as long as the question.
    question : Question
    cost_ratio : float
        Of the decision whose value of knowing is told, between 0 and 1.
    refit : bool
        Where drivers were learnt and weights cannot be relied on: whether to fit again, a minute for each. Without it
        such rows are left empty and say so. Drivers drawn from their priors are always drawn again, in a second.
    settings : SamplerSettings, optional
        Of such fits.
    steps : Steps, optional

    Raises
    ------
    InputError
        If the run is shorter than the question, no driver acts in it, or the cost ratio is none.
    """
    steps = steps or Steps()
    drivers = _acting(run)
    _check(run, question, drivers, cost_ratio)
    ground, total = run.ground, question.total(run.deaths)
    learnt_drivers = ground.posterior.has_drivers
    acting = acting_shares(run, question)
    with steps.step("move one driver at a time"):
        swings_deaths = driver_swings(
            run.deaths, run.effects, acting, drivers, question.country, question.outcome, question.months,
            run.drivers.ways,
        )  # fmt: skip
        swings_chance = exceedance_swings(question, run.deaths, run.effects, acting, drivers, run.drivers.ways)
    with steps.step("measure what hangs on each driver"):
        sensitivity = given_data_sensitivity(total, run.effects, drivers, run.seed)
        knowing = value_of_knowing(total, run.effects, drivers, question.threshold, cost_ratio, run.seed)
    with steps.step("leave out drivers, claims and sources") as update:
        left_out = leave_out(
            question,
            total,
            omissions(ground.register, run.scenario),
            weights_of(run),
            None if learnt_drivers and not refit else _again(run, question, settings),
            run.seed,
            update,
            settle=not learnt_drivers,
            moves=lambda item: expected_effect(item.priors) - expected_effect(ground.priors),
        )
    with steps.step("look for what lies behind the worst futures"):
        combined = np.einsum("dk,kdm->dm", run.effects.sel(driver=list(drivers)).values, acting[..., 0, 0].values)
        ways = run.drivers.ways
        present = (ways != ground.priors.sizes["component"] - 1).astype(float)
        discovery = discover(total, run.effects, present, combined.mean(axis=1), drivers, run.seed)
        learnt = _learnt(run, drivers, total) if learnt_drivers else pd.DataFrame()
        whole = _learnt_whole(run, total) if learnt_drivers else pd.DataFrame()
    above = float((total > question.threshold).mean())
    return Explanation(
        run, question, float(total.mean()), above, math.sqrt(above * (1.0 - above) / len(total)), cost_ratio,
        swings_deaths, swings_chance, sensitivity, left_out, knowing, discovery,
        power_scaling=learnt, whole_scaling=whole, steps=steps,
    )  # fmt: skip


def expected_effect(priors: xr.Dataset) -> float:
    """Return the sum over drivers of their mean log rate ratios."""
    return float((priors["weight"] * priors["mean"]).sum())


def acting_shares(run: Forecast, question: Question) -> xr.DataArray:
    """Return the share of its peak log effect with which each driver acts on the question, as drawn.

    Returns
    -------
    DataArray (driver, draw, month, country, outcome)
        Of one country and one outcome; each future has its own onsets.
    """
    months = [str(month) for month in run.deaths["month"].values[: question.months]]
    after_exit = np.array([months_between(run.clock.exit, month) for month in months])
    geography = run.ground.register.case.geography
    place = geography.units.index(question.country), list(OUTCOMES).index(question.outcome)
    drivers, shares = _acting(run), []
    for name, driver in drivers.items():
        timing = timing_in(driver, run.scenario)
        starts, row = np.unique(run.drivers.onsets.sel(driver=name).values, return_inverse=True)
        shapes = np.stack([activation(after_exit, int(start), timing.ramp, timing.half_life) for start in starts])
        shares.append(shapes[row] * strength_by_place(driver, run.scenario, run.ground.register.drivers)[place])
    return xr.DataArray(
        np.stack(shares)[..., None, None] if shares else np.zeros((0, run.deaths.sizes["draw"], len(months), 1, 1)),
        dims=("driver", "draw", "month", "country", "outcome"),
        coords={
            "driver": list(drivers), "month": months, "country": [question.country], "outcome": [question.outcome]
        },
    )  # fmt: skip


def _learnt_whole(run: Forecast, total: np.ndarray) -> pd.DataFrame:
    ground = run.ground
    drivers, last = ground.register.drivers, str(ground.panel["month"].values[-1])
    return whole_scaling(ground.parameters, priors_after_events(drivers, ground.priors, last), drivers, total)


def _learnt(run: Forecast, drivers: Mapping[str, Driver], total: np.ndarray) -> pd.DataFrame:
    ground = run.ground
    last = str(ground.panel["month"].values[-1])
    return power_scaling(
        ground.parameters, priors_after_events(ground.register.drivers, ground.priors, last), drivers, total
    )


def _acting(run: Forecast) -> Mapping[str, Driver]:
    drivers = run.ground.register.drivers
    return {key: driver for key, driver in drivers.items() if run.scenario.setting(key).state != "absent"}


def _check(run: Forecast, question: Question, drivers: Mapping[str, Driver], cost_ratio: float) -> None:
    if not 0 < cost_ratio < 1:
        raise InputError(f"A cost ratio lies between 0 and 1, not at {cost_ratio}.")
    if run.deaths.sizes["month"] < question.months:
        raise InputError(
            f"The question is about {question.months} months, but only {run.deaths.sizes['month']} were simulated. "
            "Simulate more months or ask about fewer."
        )
    if not drivers:
        raise InputError(
            f"In scenario {run.scenario.id} no driver acts, so there is nothing to explain. Explain a scenario in "
            "which drivers act; `harmattan new driver` begins one."
        )


def _again(run: Forecast, question: Question, settings: SamplerSettings | None) -> Again:
    def totals(omission: Omission) -> np.ndarray:
        return question.total(deaths_under_priors(run, omission.priors, question.months, settings=settings))

    return totals
