"""What actors can change: each lever pulled on a run's own futures, from the month after its record ends."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from ..claims.register import Register
from ..core.months import months_after, months_between
from ..core.names import OUTCOMES
from ..drivers.effects import DriverDraws, draws_after_data, draws_from_claims
from ..drivers.exposure import ActingEffect, acting
from ..schema.actors import ACTORS_FILE, Actor, Lever, read_actors
from ..schema.validation import Problems
from ..schema.yaml_source import read_yaml
from ..simulate.paths import simulate_paths
from .results import Forecast
from .what_if import with_settings

DOCUMENTS, STUDIES, SUPPOSED = "documents", "studies", "supposed"
"""What the size of a lever's effect rests on: claims alone, published effects too, or what the case supposes."""


@dataclass(frozen=True)
class Pulled:
    """A run's first months with a lever pulled.

    Attributes
    ----------
    deaths : DataArray (draw, month, country, outcome)
        Paired with the run's own.
    effect : DataArray (draw, country, outcome)
        What drivers do to the log rate, on average over the months.
    """

    deaths: xr.DataArray
    effect: xr.DataArray


def levers_of(register: Register) -> dict[str, Actor]:
    """Return the actors of a register's case, whose lines are of documents that it lists.

    Raises
    ------
    InputError
        If the file is wrong.
    """
    actors, problems = read_actors(register.case.root, register.drivers), Problems()
    known = {source.file for source in (*register.sources.values(), *register.left_out)}
    for number, actor in enumerate(actors.values()):
        for at, lever in enumerate(actor.levers):
            for row, place in enumerate(lever.stated):
                if place.file not in known:
                    document = read_yaml(register.case.root / ACTORS_FILE, root="actors")
                    where = (number, "levers", at, "stated", row, "file")
                    problems.add_unknown(document, where, "document", place.file, known)
    problems.raise_if_any()
    return actors


def pulled(run: Forecast, lever: Lever, months: int, draws: int | None = None) -> Pulled:
    """Return a run's first months with a lever pulled, on the same draws and the same noise.

    A driver that it makes happen starts in the first month after the record, or at its own time if that is later, and
    climbs as it always does; one that it makes absent does nothing any more.

    Parameters
    ----------
    run : Forecast
    lever : Lever
    months : int
        No more than the run has.
    draws : int, optional
        Futures, the first ones; all by default.
    """
    ground, drivers, last = run.ground, run.ground.register.drivers, run.clock.as_of
    scenario = with_settings(run, lever.settings(), ground.priors)
    if ground.posterior.has_drivers:
        learnt = ground.parameters["driver_effect"]
        drawn = draws_after_data(drivers, ground.priors, learnt, scenario, ground.seed, as_of=last)
    else:
        every = run.deaths.sizes["draw"]
        drawn = draws_from_claims(drivers, ground.priors, scenario, every, ground.seed, as_of=last)
    rows = _rows(run, draws)
    drawn = replace(drawn, onsets=_from_now(run, drawn, lever)).only(rows)
    labels = months_after(last, months)
    moved = acting(drawn, drivers, scenario, labels, exit=run.clock.exit)
    paths = simulate_paths(
        ground.parameters, ground.start, ground.borders, labels, ground.posterior.specification, ground.seed,
        moved if moved.any() else None, only=rows,
    )  # fmt: skip
    return Pulled(paths.deaths, _mean_effect(run, moved, months))


def effect_as_it_is(run: Forecast, months: int, draws: int | None = None) -> xr.DataArray:
    """Return what drivers do to the log rate in a run's first months, on average, dims (draw, country, outcome)."""
    labels, drivers = months_after(run.clock.as_of, months), run.ground.register.drivers
    drawn = run.drivers.only(_rows(run, draws))
    return _mean_effect(run, acting(drawn, drivers, run.scenario, labels, exit=run.clock.exit), months)


def _rows(run: Forecast, draws: int | None) -> np.ndarray:
    every = run.deaths.sizes["draw"]
    return np.arange(every if draws is None else min(draws, every))


def _mean_effect(run: Forecast, moved: ActingEffect, months: int) -> xr.DataArray:
    every = slice(0, len(moved.peaks))
    mean = np.mean([moved[every, month] for month in range(months)], axis=0)
    coords = {"country": run.deaths["country"].values, "outcome": list(OUTCOMES)}
    return xr.DataArray(mean, coords, ("draw", "country", "outcome"))


def _from_now(run: Forecast, drawn: DriverDraws, lever: Lever) -> xr.DataArray:
    """Return onsets in which a driver that the lever makes happen starts now, but where it went that way already."""
    onsets, elapsed = drawn.onsets.copy(), max(months_between(run.clock.exit, run.clock.as_of), 0)
    for name in lever.do:
        already = (drawn.ways.sel(driver=name) == run.drivers.ways.sel(driver=name)).values
        own = drawn.onsets.sel(driver=name).values
        begun = run.drivers.onsets.sel(driver=name).values
        onsets.loc[{"driver": name}] = np.where(already, begun, np.maximum(own, elapsed + 1))
    return onsets


def rests_on(register: Register, lever: Lever) -> str:
    """Return what the size of a lever's effect rests on: `documents`, `studies` beside them, or `supposed`."""
    if any(register.drivers[name].evidence_ids for name in lever.do):
        return STUDIES
    return DOCUMENTS if any(register.heard[name].voting for name in lever.do) else SUPPOSED
