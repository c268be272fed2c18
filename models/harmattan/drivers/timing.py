"""When a driver acts in a scenario: its onset window, ramp and half-life, and each future's own onset."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..core.randomness import stream
from ..schema.driver import Driver
from ..schema.scenario import Scenario


@dataclass(frozen=True)
class TimingInScenario:
    """Months after the exit, as a scenario has them.

    Attributes
    ----------
    onset : int
        First month of the effect in the median future.
    window : tuple of int
        Earliest and latest first month.
    ramp : int
        Months from nothing to the peak.
    half_life : float or None
        Months after the peak until half is left; None means that the effect lasts.
    """

    onset: int
    window: tuple[int, int]
    ramp: int
    half_life: float | None


def timing_in(driver: Driver, scenario: Scenario) -> TimingInScenario:
    """Return the timing of a driver, with what the scenario says in place of the driver's own.

    A scenario that sets `onset_month` without `onset_window` means that month and no other. `pace` moves and stretches
    the drivers that hinge on the exit.

    Parameters
    ----------
    driver : Driver
    scenario : Scenario
        Resolved.
    """
    own, setting, pace = driver.timing, scenario.setting(driver.id), scenario.drivers.pace
    onset = own.onset_month if setting.onset_month is None else setting.onset_month
    if setting.onset_window is not None:
        window = setting.onset_window
        onset = min(max(onset, window[0]), window[1])
    elif setting.onset_month is not None or own.onset_window is None:
        window = (onset, onset)
    else:
        window = own.onset_window
    ramp = own.ramp_months if setting.ramp_months is None else setting.ramp_months
    half_life = own.half_life_months
    if setting.half_life_months is not None:
        half_life = None if setting.half_life_months == "lasts" else setting.half_life_months
    if not driver.hinges_on_exit:
        return TimingInScenario(onset, window, ramp, half_life)
    later = pace.delay_months
    stretched = round(ramp * pace.ramp_factor)
    return TimingInScenario(onset + later, (window[0] + later, window[1] + later), stretched, half_life)


def central_onsets(drivers: Mapping[str, Driver], scenario: Scenario, draws: int) -> xr.DataArray:
    """Return the median onset of every driver in every draw: what a fit with months after the exit goes by.

    Returns
    -------
    DataArray (draw, driver)
        Months after the exit.
    """
    row = [timing_in(driver, scenario).onset for driver in drivers.values()]
    return _onset_array(np.tile(np.array(row, dtype=int), (draws, 1)), drivers)


def drawn_onsets(drivers: Mapping[str, Driver], scenario: Scenario, draws: int, seed: int) -> xr.DataArray:
    """Return each draw's own onset of every driver, from a stream that depends on the driver's name alone.

    Half of the draws lie between the earliest month and the median one, half between that and the latest.

    Returns
    -------
    DataArray (draw, driver)
        Months after the exit.
    """
    columns = []
    for name, driver in drivers.items():
        timing = timing_in(driver, scenario)
        luck = stream(seed, "driver", name, "onset").random(draws)
        edges = (timing.window[0] - 0.5, timing.onset, timing.window[1] + 0.5)
        months = np.rint(np.interp(luck, (0.0, 0.5, 1.0), edges)).astype(int)
        columns.append(months.clip(*timing.window))
    return _onset_array(np.stack(columns, axis=1) if columns else np.zeros((draws, 0), dtype=int), drivers)


def _onset_array(values: np.ndarray, drivers: Mapping[str, Driver]) -> xr.DataArray:
    return xr.DataArray(
        values, dims=("draw", "driver"), coords={"driver": list(drivers)}, name="onset", attrs={"units": "months"}
    )
