"""What all simulations of one run share, so that a changed assumption is simulated again without reading or fitting."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..claims.derivation import driver_priors
from ..claims.register import Register, load_register
from ..core.months import months_after
from ..drivers.effects import effects_from_claims, effects_from_posterior
from ..drivers.exposure import exposure, log_effect
from ..model.posterior import Posterior
from ..model.specification import STANDARD
from ..panel.geography import neighbour_weights
from ..schema.scenario import Scenario
from ..simulate.paths import Paths, simulate_paths
from ..simulate.start import StartState, start_state, start_state_after_exit
from .forecasting import history_of_drivers


@dataclass(frozen=True)
class Groundwork:
    """Parameters, start and borders of a run's futures.

    Attributes
    ----------
    register : Register
    priors : Dataset (driver, component)
        The drivers' priors from all claims.
    parameters : Dataset (draw, country, outcome)
        Of the run's draws, in their order.
    learnt : bool
        Whether `parameters` hold drivers' effects that were learnt.
    start : StartState
    borders : DataArray (country, neighbour)
    as_of : str
    seed : int
    """

    register: Register
    priors: xr.Dataset
    parameters: xr.Dataset
    learnt: bool
    start: StartState
    borders: xr.DataArray
    as_of: str
    seed: int

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        posterior: Posterior,
        panel: xr.DataArray,
        draws: int,
        seed: int,
        register: Register | None = None,
    ) -> "Groundwork":
        """Lay the ground for simulations that are paired with a forecast of this posterior, draws and seed."""
        register = register or load_register()
        borders, parameters = neighbour_weights(), posterior.take(draws, seed)
        if posterior.has_drivers:
            history = history_of_drivers(register, scenario, panel)
            assert history is not None, "a posterior with drivers has months after the exit"
            start = start_state_after_exit(
                panel, borders, parameters["driver_effect"], history.exposure, scenario.exit, STANDARD
            )
        else:
            start = start_state(panel, borders, STANDARD)
        return cls(
            register, driver_priors(register), parameters, posterior.has_drivers, start, borders, scenario.as_of, seed
        )

    def effects(self, scenario: Scenario, priors: xr.Dataset | None = None) -> xr.DataArray:
        """Return the drivers' effects (draw, driver) under a scenario and, where nothing was learnt, other priors."""
        used = self.priors if priors is None else priors
        if self.learnt:
            return effects_from_posterior(self.parameters["driver_effect"], used, scenario, self.seed)
        return effects_from_claims(used, scenario, self.parameters.sizes["draw"], self.seed)

    def exposures(self, scenario: Scenario, months: int | None = None) -> xr.DataArray:
        """Return where, when and on what each driver acts in the simulated months."""
        return exposure(self.register.drivers, scenario, months_after(self.as_of, months or scenario.months))

    def simulate(self, scenario: Scenario, effects: xr.DataArray, months: int | None = None) -> Paths:
        """Return futures under a scenario and given effects, on the same noise as every other of this run."""
        count = months or scenario.months
        acting: np.ndarray = log_effect(effects, self.exposures(scenario, count))
        return simulate_paths(
            self.parameters, self.start, self.borders, months_after(self.as_of, count), STANDARD, self.seed,
            acting if acting.any() else None,
        )  # fmt: skip
