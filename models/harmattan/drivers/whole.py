"""The whole effect of the exit at home: by documents alone, by exits elsewhere alone, by both, and after the record."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..claims.register import Register
from ..claims.stated import scenario_priors
from ..claims.whole import documents_whole
from ..core.months import months_after
from ..schema.evidence import EvidenceUsed
from ..schema.scenario import Scenario
from ..schema.vocabulary import HorizonName
from .effects import DriverDraws, draws_from_claims
from .exposure import acting

DOCUMENTS, STATED, EXITS, BOTH, LEARNT = "documents", "stated", "exits", "both", "learnt"

COLUMNS = ["belief", "outcome", "horizon", "mean", "q05", "q10", "q50", "q90", "q95", "rises"]


def whole_effect(
    register: Register,
    drawn: DriverDraws,
    scenario: Scenario,
    exit: str,
    horizons: Mapping[HorizonName, tuple[int, int]],
) -> xr.DataArray:
    """Return the whole effect in each draw: what drivers that hinge on the exit do at home, and the rest.

    Parameters
    ----------
    register : Register
    drawn : DriverDraws
    scenario : Scenario
    exit : str
    horizons : mapping of name to (first, last)
        Months after the exit, over which log rate ratios are averaged.

    Returns
    -------
    DataArray (draw, outcome, horizon)
        Log rate ratio at home against no exit.
    """
    months = months_after(exit, max(last for _, last in horizons.values()))
    hinging = register.drivers.only(name for name, driver in register.drivers.items() if driver.hinges_on_exit)
    effect, home = acting(drawn, hinging, scenario, months, exit=exit), register.drivers.units.index(register.case.home)
    means = np.zeros((len(effect.peaks), effect.places.shape[-1], len(horizons)))
    for driver, shape in enumerate(effect.shapes):
        by_start = np.stack([shape[:, first - 1 : last].mean(axis=1) for first, last in horizons.values()], axis=1)
        rise = effect.peaks[:, driver, None] * by_start[effect.starts[:, driver]]
        means += effect.places[driver, home][None, :, None] * rise[:, None, :]
    coords = {"outcome": drawn.rest["outcome"].values, "horizon": list(horizons)}
    return xr.DataArray(means, coords, ("draw", "outcome", "horizon"), name="whole_effect")


def beliefs_held(register: Register, uses: EvidenceUsed) -> dict[str, EvidenceUsed]:
    """Return which beliefs of the whole effect are held before months after the exit are known, and what each uses.

    `documents` where something is said of a way of a driver that hinges on the exit, called `stated` where the case has
    no documents and says it itself; `exits` where the case is of the class of exits elsewhere and enough were known;
    `both` where each of them has a say.

    Parameters
    ----------
    register : Register
    uses : EvidenceUsed
        What is left out has no say.
    """
    held = {}
    if uses.documents and documents_whole(register).shares:
        held[DOCUMENTS if register.sources else STATED] = EvidenceUsed(exits=False)
    if register.using(uses).exits_used is not None:
        held[EXITS] = EvidenceUsed(documents=False)
    return held | ({BOTH: EvidenceUsed()} if len(held) > 1 else {})


def before_the_record(
    register: Register,
    scenario: Scenario,
    exit: str,
    horizons: Mapping[HorizonName, tuple[int, int]],
    *,
    draws: int = 4000,
    seed: int = 1,
) -> dict[str, xr.DataArray]:
    """Return the whole effect by each belief that is held in the month of the exit (`beliefs_held`).

    Parameters
    ----------
    register : Register
    scenario : Scenario
        Its `evidence` says what has a say.
    exit : str
    horizons : mapping of name to (first, last)
    draws, seed : int

    Returns
    -------
    dict of belief to DataArray (draw, outcome, horizon)
    """
    found = {}
    for belief, used in beliefs_held(register, scenario.evidence).items():
        supposed = scenario.model_copy(update={"evidence": used})
        priors = scenario_priors(register, supposed)
        drawn = draws_from_claims(register.drivers, priors, supposed, draws, seed, as_of=exit)
        found[belief] = whole_effect(register, drawn, supposed, exit, horizons)
    return found


def whole_table(beliefs: Mapping[str, xr.DataArray]) -> pd.DataFrame:
    """Return each belief in numbers: rate ratios at home against no exit, and the chance that deaths rise.

    Parameters
    ----------
    beliefs : mapping of belief to DataArray (draw, outcome, horizon)

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; `mean` is the exponential of the mean log ratio, q50 the median, q10 and q90 hold 80 in 100.
    """
    rows = []
    for belief, effect in beliefs.items():
        for outcome in effect["outcome"].values:
            for horizon in effect["horizon"].values:
                values = effect.sel(outcome=outcome, horizon=horizon).values
                quantiles = np.exp(np.quantile(values, [0.05, 0.1, 0.5, 0.9, 0.95]))
                numbers = [float(np.exp(values.mean())), *map(float, quantiles), float((values > 0).mean())]
                rows.append([belief, str(outcome), str(horizon), *numbers])
    return pd.DataFrame(rows, columns=COLUMNS)
