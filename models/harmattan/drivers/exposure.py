"""Where, when and on which outcome each driver acts, as shares of its peak log effect."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..case.drivers import Drivers
from ..core.months import months_between
from ..core.names import ONE_SIDED_PARTS, OUTCOMES
from ..schema.driver import Driver
from ..schema.scenario import Scenario
from .activation import activation
from .effects import DriverDraws
from .places import place_shares
from .rest import share_by_horizon
from .timing import timing_in


def exposure(drivers: Drivers, scenario: Scenario, months: Sequence[str], *, exit: str) -> xr.DataArray:
    """Return the share of each driver's peak log effect that acts in each month, country and outcome.

    Every driver starts in its median month here; `acting_effect` lets each draw have its own. A driver that is absent
    in the scenario has no exposure; a scenario's own timing, places and strength replace the driver's.

    Parameters
    ----------
    drivers : Drivers
    scenario : Scenario
        Resolved.
    months : sequence of str
        `YYYY-MM` labels, before or after the exit.
    exit : str
        Month from which timing counts.

    Returns
    -------
    DataArray (driver, month, country, outcome)
    """
    after_exit = _after_exit(exit, months)
    values = np.zeros((len(drivers), len(months), len(drivers.units), len(OUTCOMES)))
    for i, driver in enumerate(drivers.values()):
        if scenario.setting(driver.id).state != "absent":
            timing = timing_in(driver, scenario)
            when = activation(after_exit, timing.onset, timing.ramp, timing.half_life)
            values[i] = when[:, None, None] * strength_by_place(driver, scenario, drivers)
    places = {"country": list(drivers.units), "outcome": list(OUTCOMES)}
    coords = {"driver": list(drivers), "month": list(months)} | places
    return xr.DataArray(values, coords=coords, dims=("driver", "month", "country", "outcome"), name="exposure")


def strength_by_place(driver: Driver, scenario: Scenario, drivers: Drivers) -> np.ndarray:
    """Return the share of a driver's log effect by country and outcome at its peak, shape (country, outcome).

    Where it names who kills, its share of all civilians killed goes by how many of them each perpetrator killed before.
    """
    shares = _shares(driver, scenario)
    outcomes = np.tile([shares.get(name, 0.0) for name in OUTCOMES], (len(drivers.units), 1))
    if any(name in shares for name in ONE_SIDED_PARTS):
        before = _killed_before(drivers)
        outcomes[:, list(OUTCOMES).index("one_sided")] += before @ [shares.get(name, 0.0) for name in ONE_SIDED_PARTS]
    return _places(driver, scenario, drivers)[:, None] * outcomes


def strength_by_perpetrator(driver: Driver, scenario: Scenario, drivers: Drivers) -> np.ndarray:
    """Return the share of a driver's peak log effect that is on one perpetrator alone, shape (country, part)."""
    shares = _shares(driver, scenario)
    return np.outer(_places(driver, scenario, drivers), [shares.get(name, 0.0) for name in ONE_SIDED_PARTS])


def _shares(driver: Driver, scenario: Scenario) -> dict[str, float]:
    return {str(name): share for name, share in (driver.outcomes | scenario.setting(driver.id).outcomes).items()}


def _places(driver: Driver, scenario: Scenario, drivers: Drivers) -> np.ndarray:
    setting = scenario.setting(driver.id)
    return setting.strength * place_shares(driver, drivers.geography, setting.places)


def _killed_before(drivers: Drivers) -> np.ndarray:
    """Return which share of civilians killed was each perpetrator's before drivers act, shape (country, part)."""
    state = np.array([drivers.shares_of_state[unit] for unit in drivers.units])
    return np.stack([state, 1.0 - state], axis=1)


def log_effect(effects: xr.DataArray, exposures: xr.DataArray) -> np.ndarray:
    """Return the sum of all drivers' effects on the log rate, shape (draw, month, country, outcome).

    Parameters
    ----------
    effects : DataArray (draw, driver)
        Log rate ratio of each driver at its peak.
    exposures : DataArray (driver, month, country, outcome)
    """
    flat = exposures.values.reshape(exposures.sizes["driver"], -1)
    return (effects.values @ flat).reshape(effects.sizes["draw"], *exposures.shape[1:])


