"""What users call from Python. The command line says the same."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .claims.documents import check_documents
from .claims.register import Register, load_register
from .claims.tables import derivation_table, official_bands, readings_table
from .core.errors import InputError
from .core.language import language
from .core.names import HEADLINE, OUTCOMES
from .core.progress import Steps
from .explain.resolved import ScenarioView, view_scenario
from .explain.trace import Trace
from .explain.trace import trace as trace_id
from .model.posterior import Posterior
from .model.specification import SamplerSettings
from .panel.importing import import_data
from .run.displays import register
from .run.forecasting import fit_scenario, forecast_scenario, resolved
from .run.notebook_steps import default_steps
from .run.overview import Overview, overview_of
from .run.results import Comparison, Forecast
from .schema.scenario import Scenario, load_scenario, scenario_names, scenario_sources
from .schema.validation import suggestion

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "brief",
    "compare",
    "compare_all",
    "derivation",
    "fit",
    "forecast",
    "import_data",
    "lexicon",
    "load",
    "show",
    "trace",
    "validate",
]

DEFAULT_PAIR = ("withdrawal", "mission_stays")

register()


def load(path: str | Path) -> Scenario:
    """Return a scenario by name or path, with everything it extends merged in.

    Raises
    ------
    InputError
        If the scenario does not exist or is wrong; the message says where and how to mend it.
    """
    return load_scenario(path)


def fit(
    scenario: str | Path | Scenario = "baseline",
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
        Name, YAML file or loaded scenario.
    as_of : str, optional
        Last month of the record to use, `YYYY-MM`; the scenario's own by default.
    panel : path, optional
        Another panel of the same form instead of the frozen one.
    settings : SamplerSettings, optional
    cache : bool
        Whether to read and write the cache of fits.
    steps : Steps, optional
        Receives progress and wall times.
    """
    chosen = resolved(scenario, as_of, None)
    return fit_scenario(
        chosen, panel_file=_path(panel), settings=settings, cache=cache, steps=steps or default_steps()
    )[0]


def forecast(
    scenario: str | Path | Scenario = "baseline",
    *,
    as_of: str | None = None,
    months: int | None = None,
    draws: int = 4000,
    seed: int = 1,
    panel: str | Path | None = None,
    settings: SamplerSettings | None = None,
    cache: bool = True,
    steps: Steps | None = None,
) -> Forecast:
    """Return joint futures of sixteen countries and three outcomes under a scenario.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, YAML file or loaded scenario. `baseline` is the record alone, without any driver.
    as_of : str, optional
        Last month of the record to use, `YYYY-MM`; nothing later is used anywhere.
    months : int, optional
        Months to simulate; the scenario's own number by default.
    draws : int
        Number of futures. Asking for more keeps the earlier ones.
    seed : int
        Root seed; forecasts with the same seed are paired.
    panel : path, optional
        Another panel of the same form instead of the frozen one.
    settings : SamplerSettings, optional
    cache : bool
    steps : Steps, optional
    """
    return forecast_scenario(
        resolved(scenario, as_of, months),
        draws=draws,
        seed=seed,
        panel_file=_path(panel),
        settings=settings,
        cache=cache,
        steps=steps or default_steps(),
    )


