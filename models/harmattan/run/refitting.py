"""A run under other priors: drawn anew where drivers were drawn from them, fitted anew where drivers were learnt."""

from collections.abc import Callable
from dataclasses import replace

import xarray as xr

from ..model.build import DriverHistory
from ..model.fit import fit_model
from ..model.specification import SamplerSettings
from .forecasting import history_of_drivers
from .groundwork import Groundwork
from .results import Forecast


def under_priors(
    run: Forecast,
    priors: xr.Dataset,
    months: int,
    *,
    settings: SamplerSettings | None = None,
    progress: Callable[[float], None] | None = None,
) -> Forecast:
    """Return a run's first months under other priors of its drivers, on the same noise.

    Parameters
    ----------
    run : Forecast
    priors : Dataset (driver, component)
        Of all drivers.
    months : int
        Months to simulate.
    settings : SamplerSettings, optional
        Of the fit, where drivers were learnt; those of the run's own fit give the fairest comparison.
    progress : callable, optional
        Called with the share of the fit that is done.
    """
    ground, posterior = run.groundwork, run.posterior
    if ground.learnt:
        history = history_of_drivers(ground.register, run.scenario, run.panel)
        assert history is not None, "a posterior with drivers has months after the exit"
        posterior = fit_model(
            run.panel,
            ground.borders,
            DriverHistory(history.exposure, priors, history.exit_month),
            settings=settings,
            progress=progress,
        )
        draws = run.deaths.sizes["draw"]
        ground = Groundwork.of(run.scenario, posterior, run.panel, draws, run.seed, ground.register)
    effects = ground.effects(run.scenario, priors)
    paths = ground.simulate(run.scenario, effects, months)
    return replace(run, paths=paths, posterior=posterior, effects=effects)
