"""Which drivers of a case speak of the same events as things that may break."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ..case.opening import Case
from ..follow.accord import ACCORD
from ..follow.coups import COUPS
from ..schema.case import EventInTable

if TYPE_CHECKING:
    from .results import Forecast


def relations_of(run: "Forecast") -> pd.DataFrame:
    """Return drivers that a dated event of a kind that may break settles or moves.

    Returns
    -------
    DataFrame
        Columns kind, event, driver, branch and chance: the share of futures in which the driver goes this way.
    """
    rows = []
    ways, names = run.drivers.ways, run.ground.priors["branch"]
    for driver in run.ground.register.drivers.values():
        for known in driver.events:
            for kind in _kinds(run.case, known.event):
                told: dict[str, str | float] = {"kind": kind, "event": known.event}
                told |= {"driver": driver.id, "branch": known.branch}
                if driver.id in ways["driver"].values:
                    at = list(names.sel(driver=driver.id).values).index(known.branch)
                    told["chance"] = float((ways.sel(driver=driver.id) == at).mean())
                rows.append(told)
    return pd.DataFrame(rows, columns=["kind", "event", "driver", "branch", "chance"])


def _kinds(case: Case, event: str) -> Iterator[str]:
    said, accord, coups = case.definition.events.get(event), case.definition.accord, case.definition.record.coups
    if accord is not None and accord.ended == event:
        yield ACCORD.id
    if coups is not None and isinstance(said, EventInTable) and said.table == coups.file:
        yield COUPS.id
