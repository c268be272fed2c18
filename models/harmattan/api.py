"""What users call from Python. The command line says the same."""

from pathlib import Path
from typing import TYPE_CHECKING, get_args

from .case.event_table import events
from .case.importing import import_data
from .case.opening import open_case
from .claims.exit_class import exit_ratios
from .claims.exits import exits
from .claims.register import load_register
from .claims.tables import derivation_table, lexicon
from .core.arguments import checked
from .core.errors import InputError
from .core.names import OUTCOMES, Counts
from .core.progress import Steps
from .evaluate.inference_checks import inference_checks
from .explain.resolved import ScenarioView, view_scenario
from .explain.trace import Trace
from .explain.trace import trace as trace_id
from .model.posterior import Posterior
from .model.specification import SamplerSettings
from .report.actors import actors
from .report.entry import brief
from .report.explore_entry import explore
from .report.fragility import fragility
from .report.ledger_entry import ledger
from .report.prior_outcomes import prior_outcomes
from .report.reading_entry import read
from .report.signposting import signposts
from .run.asking import Ask
from .run.counting import counting
from .run.displays import register
from .run.exit_effect import exit_effect
from .run.forecasting import fit_scenario, forecast_scenario
from .run.memory import check_memory
from .run.notebook_steps import default_steps
from .run.overview import Overview, overview_of
from .run.pairing import check_pairing
from .run.results import Comparison, Forecast
from .run.since import since
from .run.sweeping import sweep
from .run.validation import validate
from .schema.scenario import Scenario, load_scenario, scenario_names
from .schema.validation import suggestion

if TYPE_CHECKING:
    import pandas as pd

    from .report.explanation import Explanation

__all__ = [
    "actors",
    "brief",
    "compare",
    "compare_all",
    "counting",
    "derivation",
    "events",
    "exit_effect",
    "exit_ratios",
    "exits",
    "explain",
    "explore",
    "fit",
    "forecast",
    "fragility",
    "import_data",
    "inference_checks",
    "ledger",
    "lexicon",
    "load",
    "prior_outcomes",
    "read",
    "scorecard",
    "show",
    "signposts",
    "since",
    "sweep",
    "trace",
    "validate",
]


register()


@checked
def load(path: str | Path) -> Scenario:
    """Return a scenario by name or path, with everything it extends merged in.

    Raises
    ------
    InputError
        If the scenario does not exist or is wrong; the message says where and how to mend it.
    """
    return load_scenario(path)


@checked
def fit(
    scenario: str | Path | Scenario | None = None,
    *,
    as_of: str | None = None,
    panel: str | Path | None = None,
    settings: SamplerSettings | None = None,
    cache: bool = True,
    steps: Steps | None = None,
) -> Posterior:
    """Return the fitted model that a scenario needs; the same fit is never made twice.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, YAML file or loaded scenario; the record alone by default.
    as_of : str, optional
        Last month of the record to use, `YYYY-MM` or `latest`; the scenario's own by default.
    panel : path, optional
        Another panel of the same form instead of the frozen one.
    settings : SamplerSettings, optional
    cache : bool
        Whether to read and write the cache of fits.
    steps : Steps, optional
        Receives progress and wall times.
    """
    ask = Ask(as_of=as_of, panel_file=_path(panel), settings=settings, cache=cache)
    return fit_scenario(ask.of(_or(scenario, open_case().record_alone)), ask, steps=steps or default_steps())[0]


@checked
def forecast(
    scenario: str | Path | Scenario | None = None,
    *,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    months: int | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    counts: Counts = "reported",
    settings: SamplerSettings | None = None,
    cache: bool = True,
    steps: Steps | None = None,
) -> Forecast:
    """Return joint futures of every unit and outcome of the case under a scenario.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, YAML file or loaded scenario; by default the record alone, without any driver.
    as_of : str, optional
        Last month of deaths, events and counts to use, `YYYY-MM` or `latest`; documents have their own dates.
    claims_as_of : str, optional
        Leaves out documents that were not certainly written by this month, `YYYY-MM`.
    months : int, optional
        Months to simulate; the scenario's own number by default.
    draws : int
        Number of futures. Asking for more keeps the earlier ones.
    seed : int
        Root seed; forecasts with the same seed are paired.
    panel : path, optional
        Another panel of the same form instead of the frozen one.
    counts : {"reported", "plausible"}
        Deaths as UCDP's best estimates count them, or widened by its own low and high estimates
        (`simulate.plausible`).
    settings : SamplerSettings, optional
    cache : bool
    steps : Steps, optional
    """
    if counts not in get_args(Counts):
        raise InputError(f"{counts!r} is no way to count deaths: choose {' or '.join(get_args(Counts))}.")
    ask = Ask(as_of, claims_as_of, months, draws, seed, _path(panel), settings, cache)
    chosen = ask.of(_or(scenario, open_case().record_alone))
    run = forecast_scenario(chosen, ask, steps=steps or default_steps())
    return run.plausible() if counts == "plausible" else run


@checked
def compare(
    *scenarios: str | Path | Scenario,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    months: int | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    steps: Steps | None = None,
) -> Comparison:
    """Return scenarios paired on the same futures, each held against the last one named.

    Parameters
    ----------
    *scenarios : str, Path or Scenario
        At least two.
    as_of, claims_as_of, months, draws, seed, panel, steps
        As in `forecast`.
    """
    if len(scenarios) < 2:
        raise InputError(f"compare needs at least two scenarios, for instance: {' '.join(_some_scenarios())}.")
    ask = Ask(as_of, claims_as_of, months, draws, seed, _path(panel))
    chosen = [ask.of(scenario) for scenario in scenarios]
    check_pairing(chosen)
    check_memory("compare", draws, chosen[0].clock.months, units=len(open_case().units), scenarios=len(chosen))
    runs: dict[str, Forecast] = {}
    steps = steps or default_steps()
    for item in chosen:
        repeats = sum(name.split(" (")[0] == item.scenario.id for name in runs)
        name = f"{item.scenario.id} ({repeats + 1})" if repeats else item.scenario.id
        runs[name] = forecast_scenario(item, ask, steps=steps)
    return Comparison.of(runs)


