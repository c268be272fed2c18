"""`harmattan show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import InputError
from ...core.files import check_file
from ...core.language import phrase, translate
from ..options import AsJson, Draws, PanelFile, Quiet, ScenarioArgument, Seed
from ..output import print_json, print_text, say_documents, say_provisional
from ..progress import TerminalSteps
from ..tables import COUNTRY, OUTCOME, Shown, horizon_name, print_table

if TYPE_CHECKING:
    from ...explain.resolved import ScenarioView


def show(
    scenario: ScenarioArgument = None,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Every value with its unit and the file and line that gave it.")
    ] = False,
    graph: Annotated[
        Path | None, typer.Option("--graph", help="Draw the graph of the drivers under it to a .png or .svg file.")
    ] = None,
    arrows: Annotated[
        bool, typer.Option("--arrows", help="Table of the arrows between drivers: claims, sources, delay, status.")
    ] = False,
    prior: Annotated[
        bool,
        typer.Option(
            "--prior", help="What the priors imply for the first year after the exit, beside the record; simulates."
        ),
    ] = False,
    draws: Draws = 4000,
    seed: Seed = 1,
    panel: PanelFile = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Show what a scenario assumes, where each value comes from, and what it makes of the drivers.

    Example: harmattan show --resolved
    """
    from ...api import show as view

    if prior:
        if resolved or arrows or graph is not None:
            raise InputError("--prior is a table of its own: leave out --resolved, --graph and --arrows.")
        _print_prior(scenario, draws, seed, panel, as_json, quiet)
        return
    if graph is not None:
        if graph.suffix not in (".png", ".svg"):
            raise InputError(f"--graph {graph.name}: name a .png or .svg file.")
        check_file(graph, "--graph")
    found = view(scenario)
    if graph is not None:
        _draw(found, graph)
    if as_json:
        print_json(found.as_dict())
    elif arrows:
        _print_arrows(found)
    else:
        print_text(found.as_text(resolved=resolved))


def _print_prior(scenario: str | None, draws: int, seed: int, panel: Path | None, as_json: bool, quiet: bool) -> None:
    from ...api import prior_outcomes
    from ...core.telling import telling

    steps = TerminalSteps(quiet=quiet)
    try:
        found = prior_outcomes(scenario, draws=draws, seed=seed, panel=panel, steps=steps)
    finally:
        steps.close()
    say_documents(found.forecast.documents)
    say_provisional(found.forecast.provisional_months)
    if as_json:
        print_json(found.as_dict())
        return
    with telling(found.words):
        title = phrase("prior.title", scenario=translate(found.forecast.scenario.title))
        print_table(found.table, title, PRIOR)
        print_text(found.sentence())


def _standing_name(standing: str) -> str:
    return phrase(f"prior.standing.{standing}") if standing else "–"


PRIOR = (
    COUNTRY,
    OUTCOME,
    Shown("mean", "priors: mean", decimals=0),
    Shown("q10", "80 in 100 from", decimals=0),
    Shown("q90", "80 in 100 to", decimals=0),
    Shown("alone_mean", "drivers off: mean", 1, decimals=0),
    Shown("alone_q10", "off, from", 3, decimals=0),
    Shown("alone_q90", "off, to", 3, decimals=0),
    Shown("ratio", "times drivers off", 2, decimals=2),
    Shown("recorded_lowest", "recorded, least", decimals=0),
    Shown("recorded_highest", "recorded, most", decimals=0),
    Shown("recorded_years", "years", 4),
    Shown("standing", "against the record", words=_standing_name),
)


def _print_arrows(found: "ScenarioView") -> None:
    import pandas as pd

    table = pd.concat([found.arrows, found.undrawn], ignore_index=True)
    table["cause"] = table["parent"] + " " + table["branch"]
    table["effect"] = table["child"] + " " + table["moves"]
    print_table(table, phrase("links.title", scenario=found.scenario.id), COLUMNS)


def _status_name(status: str) -> str:
    return phrase(f"links.short.{status}")


def _horizon_names(horizons: str) -> str:
    return ", ".join(horizon_name(one) for one in horizons.split(", ")) if horizons else "–"


COLUMNS = (
    Shown("cause", "makes"),
    Shown("effect", "more or less likely"),
    Shown("status", "status", words=_status_name),
    Shown("claims_for", "claims for"),
    Shown("sources", "sources for"),
    Shown("claims_against", "claims against", 1),
    Shown("sources_against", "sources against", 4),
    Shown("lag_months", "delay (months)", 2, decimals=0),
    Shown("horizons", "horizon in claims", 5, words=_horizon_names),
    Shown("odds_ratio", "odds ratio", 6),
    Shown("chance", "chance", 6),
)


def _draw(found: "ScenarioView", target: Path) -> None:
    from ...plots import driver_graph
    from ...report.figures import save_as

    title = phrase("figures.graph.title_of", scenario=translate(found.scenario.title))
    save_as(target, driver_graph(found.nodes, found.arrows, title=title))
