"""Where simulated futures start: what is remembered at the end of the panel."""

from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from ..core.randomness import known_by
from ..drivers.exposure import log_effect
from ..model.drift import drift_scale
from ..model.memory import Memories, keep_factor, memories_after
from ..model.specification import ModelSpecification
from ..panel.analogues import YEAR, Analogues, analogues_in_the_world
from .rates import DrawsOfRate, driver_factor, over_borders
from .resampled import Resampled, goes_by_analogues


@dataclass(frozen=True)
class StartState:
    """Memories at the end of the panel; own and recorded ones in deaths per month.

    Attributes
    ----------
    own_fast, own_slow : array, shape (draw or 1, country, outcome)
        A country's own memories, with what drivers did since the exit taken out, and drift and turns.
    crossing_slow : array, shape (draw or 1, country, outcome)
        Slow memory with only what drivers did taken out, which is what crosses borders without them.
    recorded_slow : array, shape (country, outcome)
        Slow memory of the deaths as recorded, which is what crosses borders with them.
    occurrence : array, shape (draw or 1, country, outcome)
        Share (0 to 1) of recent months with deaths, with what drivers did taken out.
    drifted, turned : array, shape (draw or 1, country, outcome)
        What drift and turns have added to the log rate when futures begin; the one fades, the other stays.
    drift_age : int
        Months since drift began.
    drift_scale : array, shape (country, outcome)
        By what each series' drift is wider than `drift_sd` says.
    known_by : tuple of str
        Names of the units' luck.
    analogues : Analogues or None
        What followed years like the last one; None where no future goes by it.
    last_year : array, shape (draw or 1, month, country, outcome)
        Deaths in each of the last twelve months, with what drivers did since the exit taken out.
    """

    own_fast: np.ndarray
    own_slow: np.ndarray
    crossing_slow: np.ndarray
    recorded_slow: np.ndarray
    occurrence: np.ndarray
    drifted: np.ndarray
    turned: np.ndarray
    drift_age: int
    drift_scale: np.ndarray
    known_by: tuple[str, ...]
    analogues: Analogues | None
    last_year: np.ndarray

    def first(self, draws: int) -> "StartState":
        """Return the start of the first futures alone."""
        of_draws = ("own_fast", "own_slow", "crossing_slow", "occurrence", "drifted", "turned", "last_year")
        return replace(self, **{name: getattr(self, name)[:draws] for name in of_draws})

    def resampled(self, rows: slice | np.ndarray, spec: ModelSpecification) -> Resampled | None:
        """Return what happens in those of some futures that go by analogues."""
        if self.analogues is None:
            return None
        numbers = np.arange(rows.start, rows.stop) if isinstance(rows, slice) else rows
        own = self.last_year if len(self.last_year) == 1 else self.last_year[rows]
        return Resampled(self.analogues, own, goes_by_analogues(numbers, spec))


def start_state(
    panel: xr.DataArray, border_weights: xr.DataArray, spec: ModelSpecification, parameters: xr.Dataset | None = None
) -> StartState:
    """Return the start of futures in which no driver has acted yet.

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
        Deaths per month up to `as_of`.
    border_weights : DataArray (country, neighbour)
    spec : ModelSpecification
    parameters : Dataset (draw, ...), optional
        Of each future, as fitted: `shift`, `drifted` and `turned` among them. Without them nothing has drifted.
    """
    return _begun(panel, border_weights, spec, parameters, None)


def start_state_after_exit(
    panel: xr.DataArray,
    border_weights: xr.DataArray,
    parameters: xr.Dataset,
    past_exposure: xr.DataArray,
    spec: ModelSpecification,
) -> StartState:
    """Return the start of futures when drivers have acted since the exit: what they did is taken out of memories.

    Month by month, as the likelihood does it (`model.undriven.take_out_drivers`).

    Parameters
    ----------
    panel : DataArray (month, country, outcome)
    border_weights : DataArray (country, neighbour)
    parameters : Dataset (draw, ...)
        Of each future, `driver_effect` among them: log rate ratios as learnt from the data.
    past_exposure : DataArray (driver, month, country, outcome)
        Exposure in the months after the exit up to `as_of`.
    spec : ModelSpecification
    """
    learnt = parameters["driver_effect"].sel(driver=past_exposure["driver"])
    return _begun(panel, border_weights, spec, parameters, np.exp(log_effect(learnt, past_exposure)))


