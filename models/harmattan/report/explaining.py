"""Makes an explanation: hands a run's draws to every way of explaining, and simulates again where weights fail."""

import math

import numpy as np
import pandas as pd
import xarray as xr

from ..core.errors import InputError
from ..core.progress import Steps
from ..drivers.effects import component_shares
from ..drivers.exposure import log_effect
from ..explain.discovery import discover
from ..explain.knowing import value_of_knowing
from ..explain.leave_out import Again, Omission, leave_out, merged, omissions
from ..explain.power_scaling import power_scaling
from ..explain.question import Question
from ..explain.reweighting import prior_in_scenario
from ..explain.sensitivity import given_data_sensitivity
from ..explain.tornado import driver_swings, exceedance_swings
from ..model.specification import SamplerSettings
from ..run.refitting import under_priors
from ..run.results import Forecast
from ..schema.driver import Driver
from .explanation import Explanation

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
        Where drivers were learnt and weights cannot be relied on: whether to fit again, minutes for each. Without it
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
    ground, total = run.groundwork, question.total(run.deaths)
    exposures = ground.exposures(run.scenario, question.months)
    with steps.step("move one driver at a time"):
        swings_deaths = driver_swings(
            run.deaths, run.effects, exposures, drivers, question.country, question.outcome, question.months
        )
        swings_chance = exceedance_swings(question, run.deaths, run.effects, exposures, drivers)
    with steps.step("measure what hangs on each driver"):
        sensitivity = given_data_sensitivity(total, run.effects, drivers, run.seed)
        knowing = value_of_knowing(total, run.effects, drivers, question.threshold, cost_ratio, run.seed)
    with steps.step("leave out drivers, claims and sources") as update:
        left_out = leave_out(
            question,
            total,
            ground.parameters["driver_effect"] if ground.learnt else run.effects,
            ground.priors,
            run.scenario,
            omissions(ground.register, run.scenario),
            None if ground.learnt and not refit else _again(run, question, settings),
            run.seed,
            learnt=ground.learnt,
            progress=update,
        )
    with steps.step("look for what lies behind the worst futures"):
        discovery = discover(
            total, run.effects, _present(run), _combined(run.effects, exposures, question), drivers, run.seed
        )
        learnt = power_scaling(ground.parameters, ground.priors, drivers, total) if ground.learnt else None
    above = float((total > question.threshold).mean())
    return Explanation(
        run, question, float(total.mean()), above, math.sqrt(above * (1.0 - above) / len(total)), cost_ratio,
        swings_deaths, swings_chance, sensitivity, left_out, knowing, discovery,
        power_scaling=pd.DataFrame() if learnt is None else learnt, steps=steps,
    )  # fmt: skip


def _acting(run: Forecast) -> dict[str, Driver]:
    drivers = run.groundwork.register.drivers
    return {key: driver for key, driver in drivers.items() if run.scenario.setting(key).state != "absent"}


def _check(run: Forecast, question: Question, drivers: dict[str, Driver], cost_ratio: float) -> None:
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
            "which drivers act, for instance withdrawal."
        )


def _again(run: Forecast, question: Question, settings: SamplerSettings | None) -> Again:
    def totals(omission: Omission) -> np.ndarray:
        priors = merged(run.groundwork.priors, omission.priors)
        return question.total(under_priors(run, priors, question.months, settings=settings).deaths)

    return totals


def _present(run: Forecast) -> xr.DataArray:
    """Return the probability that each drawn effect is there, given its size, dims (draw, driver)."""
    priors = prior_in_scenario(run.groundwork.priors, run.scenario)
    assert priors is not None, "the run could be drawn, so every driver has a branch"
    names = [str(name) for name in run.effects["driver"].values]
    shares = [
        1.0 - component_shares(run.effects.sel(driver=name).values, priors.sel(driver=name))[:, -1] for name in names
    ]
    return run.effects.copy(data=np.stack(shares, axis=1))


def _combined(effects: xr.DataArray, exposures: xr.DataArray, question: Question) -> np.ndarray:
    """Return the log rate ratio of all drivers together, as a mean over the question's months, shape (draw,)."""
    own = exposures.sel(country=[question.country], outcome=[question.outcome])
    return log_effect(effects, own)[:, :, 0, 0].mean(axis=1)