@checked
def compare_all(
    *scenarios: str | Path | Scenario,
    against: str | Path | Scenario | None = None,
    outcome: str | None = None,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    months: int | None = None,
    draws: int = 1000,
    seed: int = 1,
    panel: str | Path | None = None,
    steps: Steps | None = None,
) -> Overview:
    """Return many scenarios side by side: the case's groups of units, at each horizon, in one table.

    Parameters
    ----------
    *scenarios : str, Path or Scenario
        All scenarios of the case by default.
    against : str, Path or Scenario, optional
        What each is held against; the case's first scenario by default.
    outcome : str
        `one_sided`, `state_based` or `non_state`; the case's headline by default.
    as_of, claims_as_of, months, draws, seed, panel, steps
        As in `forecast`.

    Raises
    ------
    InputError
        If a scenario is wrong, or they do not share as_of, exit, months and horizons.
    """
    outcome = outcome or open_case().headline
    if outcome not in OUTCOMES:
        known = ", ".join(OUTCOMES)
        raise InputError(f"There is no outcome {outcome!r}.{suggestion(outcome, OUTCOMES)} Known: {known}.")
    ask = Ask(as_of, claims_as_of, months, draws, seed, _path(panel))
    reference = ask.of(_or(against, open_case().first_scenario))
    chosen = [ask.of(scenario) for scenario in scenarios or scenario_names()]
    return overview_of(chosen, reference, ask=ask, outcome=outcome, steps=steps)


@checked
def explain(
    scenario: str | Path | Scenario | None = None,
    *,
    country: str | None = None,
    outcome: str | None = None,
    months: int = 12,
    threshold: float | None = None,
    cost_ratio: float = 0.25,
    refit: bool = False,
    as_of: str | None = None,
    claims_as_of: str | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    settings: SamplerSettings | None = None,
    out: str | Path | None = None,
    steps: Steps | None = None,
) -> "Explanation":
    """Return which driver, claim and source moved an answer: the total of the first months, and P(total > threshold).

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, YAML file or loaded scenario, in which drivers act; the case's first by default.
    country, outcome : str
        Whose total the question is about; home and the case's headline by default.
    months : int
        First months that are added up.
    threshold : float, optional
        Deaths; one of the case's thresholds by default.
    cost_ratio : float
        Cost of preparing over the loss of being caught unprepared, for the value of knowing a driver.
    refit : bool
        Where drivers were learnt from months after the exit: whether to fit again when weights fail, a minute for each.
    as_of, claims_as_of, draws, seed, panel, settings, steps
        As in `forecast`.
    out : path, optional
        Folder for tables, figures, words and `run.json`; an earlier result in it gives way, other files stay.

    Raises
    ------
    InputError
        If scenario or question cannot be used, or no driver acts in the scenario.
    """
    from .explain.question import Question
    from .report.explaining import explain_run
    from .report.folders import check_replaceable

    case = open_case()
    passed = case.high_threshold if threshold is None else threshold
    question = Question(case.unit(country or case.home), outcome or case.headline, months, passed)
    check_replaceable(out, "explanation")
    check_memory("explain", draws, months, units=len(case.units))
    steps = steps or Steps()
    ask = Ask(as_of, claims_as_of, months, draws, seed, _path(panel), settings)
    run = forecast_scenario(ask.of(_or(scenario, case.first_scenario)), ask, steps=steps)
    found = explain_run(run, question, cost_ratio=cost_ratio, refit=refit, settings=settings, steps=steps)
    if out is not None:
        found.save(out)
    return found


@checked
def show(scenario: str | Path | None = None) -> ScenarioView:
    """Return a scenario with the file and line of every value, and what it makes of the drivers.

    Parameters
    ----------
    scenario : str or Path
        Name of a scenario, or a YAML file; the case's first by default.
    """
    return view_scenario(open_case().first_scenario if scenario is None else scenario)


def scorecard() -> "dict[str, pd.DataFrame]":
    """Return how the model's forecasts of past years did, each table by its name.

    `skill`, `coverage` and `stacking` are of a year ahead; `horizons_skill`, `horizons_coverage`, `horizons_said` and
    `horizons_flatness`, where the case has them, of months 1 to 36 and of totals to year 5
    (`evaluate.horizons.horizon_tables`).
    """
    from .evaluate.scorecard import load_scorecard

    return load_scorecard(open_case().scorecard)


@checked
def trace(id: str) -> Trace:
    """Return what a claim, driver, source, evidence item or proposition rests on and touches."""
    return trace_id(load_register(), id)


@checked
def derivation(driver: str) -> "pd.DataFrame":
    """Return how a driver's prior comes about, step by step; `hm.plots.derivation` draws it.

    Parameters
    ----------
    driver : str
        Id in `scenarios/drivers.yaml`.

    Returns
    -------
    pandas.DataFrame
        As `harmattan.claims.tables.derivation_table` describes it.

    Raises
    ------
    InputError
        If there is no such driver.
    """
    return derivation_table(load_register(), driver)


def _path(panel: str | Path | None) -> Path | None:
    return None if panel is None else Path(panel)


def _or(given: str | Path | Scenario | None, usual: str) -> str | Path | Scenario:
    return usual if given is None else given


def _some_scenarios() -> list[str]:
    case = open_case()
    return [case.first_scenario, case.second_scenario or case.record_alone]
