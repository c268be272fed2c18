"""The whole effect of the exit, with what it rests on: before months after it are known, and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from ..case.opening import open_case
from ..claims.lexicon import Z90
from ..claims.outlook import outlook
from ..claims.register import Register, load_register
from ..claims.whole import Share, documents_whole
from ..core.arguments import checked
from ..core.progress import Steps
from ..drivers.effects import draws_after_data
from ..drivers.rest import acts
from ..drivers.whole import LEARNT, before_the_record, beliefs_held, whole_effect, whole_table
from ..model.posterior import Posterior
from ..model.specification import SamplerSettings
from ..schema.scenario import Asked, Scenario
from .asking import Ask
from .forecasting import known_to, months_since_exit, prepare
from .notebook_steps import default_steps
from .results import Forecast

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ExitEffect:
    """What is believed of the whole effect of the exit at home, and what that rests on.

    Attributes
    ----------
    asked : Asked
    beliefs : mapping of str to DataArray (draw, outcome, horizon)
        Log rate ratio at home against no exit: by `documents` alone (or what is `stated` without any), by `exits`
        elsewhere alone, by `both`, and `learnt` from the months since, where there are any. Only what has a say.
    worth : float
        By what the documents' word counts, beside exits elsewhere.
    size : tuple of float
        80 % interval of the rate ratio if all that the documents claim came about and mattered.
    shares : mapping of (driver, branch) to Share
        How drivers share it.
    exits : tuple of str
        Ids of the exits elsewhere that were known and have a say (`hm.exits()`).
    known_by : str
        Month by which they were known; empty where there are none.
    """

    asked: Asked
    beliefs: Mapping[str, xr.DataArray]
    worth: float
    size: tuple[float, float]
    shares: Mapping[tuple[str, str], Share]
    exits: tuple[str, ...]
    known_by: str

    @property
    def table(self) -> "pd.DataFrame":
        """Each belief in numbers, by outcome and horizon (`drivers.whole.whole_table`)."""
        return whole_table(self.beliefs)

    def as_dict(self) -> dict[str, object]:
        """Return all of it as plain data."""
        shares = [
            {"driver": driver, "branch": branch, "share": share.share, "matters": share.matters}
            for (driver, branch), share in self.shares.items()
        ]
        found: dict[str, object] = {
            "scenario": self.asked.scenario.id,
            "as_of": self.asked.clock.as_of,
            "exit": self.asked.clock.exit,
        }
        found |= {"worth": self.worth, "size": list(self.size), "shares": shares}
        return found | {"exits": list(self.exits), "known_by": self.known_by, "table": self.table.to_dict("records")}


@checked
def exit_effect(
    scenario: str | Path | Scenario | None = None,
    *,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    settings: SamplerSettings | None = None,
    steps: Steps | None = None,
) -> ExitEffect:
    """Return the whole effect of the exit at home: by documents, by exits elsewhere, by both, and learnt since.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, YAML file or loaded scenario; the case's first by default.
    as_of, claims_as_of, draws, seed, panel, settings, steps
        As in `forecast`. A fit is made only where `as_of` lies after the exit and the scenario learns drivers.

    Examples
    --------
    >>> hm.exit_effect().table  # doctest: +SKIP
    """
    ask = Ask(as_of, claims_as_of, None, draws, seed, None if panel is None else Path(panel), settings)
    asked = ask.of(open_case().first_scenario if scenario is None else scenario)
    register = load_register()
    if months_since_exit(asked, asked.clock.as_of) < 1 or not register.drivers:
        return _effect(known_to(register, asked), asked, ask)
    ground = prepare(asked, ask, steps=steps or default_steps(), register=register)
    return _effect(ground.register, asked, ask, ground.priors, ground.parameters["driver_effect"], asked.clock.as_of)


def effect_in(run: Forecast, learnt: Posterior | None, ask: Ask) -> ExitEffect | None:
    """Return the same for a run, with what another fit has learnt from all months since the exit.

    None where there is no exit in its scenario, or nothing is believed of one.

    Parameters
    ----------
    run : Forecast
    learnt : Posterior or None
        Fitted with drivers, to a later month than the run's own.
    ask : Ask
    """
    register, priors = run.ground.register, run.ground.priors
    if not acts(run.scenario) or not beliefs_held(register, run.scenario.evidence):
        return None
    if learnt is None:
        return _effect(register, run.asked, ask)
    effects = learnt.take(ask.draws, ask.seed)["driver_effect"]
    return _effect(register, run.asked, ask, priors, effects, learnt.as_of)


def _effect(
    register: Register,
    asked: Asked,
    ask: Ask,
    priors: xr.Dataset | None = None,
    learnt: xr.DataArray | None = None,
    last: str = "",
) -> ExitEffect:
    scenario, clock = asked.scenario, asked.clock
    register = register.using(scenario.evidence)
    beliefs = before_the_record(register, scenario, clock.exit, clock.horizons, draws=ask.draws, seed=ask.seed)
    if beliefs and learnt is not None and priors is not None:
        drawn = draws_after_data(register.drivers, priors, learnt, scenario, ask.seed, as_of=last)
        beliefs[LEARNT] = whole_effect(register, drawn, scenario, clock.exit, clock.horizons)
    said, of = documents_whole(register), register.exits_used
    low, high = np.exp(said.size.mean + said.size.sd * Z90 * np.array([-1.0, 1.0]))
    return ExitEffect(
        asked,
        beliefs,
        outlook(register, said).worth,
        (float(low), float(high)),
        said.shares,
        () if of is None else of.exits,
        "" if of is None else of.known_by,
    )