@dataclass(frozen=True)
class ActingEffect:
    """Sum of all drivers' effects on the log rate with own onsets in each draw; `effect[draws, month]` works it out.

    All of it at once would take twice the memory of the futures that it acts on.

    Attributes
    ----------
    peaks : array (draw, driver)
        Log rate ratio at the peak, of the drivers that are not absent.
    starts : int array (draw, driver)
        Row of `shapes` by which each of them acts.
    shapes : tuple of array (start, month)
        Share of the peak in each month, for every onset that a driver has.
    places : array (driver, country, outcome)
        Share of the effect there.
    parts : array (driver, country, part) or None
        Of these shares, what names one perpetrator of one-sided violence; None where no driver does.
    before : array (country, part) or None
        Share of civilians whom each perpetrator killed before drivers acted.
    """

    peaks: np.ndarray
    starts: np.ndarray
    shapes: tuple[np.ndarray, ...]
    places: np.ndarray
    parts: np.ndarray | None = None
    before: np.ndarray | None = None

    def __getitem__(self, at: tuple[slice, int]) -> np.ndarray:
        """Return the effect in some draws and one month, shape (draw, country, outcome)."""
        total = self._summed(at, self.places)
        if (
            self.parts is not None and self.before is not None
        ):  # a mean of two rates is not the mean of their logarithms
            of_parts = self._summed(at, self.parts)
            exact = np.log((self.before * np.exp(of_parts)).sum(axis=-1))
            total[..., list(OUTCOMES).index("one_sided")] += exact - (self.before * of_parts).sum(axis=-1)
        return total

    def odds_of_state(self, at: tuple[slice, int]) -> np.ndarray:
        """Return by how much drivers move the log odds that the state kills, in some draws and one month.

        Returns
        -------
        array (draw, country)
        """
        if self.parts is None:
            return np.zeros((len(self.peaks[at[0]]), self.places.shape[1]))
        of_parts = self._summed(at, self.parts)
        return np.asarray(of_parts[..., 0] - of_parts[..., 1])

    def _summed(self, at: tuple[slice, int], places: np.ndarray) -> np.ndarray:
        rows, month = at
        peaks, starts = self.peaks[rows], self.starts[rows]
        total = np.zeros((math.prod(places.shape[1:]), len(peaks)))
        for driver, shape in enumerate(self.shapes):
            rise, share = peaks[:, driver] * shape[starts[:, driver], month], places[driver].ravel()
            where = np.flatnonzero(share)
            if rise.any():
                total[where] += share[where, None] * rise
        return np.ascontiguousarray(total.T).reshape(len(peaks), *places.shape[1:])

    def any(self) -> bool:
        """Tell whether any driver ever acts anywhere."""
        return any(
            bool(self.peaks[:, driver].any() and shape.any() and self.places[driver].any())
            for driver, shape in enumerate(self.shapes)
        )


def acting_effect(
    effects: xr.DataArray,
    onsets: xr.DataArray,
    drivers: Drivers,
    scenario: Scenario,
    months: Sequence[str],
    *,
    exit: str,
) -> ActingEffect:
    """Return what drivers do to the log rate when each draw has its own onsets.

    Parameters
    ----------
    effects : DataArray (draw, driver)
        Log rate ratio of each driver at its peak; zero where it is absent.
    onsets : DataArray (draw, driver)
        First month after the exit in which each driver acts.
    drivers : Drivers
        All of them.
    scenario : Scenario
    months : sequence of str
    exit : str
        Month from which timing counts.
    """
    after_exit = _after_exit(exit, months)
    present = [name for name in drivers if scenario.setting(name).state != "absent"]
    starts = np.zeros((effects.sizes["draw"], len(present)), dtype=np.int32)
    places = np.zeros((len(present), len(drivers.units), len(OUTCOMES)))
    parts = np.zeros((len(present), len(drivers.units), len(ONE_SIDED_PARTS)))
    shapes = []
    for i, name in enumerate(present):
        timing = timing_in(drivers[name], scenario)
        months_of_start, starts[:, i] = np.unique(onsets.sel(driver=name).values, return_inverse=True)
        shapes.append(
            np.stack([activation(after_exit, int(start), timing.ramp, timing.half_life) for start in months_of_start])
        )
        places[i] = strength_by_place(drivers[name], scenario, drivers)
        parts[i] = strength_by_perpetrator(drivers[name], scenario, drivers)
    peaks = effects.sel(driver=present).values
    if not parts.any():
        return ActingEffect(peaks, starts, tuple(shapes), places)
    return ActingEffect(peaks, starts, tuple(shapes), places, parts, _killed_before(drivers))


def acting(
    drawn: DriverDraws, drivers: Drivers, scenario: Scenario, months: Sequence[str], *, exit: str
) -> ActingEffect:
    """Return all that moves the log rate in each future: drivers, and what of the exit belongs to none.

    The rest of the exit stands beside the drivers as one for each outcome and horizon, which acts at home alone.

    Parameters
    ----------
    drawn : DriverDraws
    drivers : Drivers
        All of them.
    scenario : Scenario
    months : sequence of str
    exit : str
        Month from which timing counts.
    """
    of_drivers = acting_effect(drawn.effects, drawn.onsets, drivers, scenario, months, exit=exit)
    by_horizon, home = share_by_horizon(_after_exit(exit, months)), drivers.case.home
    cells = [(outcome, horizon) for outcome in range(len(OUTCOMES)) for horizon in range(by_horizon.shape[1])]
    places = np.zeros((len(cells), len(drivers.units), len(OUTCOMES)))
    for row, (outcome, _) in enumerate(cells if home in drivers.units else ()):
        places[row, drivers.units.index(home), outcome] = 1.0
    rest = drawn.rest.transpose("draw", "outcome", "horizon").values.reshape(-1, len(cells))
    return ActingEffect(
        np.concatenate([of_drivers.peaks, rest], axis=1),
        np.pad(of_drivers.starts, ((0, 0), (0, len(cells)))),
        (*of_drivers.shapes, *(by_horizon[None, :, horizon] for _, horizon in cells)),
        np.concatenate([of_drivers.places, places]),
        None if of_drivers.parts is None else np.pad(of_drivers.parts, ((0, len(cells)), (0, 0), (0, 0))),
        of_drivers.before,
    )


def _after_exit(exit: str, months: Sequence[str]) -> np.ndarray:
    return np.array([months_between(exit, month) for month in months])
