"""Many scenarios of one or several cases, each a task: summaries of their forecasts in one table."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..case.opening import open_case
from ..claims.register import load_register
from ..core.arguments import checked
from ..core.errors import InputError
from ..core.progress import Steps
from ..core.resources import project_root, using_project
from ..model.specification import SamplerSettings
from ..schema.clock import Clock
from ..schema.scenario import Asked, Scenario, scenario_names
from ..tasks.carrying import Where, carry_out
from ..tasks.results import usual_folder
from ..tasks.task import Task
from .asking import Ask
from .forecasting import forecast_scenario
from .memory import check_memory
from .notebook_steps import default_steps
from .provenance import inputs_of


@dataclass(frozen=True)
class CaseFiles:
    """A case as a task is given it: known by its files, wherever they lie.

    Attributes
    ----------
    folder : str
        Where they lie, on this machine and on those of a cluster.
    id : str
    inputs : mapping of path to SHA-256
        Of every file that a forecast reads, apart from its scenario.
    """

    folder: str = field(compare=False)
    id: str
    inputs: Mapping[str, str]


@checked
def sweep(
    *,
    scenarios: Sequence[str | Path | Scenario] | None = None,
    cases: Sequence[str | Path] | None = None,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    months: int | None = None,
    draws: int = 1000,
    seed: int = 1,
    settings: SamplerSettings | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    keep: str | Path | None = None,
    steps: Steps | None = None,
) -> pd.DataFrame:
    """Return the forecasts of many scenarios, of one case or several, in one table; they may be shared among machines.

    Each forecast is kept as it comes, so that the same call goes on where an earlier one was interrupted. The numbers
    are the same wherever they are made.

    Parameters
    ----------
    scenarios : sequence of str, Path or Scenario, optional
        Each is forecast in each case; all scenarios of each case by default.
    cases : sequence of path, optional
        Folders of cases; the case in use by default. The machines of a cluster must have them under the same path.
    as_of, claims_as_of, months, draws, seed, settings
        As in `forecast`.
    workers : int
        Processes of this machine that share the work, by Dask; 1 is this process alone. A script asks for more of them
        under ``if __name__ == "__main__":``, since each process reads the script.
    scheduler : str, optional
        Address of a running Dask scheduler whose workers do it, ``tcp://HOST:PORT``.
    keep : path, optional
        Folder that gains a Parquet file for each forecast; beside the kept fits by default.
    steps : Steps, optional
        Receives progress and wall times.

    Returns
    -------
    pandas.DataFrame
        Columns case, scenario, as_of, country, outcome, window (horizon), months (how many), first_month, last_month,
        mean, q05 ... q95 (deaths per month), fit_passed (whether the fit passed its diagnostics).

    Raises
    ------
    InputError
        If a case or scenario cannot be used, before anything is done; or, when all others are done and kept, if some
        forecasts failed.

    Examples
    --------
    >>> hm.sweep(cases=["mine", "yours"], months=12, workers=2)  # doctest: +SKIP
    """
    settings, where = settings or SamplerSettings(), Where(workers, scheduler)
    ask = Ask(
        as_of, claims_as_of, months, draws, seed, settings=settings if where.is_here else replace(settings, cores=1)
    )
    folders = [project_root()] if cases is None else [Path(folder).expanduser().resolve() for folder in cases]
    tasks = [task for folder in folders for task in _tasks(folder, scenarios, ask, where)]
    _refuse_one_name_for_two(tasks)
    name = f"{len(tasks)} forecasts" if len(tasks) > 1 else "one forecast"
    kept = usual_folder() if keep is None else Path(keep)
    return pd.concat(carry_out(name, tasks, keep=kept, where=where, steps=steps or default_steps()), ignore_index=True)


def _tasks(folder: Path, scenarios: Sequence[str | Path | Scenario] | None, ask: Ask, where: Where) -> Iterator[Task]:
    """Yield a case's tasks, when all that they are asked has been found usable."""
    with using_project(folder):
        register, case = load_register(), open_case()
        files = CaseFiles(str(folder), case.definition.id, inputs_of(register))
        for named in scenario_names() if scenarios is None else scenarios:
            asked = ask.of(named)
            if where.scheduler is None:
                check_memory("forecast", ask.draws, asked.clock.months, units=len(case.units), workers=where.workers)
            assumed = {"scenario": asked.scenario.model_dump(mode="json"), "clock": asked.clock.model_dump(mode="json")}
            given = {"case": files, "draws": ask.draws, "seed": ask.seed, "settings": ask.settings}
            yield Task(f"{files.id}, {asked.scenario.id}", summary_of, assumed | given)


def summary_of(
    case: CaseFiles,
    scenario: Mapping[str, Any],
    clock: Mapping[str, Any],
    draws: int,
    seed: int,
    settings: SamplerSettings,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Return the summary of a scenario's forecast, labelled with case, scenario and `as_of`."""
    with using_project(Path(case.folder)):
        register = load_register()
        if inputs_of(register) != case.inputs:
            raise InputError(f"{case.folder} does not hold there and now the files that were asked about")
        asked = Asked(Scenario.model_validate(scenario), Clock.model_validate(clock))
        run = forecast_scenario(asked, Ask(draws=draws, seed=seed, settings=settings), register=register)
    labels = {"case": case.id, "scenario": run.scenario.id, "as_of": run.clock.as_of}
    table = run.summary().assign(**labels, fit_passed=run.posterior.diagnostics.passed)
    where = ["country", "outcome", "window", "months", "first_month", "last_month"]
    numbers = [name for name in table.columns if name not in (*labels, *where)]
    return table[[*labels, *where, *numbers]]


def _refuse_one_name_for_two(tasks: Sequence[Task]) -> None:
    folders: dict[str, str] = {}
    for case in (task.given["case"] for task in tasks):
        if folders.setdefault(case.id, case.folder) != case.folder:
            raise InputError(
                f"{folders[case.id]} and {case.folder} are both called {case.id}, so rows of the table could not be "
                "told apart. Give one of them another `id` in its case.yaml."
            )
