"""People and states: who flees where, who is displaced, what may break, under the scenarios of a brief."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..core.progress import Steps
from ..run.breaks import Breaks
from ..run.displaced import Displaced
from ..run.flows import Flows
from ..run.results import Forecast


@dataclass(frozen=True)
class People:
    """What follows from deaths, for each scenario of a brief in its order.

    Attributes
    ----------
    year : int
        The year that is shown: the first that lies ahead with all its months, else the first.
    flows : tuple of Flows
        Empty where the case names no table of them.
    displaced : tuple of Displaced
        Likewise.
    breaks : tuple of Breaks
    """

    year: int
    flows: tuple[Flows, ...]
    displaced: tuple[Displaced, ...]
    breaks: tuple[Breaks, ...]


def people_of(runs: Sequence[Forecast], steps: Steps) -> People | None:
    """Return what follows from the deaths of some runs; None where they hold the end of no year."""
    if not any(month.endswith("-12") for month in runs[0].months):
        return None
    case = runs[0].case
    with steps.step("follow who flees and what may break"):
        flows = tuple(run.flows for run in runs) if case.flows_file is not None else ()
        displaced = tuple(run.displaced for run in runs) if case.displaced_file is not None else ()
        breaks = tuple(run.breaks for run in runs)
    months = breaks[0].months
    return People(next((year for year, count in months.items() if count == 12), min(months)), flows, displaced, breaks)
