"""The scenario "as recorded": drivers that dated events have settled by the end of the record are observed."""

from collections.abc import Mapping

from ..drivers.graph import driver_graph
from ..run.forecasting import forecast_on
from ..run.results import Forecast
from ..schema.scenario import Asked

SUFFIX = "-recorded"


def settled_by(run: Forecast, last: str) -> dict[str, str]:
    """Return the branch of each driver that a dated event up to `last` (`YYYY-MM`) settles, where a claim supports it.

    Parameters
    ----------
    run : Forecast
    last : str
        Last month of the record.
    """
    drivers, priors = run.ground.register.drivers, run.ground.priors
    graph, found = driver_graph(drivers, priors), {}
    for name, ways in graph.branches.items():
        for event in drivers[name].events if name in drivers else ():
            likely = priors["weight"].sel(driver=name).values[ways.index(event.branch)] > 0.0
            if event.odds_ratio is None and likely and drivers.events[event.event][:7] <= last:
                found[name] = event.branch
    return found


def as_recorded(run: Forecast, settled: Mapping[str, str]) -> Forecast | None:
    """Return the run with these drivers observed; None where it knows them already, or nothing of it can be observed.

    Simulated and not weighted, because few futures have all of them at once by chance. No fit.
    """
    scenario = run.scenario
    new = {
        name: branch
        for name, branch in settled.items()
        if scenario.setting(name).state == "from-claims" and scenario.drivers.observe.get(name) is None
    }
    ways = run.drivers.ways
    known = [name for name, branch in new.items() if _always(run, name, branch)]
    if not ways.sizes["driver"] or len(known) == len(new):
        return None
    settings = scenario.drivers.model_copy(update={"observe": {**scenario.drivers.observe, **new}})
    observed = scenario.model_copy(update={"id": scenario.id + SUFFIX, "extends": scenario.id, "drivers": settings})
    return forecast_on(run.ground, Asked(observed, run.clock), priors=run.ground.priors)


def _always(run: Forecast, name: str, branch: str) -> bool:
    ways = [str(way) for way in run.ground.priors["branch"].sel(driver=name).values]
    return bool((run.drivers.ways.sel(driver=name).values == ways.index(branch)).all())