def _begun(
    panel: xr.DataArray,
    border_weights: xr.DataArray,
    spec: ModelSpecification,
    parameters: xr.Dataset | None,
    driven: np.ndarray | None,
) -> StartState:
    """Return the start after months in which drivers multiplied rates by `driven`, (draw, month, country, outcome)."""
    memories, deaths = memories_after(panel, border_weights, spec), np.nan_to_num(panel.values)
    wandered = None
    drifted = turned = np.zeros((1, *deaths.shape[1:]))
    if parameters is not None and "shift" in parameters:
        dims = ("draw", "country", "outcome")
        wandered = np.exp(parameters["shift"].transpose("draw", "past_month", *dims[1:]).values)
        drifted, turned = (parameters[name].transpose(*dims).values for name in ("drifted", "turned"))
    months = max(0 if factor is None else factor.shape[1] for factor in (wandered, driven))
    remembered = _Remembered.before(memories, len(deaths) - 1 - months)
    last_year = deaths[-YEAR:][None]
    if months:
        assert parameters is not None
        draws = DrawsOfRate.of(parameters, spec)
        last_year = np.repeat(last_year, parameters.sizes["draw"], axis=0) if driven is not None else last_year
    alive = ~np.isnan(panel.values).any(axis=-1)
    for month in range(months):
        row = len(deaths) - months + month
        counts = deaths[row]
        factor = np.ones((1, *counts.shape))
        if driven is not None and (direct := _in_month(driven, month, months)) is not None:
            neighbours = memories.neighbours[row - 1]
            factor = remembered.driven(draws, direct, neighbours, border_weights.values)
            if (of_last_year := month + YEAR - months) >= 0:
                last_year[:, of_last_year] /= factor
        away = None if wandered is None else _in_month(wandered, month, months)
        if (born := alive[row] & ~alive[row - 1]).any():
            remembered = remembered.begun(memories, row, counts, born[:, None], spec)
        remembered = remembered.after(counts, factor, 1.0 if away is None else away, spec)
    return StartState(
        remembered.fast,
        remembered.slow,
        remembered.crossing,
        memories.slow[-1],
        remembered.occurrence,
        drifted,
        turned,
        0 if wandered is None else wandered.shape[1],
        drift_scale(panel.values, spec),
        known_by(panel),
        _analogues(panel, spec),
        last_year,
    )


def _in_month(factor: np.ndarray, month: int, months: int) -> np.ndarray | None:
    """Return what acts in one of so many last months, (draw, country, outcome); None before it began."""
    place = month - (months - factor.shape[1])
    return None if place < 0 else factor[:, place]


@dataclass(frozen=True)
class _Remembered:
    """Memories on the way to the start, shape (draw or 1, country, outcome); the names are those of `StartState`."""

    fast: np.ndarray
    slow: np.ndarray
    crossing: np.ndarray
    occurrence: np.ndarray

    @classmethod
    def before(cls, memories: Memories, row: int) -> "_Remembered":
        """Return what was remembered at the end of a month."""
        slow = memories.slow[row][None]
        return cls(memories.fast[row][None], slow, slow, memories.occurrence[row][None])

    def driven(self, draws: DrawsOfRate, direct: np.ndarray, neighbours: np.ndarray, borders: np.ndarray) -> np.ndarray:
        """Return what drivers multiplied the next month's rate by; `neighbours` is their memory as recorded."""
        undriven = over_borders(borders, self.crossing)
        rate, per_death = draws.rate(self.fast, self.slow, undriven)
        return driver_factor(rate, direct, per_death * (neighbours - undriven))

    def begun(
        self, memories: Memories, row: int, counts: np.ndarray, born: np.ndarray, spec: ModelSpecification
    ) -> "_Remembered":
        """Return the same with the mean of their first months for units whose first month is a row of the panel."""

        def start(now: np.ndarray, memory: np.ndarray, quantity: str, fed: np.ndarray) -> np.ndarray:
            keep = keep_factor(spec.by_outcome(quantity))
            return np.where(born, (memory[row] - (1 - keep) * fed) / keep, now)

        return _Remembered(
            start(self.fast, memories.fast, "fast_half_life", counts),
            start(self.slow, memories.slow, "slow_half_life", counts),
            start(self.crossing, memories.slow, "slow_half_life", counts),
            start(self.occurrence, memories.occurrence, "occurrence_half_life", counts > 0),
        )

    def after(
        self, counts: np.ndarray, factor: np.ndarray, away: np.ndarray | float, spec: ModelSpecification
    ) -> "_Remembered":
        """Return what is remembered a month later, whose rate drivers and drift multiplied by `factor` and `away`."""
        quantities = ("fast_half_life", "slow_half_life", "occurrence_half_life")
        keep_fast, keep_slow, keep_occurrence = (keep_factor(spec.by_outcome(name)) for name in quantities)
        undriven = counts / factor
        own = undriven / away
        return _Remembered(
            keep_fast * self.fast + (1 - keep_fast) * own,
            keep_slow * self.slow + (1 - keep_slow) * own,
            keep_slow * self.crossing + (1 - keep_slow) * undriven,
            keep_occurrence * self.occurrence + (1 - keep_occurrence) * thinned(counts, factor),
        )


def _analogues(panel: xr.DataArray, spec: ModelSpecification) -> Analogues | None:
    return analogues_in_the_world(panel) if spec.by_outcome("analogue_share").any() else None


def thinned(counts: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Return the chance that months with so many deaths had some without drivers: each had a chance of 1 / factor."""
    return np.where(counts > 0, 1.0 - (1.0 - 1.0 / np.maximum(factor, 1.0)) ** counts, 0.0)
