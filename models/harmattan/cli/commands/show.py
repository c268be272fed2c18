"""`harmattan show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import InputError
from ...core.files import check_file
from ...core.language import phrase, translate
from ..options import AsJson, ScenarioArgument
from ..output import print_json, print_text
from ..tables import Shown, horizon_name, print_table

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
    as_json: AsJson = False,
) -> None:
    """Show what a scenario assumes, where each value comes from, and what it makes of the drivers.

    Example: harmattan show --resolved
    """
    from ...api import show as view

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
    Shown("claims_against", "claims against"),
    Shown("sources_against", "sources against", 3),
    Shown("lag_months", "delay (months)", decimals=0),
    Shown("horizons", "horizon in claims", 1, words=_horizon_names),
    Shown("odds_ratio", "odds ratio", 2),
    Shown("chance", "chance", 2),
)


def _draw(found: "ScenarioView", target: Path) -> None:
    from ...plots import driver_graph
    from ...report.figures import save_as

    title = phrase("figures.graph.title_of", scenario=translate(found.scenario.title))
    save_as(target, driver_graph(found.nodes, found.arrows, title=title))