def compare(
    *scenarios: str | Path | Scenario,
    as_of: str | None = None,
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
    as_of, months, draws, seed, panel, steps
        As in `forecast`.
    """
    if len(scenarios) < 2:
        raise InputError("compare needs at least two scenarios, for instance: withdrawal mission_stays.")
    chosen = [resolved(scenario, as_of, months) for scenario in scenarios]
    _check_pairing(chosen)
    runs: dict[str, Forecast] = {}
    steps = steps or default_steps()
    for item in chosen:
        repeats = sum(name.split(" (")[0] == item.id for name in runs)
        name = f"{item.id} ({repeats + 1})" if repeats else item.id
        runs[name] = forecast_scenario(item, draws=draws, seed=seed, panel_file=_path(panel), steps=steps)
    return Comparison.of(runs)


def compare_all(
    *scenarios: str | Path | Scenario,
    against: str | Path | Scenario = "withdrawal",
    outcome: str = HEADLINE,
    as_of: str | None = None,
    months: int | None = None,
    draws: int = 1000,
    seed: int = 1,
    panel: str | Path | None = None,
    steps: Steps | None = None,
) -> Overview:
    """Return many scenarios side by side: Mali, the central Sahel and the coast, at each horizon, in one table.

    Parameters
    ----------
    *scenarios : str, Path or Scenario
        All scenarios of the project by default.
    against : str, Path or Scenario
        What each is held against.
    outcome : str
        `one_sided`, `state_based` or `non_state`.
    as_of, months, draws, seed, panel, steps
        As in `forecast`.

    Raises
    ------
    InputError
        If a scenario is wrong, or they do not share as_of, exit, months and horizons.
    """
    if outcome not in OUTCOMES:
        known = ", ".join(OUTCOMES)
        raise InputError(f"There is no outcome {outcome!r}.{suggestion(outcome, OUTCOMES)} Known: {known}.")
    reference = resolved(against, as_of, months)
    chosen = [resolved(scenario, as_of, months) for scenario in scenarios or scenario_names()]
    return overview_of(chosen, reference, outcome=outcome, draws=draws, seed=seed, panel_file=_path(panel), steps=steps)


def brief(
    *scenarios: str | Path | Scenario,
    out: str | Path = "out",
    draws: int = 4000,
    seed: int = 1,
    lang: str = "en",
    likelihood: str = "icd203",
    formats: Sequence[str] = ("png", "svg"),
    settings: SamplerSettings | None = None,
    steps: Steps | None = None,
) -> Path:
    """Write the brief: figures, tables, `run.json`, one self-contained `brief.html` and the same as `brief.pdf`.

    Parameters
    ----------
    *scenarios : str, Path or Scenario
        Two: the first is what happened or may happen, the second what it is held against. By default `withdrawal`
        against `mission_stays`.
    out : path
        Folder; what stood there before is replaced as a whole when everything has been made.
    lang : str
        Language of page, print and figures: a file in `languages/`, so far ``en`` and ``fr``.
    likelihood : {"icd203", "phia"}
        Whose words of likelihood to use; the number always stands beside them.
    formats : sequence of str
        What each figure is written as: png, svg, pdf.
    draws, seed, settings, steps
        As in `forecast`.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    InputError
        If there is no such language, scale or format, or the scenarios cannot be paired.
    """
    from .report.assemble import write_brief

    language(lang)
    _one_of("likelihood", [likelihood], ("icd203", "phia"))
    _one_of("format", formats, ("png", "svg", "pdf"))

    chosen = [resolved(scenario, None, None) for scenario in scenarios or DEFAULT_PAIR]
    if len(chosen) == 1:
        chosen.append(resolved(DEFAULT_PAIR[1], chosen[0].as_of, chosen[0].months))
    if len(chosen) != 2:
        raise InputError("A brief takes one or two scenarios; use `harmattan compare` for more.")
    _check_pairing(chosen)
    _check_replaceable(Path(out))
    if chosen[0].id == chosen[1].id:
        raise InputError(f"A brief holds two different scenarios against each other; {chosen[0].id} was given twice.")
    files = [path for item in scenarios if not isinstance(item, Scenario) for path in scenario_sources(item)]
    return write_brief(
        (chosen[0], chosen[1]),
        Path(out),
        draws=draws,
        seed=seed,
        settings=settings,
        files=files,
        steps=steps or default_steps(),
        lang=lang,
        likelihood="phia" if likelihood == "phia" else "icd203",
        formats=tuple(dict.fromkeys(formats)),
    )


def show(scenario: str | Path) -> ScenarioView:
    """Return a scenario with the file and line of every value, and what it makes of the drivers.

    Parameters
    ----------
    scenario : str or Path
        Name of a scenario, or a YAML file.
    """
    return view_scenario(scenario)


def validate(*, documents: str | Path | None = None, sources: Collection[str] | None = None) -> Register:
    """Check every source, claim, driver, lexicon, evidence and scenario file, and return the register.

    Parameters
    ----------
    documents : path, optional
        Folder of the original documents; line numbers, hedge words and SHA-256 are then checked against them.
    sources : collection of str, optional
        Sources whose documents lie there; all by default.

    Raises
    ------
    InputError
        If anything is wrong; one paragraph for each file.
    """
    register = load_register()
    scenarios = [load_scenario(name, drivers=register.drivers) for name in scenario_names()]
    if documents is not None:
        check_documents(register, documents, scenarios=scenarios, sources=sources)
    return register


def trace(id: str) -> Trace:
    """Return what a claim, driver, source, evidence item or proposition rests on and touches."""
    return trace_id(load_register(), id)


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


def lexicon() -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Return how readers take the documents' words, and the official bands; `hm.plots.lexicon` draws the two.

    Returns
    -------
    readings, bands : pandas.DataFrame
        As `harmattan.claims.tables.readings_table` and `official_bands` describe them.
    """
    register = load_register()
    return readings_table(register), official_bands(register)


def _one_of(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    wrong = [name for name in given if name not in known]
    if wrong or not given:
        raise InputError(f"--{option} {', '.join(wrong)}: choose from {', '.join(known)}.")


def _path(panel: str | Path | None) -> Path | None:
    return None if panel is None else Path(panel)


def _check_replaceable(out: Path) -> None:
    """Refuse to replace what no brief has written."""
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out} is a file; name a folder for the brief.")
    if out.is_dir() and any(out.iterdir()) and not (out / "run.json").is_file():
        raise InputError(
            f"--out {out} holds other files and would be replaced as a whole. Name a new folder, or one that a brief "
            "has made."
        )


def _check_pairing(scenarios: list[Scenario]) -> None:
    first = scenarios[0]
    for other in scenarios[1:]:
        for name in ("as_of", "exit", "months"):
            a, b = getattr(first, name), getattr(other, name)
            if a != b:
                raise InputError(
                    f"Scenarios can only be paired over the same months: {name} is {a} in {first.id} and {b} in "
                    f"{other.id}. Give both the same, or pass --as-of and --months to compare."
                )
