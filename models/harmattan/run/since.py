"""What changed since an earlier run, and why: its inputs are replaced group by group, so that the parts sum up.

The order is declared (`PARTS`): the earlier run is done again by this program (what differs then is the program's, the
sampler's or the number of draws), its months are replaced by the same months as they stand now, the question moves on
to the months that are asked about now, the new months become known, and last come new claims and assumptions. Each step
is a forecast with the same seed, so futures stay paired; what has not changed is not done again. In another order the
parts would differ by what two of them do together, which here counts with the later one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..case.opening import open_case
from ..claims.register import Register, load_register
from ..core.arguments import LONGEST_RUN, checked
from ..core.errors import InputError
from ..core.months import months_after, months_between
from ..core.progress import Steps
from ..model.specification import SamplerSettings
from ..schema.clock import Asking, Clock
from ..schema.scenario import Asked, Scenario
from .asking import Ask
from .earlier import EarlierRun, read_earlier
from .forecasting import forecast_scenario
from .headline import panel_of, totals_of
from .inputs_kept import belongs_to_program
from .notebook_steps import default_steps
from .results import Forecast
from .since_result import ASSUMED, MOVED_ON, NEW_MONTHS, PROGRAM, REVISED, TOGETHER, Since, came_table, parts_table


@dataclass(frozen=True)
class _Differences:
    """What differs between an earlier run and one of now, by what can be read of the two."""

    files: tuple[str, ...]
    program: tuple[str, ...]
    record: bool
    assumed: bool
    later: int

    def possible(self) -> tuple[str, ...]:
        """Return the parts that may have moved the answer."""
        differs = {REVISED: self.record, MOVED_ON: self.later, NEW_MONTHS: self.later, ASSUMED: self.assumed}
        return (PROGRAM, *(part for part, whether in differs.items() if whether))


@checked
def since(
    earlier: str | Path,
    scenario: str | Path | Scenario | None = None,
    *,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    settings: SamplerSettings | None = None,
    steps: Steps | None = None,
) -> Since:
    """Return how the answer under a scenario has changed since an earlier run, split by what changed it.

    Parameters
    ----------
    earlier : path
        `run.json` of an earlier brief or explanation, or its folder, with `inputs.zip` beside it.
    scenario : str, Path or Scenario, optional
        One that the earlier run asked about too; the case's first by default.
    as_of, claims_as_of, draws, seed, panel, settings, steps
        As in `forecast`.

    Returns
    -------
    Since

    Raises
    ------
    InputError
        If the earlier run cannot be read or held against this one.
    """
    file = None if panel is None else Path(panel)
    ask = Ask(as_of, claims_as_of, None, draws, seed, file, settings)
    asked = ask.of(open_case().first_scenario if scenario is None else scenario)
    return since_asked(asked, ask, earlier, steps=steps or default_steps())


def since_asked(asked: Asked, ask: Ask, earlier: str | Path, *, steps: Steps) -> Since:
    """Return what changed since an earlier run for a scenario that is yet to be forecast, of as many months as needed.

    Parameters
    ----------
    asked : Asked
    ask : Ask
    earlier : path
        Its `run.json` or folder.
    steps : Steps
    """
    told = read_earlier(earlier, asked.scenario.id)
    check_earlier(asked.clock, told)
    clock = _of_months(asked.clock, told.answer["months"])
    return since_of(forecast_scenario(replace(asked, clock=clock), ask, steps=steps), told, ask, steps=steps)


def since_of(run: Forecast, earlier: EarlierRun, ask: Ask, *, steps: Steps) -> Since:
    """Return what changed between an earlier run and a forecast that is at hand.

    Parameters
    ----------
    run : Forecast
        Of reported deaths.
    earlier : EarlierRun
        As `read_earlier` returns it for the same scenario.
    ask : Ask
        By which `run` was made.
    steps : Steps
    """
    check_earlier(run.clock, earlier)
    if run.counts != earlier.answer["counts"] or run.counts != "reported":
        raise InputError("Changes since an earlier run are told of reported deaths, not of plausible ones.")
    units = [str(unit) for unit in run.deaths["country"].values if str(unit) in earlier.answer["units"]]
    if not units or earlier.answer["outcome"] not in run.deaths["outcome"].values:
        raise InputError(f"--since {earlier.path.name}: that run is of another case: it shares no unit with this one.")
    differences = _differences(run, earlier)
    came, told, why = pd.DataFrame(), [], ""
    try:
        with earlier.project() as folder:
            again = _Again(run, earlier, replace(ask, panel_file=None), differences, folder, tuple(units), steps)
            told = list(again.stages())
            came = again.came()
    except InputError as error:
        why = str(error)
    possible = differences.possible()
    stages = told or [(possible[0] if len(possible) == 1 else TOGETHER, _answered(run, earlier, units))]
    exact = bool(told) and earlier.seed == ask.seed and earlier.draws == run.deaths.sizes["draw"]
    parts = parts_table(earlier.answer, units, stages, exact=exact)
    return Since(
        scenario=run.scenario, case=run.case, clock=run.clock, earlier=earlier, parts=parts, came=came,
        changed={ASSUMED: differences.files, PROGRAM: differences.program},
        untold=() if told or len(possible) == 1 else possible, why=why, draws=run.deaths.sizes["draw"], seed=run.seed,
        provisional_months=run.provisional_months,
    )  # fmt: skip


@dataclass
class _Again:
    """The earlier run done again in a folder of its own inputs, which is the project in use, and what comes after."""

    run: Forecast
    earlier: EarlierRun
    ask: Ask
    differences: _Differences
    folder: Path
    units: tuple[str, ...]
    steps: Steps

    def __post_init__(self) -> None:
        self.register: Register = load_register()
        own, now = self.folder / self.earlier.panel, self.run.case
        self.then_file = None if own == open_case().record_file else own
        self.now_file = now.panel or now.record_file
        seen = [open_case().record(file, as_of=self.earlier.clock.as_of) for file in (self.then_file, self.now_file)]
        self.revised = not seen[0].equals(seen[1])
        self.first: Forecast | None = None

    def stages(self) -> Iterator[tuple[str, np.ndarray]]:
        """Yield each part and the totals (draw, unit) after it."""
        later, assumed = self.differences.later, self.differences.assumed
        as_now = self.run if not later and not assumed else None
        first = as_now if as_now is not None and not self.revised else self._forecast(self.then_file)
        yield PROGRAM, self._totals(first)
        second = as_now or (self._forecast(self.now_file) if self.revised else first)
        yield REVISED, self._totals(second)
        third = second
        if later:
            yield MOVED_ON, self._totals(second, skip=later)
            third = self._forecast(self.now_file, as_of=self.run.clock.as_of) if assumed else self.run
            yield NEW_MONTHS, self._totals(third)
        yield ASSUMED, self._totals(self.run)
        self.first = first

    def came(self) -> pd.DataFrame:
        """Return what came of the first months of the earlier forecast, as far as this run's record goes."""
        months = min(self.differences.later, self.earlier.answer["months"])
        if not months or self.first is None:
            return pd.DataFrame()
        return came_table(self._totals(self.first, months=months), self.units, self._recorded(months), months)

    def _recorded(self, months: int) -> xr.DataArray:
        after = months_after(self.earlier.clock.as_of, months)
        return self.run.panel.sel(month=after, outcome=self.earlier.answer["outcome"], country=list(self.units))

    def _totals(self, run: Forecast, *, months: int | None = None, skip: int = 0) -> np.ndarray:
        answer = self.earlier.answer
        return totals_of(run, answer["outcome"], self.units, months or answer["months"], skip)

    def _forecast(self, file: Path | None, as_of: str | None = None) -> Forecast:
        clock, months = self.earlier.clock, self.earlier.answer["months"]
        clock = clock.asked(Asking(as_of=as_of)) if as_of else clock
        needed = months if as_of else months + self.differences.later
        asked = Asked(self.earlier.scenario, _of_months(clock, needed))
        return forecast_scenario(asked, replace(self.ask, panel_file=file), steps=self.steps, register=self.register)


