"""`harmattan show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import InputError
from ...core.files import check_file
from ..options import AsJson, ScenarioArgument
from ..output import print_json, print_text

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
    else:
        print_text(found.as_text(resolved=resolved))


def _draw(found: "ScenarioView", target: Path) -> None:
    from ...plots import driver_graph
    from ...report.figures import save_as

    title = f"How the drivers hang together: {found.scenario.title}"
    save_as(target, driver_graph(found.nodes, found.arrows, title=title))