def _answered(run: Forecast, earlier: EarlierRun, units: list[str]) -> np.ndarray:
    return totals_of(run, earlier.answer["outcome"], units, earlier.answer["months"])


def _of_months(clock: Clock, months: int) -> Clock:
    """Return a clock that goes so many months ahead, or as many as it needs to reach beyond the exit."""
    beyond_exit = 1 - months_between(clock.exit, clock.as_of)
    return clock.asked(Asking(months=max(months, beyond_exit)))


def check_earlier(clock: Clock, earlier: EarlierRun) -> None:
    """Refuse an earlier run whose months cannot be held against those of a run by this clock.

    Raises
    ------
    InputError
        If it looks from a later month, or the two do not tell of enough months.
    """
    then, months, name = earlier.clock.as_of, earlier.answer["months"], earlier.path.name
    later = months_between(then, clock.as_of)
    if later < 0:
        raise InputError(
            f"--since {name}: that run looks from {then}, later than this one ({clock.as_of}). Ask as of {then} or a "
            "later month."
        )
    if clock.months < months:
        raise InputError(
            f"--since {name}: that run tells of {months} months and this one of {clock.months}. Ask for {months} "
            "months or more."
        )
    if months + later > LONGEST_RUN:
        raise InputError(
            f"--since {name}: that run looks from {then}, {later} months before this one; at most "
            f"{LONGEST_RUN - months} can be bridged."
        )


def _differences(run: Forecast, earlier: EarlierRun) -> _Differences:
    record, then, now = panel_of(run.case), earlier.inputs, run.inputs
    mine = {name for name in now if not belongs_to_program(name) and name != record}
    gone = {name for name in then if name not in now and name != earlier.panel and not belongs_to_program(name)}
    gone = {name for name in gone if not (run.case.root / name).is_file() and not Path(name).is_file()}
    changed = tuple(sorted({name for name in mine if then.get(name) != now[name]} | gone))
    program = {name for name in now if belongs_to_program(name) and then.get(name) != now[name]}
    assumed = bool(changed) or _plain(run) != (dict(earlier.assumptions), _rest(earlier.clock.model_dump(mode="json")))
    later = months_between(earlier.clock.as_of, run.clock.as_of)
    return _Differences(changed, tuple(sorted(program)), then.get(earlier.panel) != now.get(record), assumed, later)


def _plain(run: Forecast) -> tuple[dict[str, Any], dict[str, Any]]:
    return run.scenario.assumptions, _rest(run.clock.model_dump(mode="json"))


def _rest(clock: dict[str, Any]) -> dict[str, Any]:
    """Return of a clock what is assumed: neither from when nor how far."""
    return {name: value for name, value in clock.items() if name not in ("as_of", "months")}
