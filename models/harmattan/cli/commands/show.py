"""`harmattan show`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import InputError
from ..options import AsJson, ScenarioArgument
from ..output import check_writable, print_json

if TYPE_CHECKING:
    from ...explain.resolved import ScenarioView


def show(
    scenario: ScenarioArgument,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Every value with its unit and the file and line that gave it.")
    ] = False,
    graph: Annotated[
        Path | None, typer.Option("--graph", help="Draw the graph of the drivers under it to a .png or .svg file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what a scenario assumes, where each value comes from, and what it makes of the drivers.

    Example: harmattan show vacuum --resolved
    """
    from ...api import show as view

    if graph is not None:
        if graph.suffix not in (".png", ".svg"):
            raise InputError(f"--graph {graph.name}: name a .png or .svg file.")
        check_writable(graph)
    found = view(scenario)
    if graph is not None:
        _draw(found, graph)
    if as_json:
        print_json(found.as_dict())
    else:
        print(found.as_text(resolved=resolved))


def _draw(found: "ScenarioView", target: Path) -> None:
    from ...core.files import file_in_place
    from ...plots import driver_graph

    title = f"How the drivers hang together: {found.scenario.title}"
    figure = driver_graph(found.nodes, found.arrows, title=title).get_figure()
    with file_in_place(target) as temporary:
        figure.savefig(temporary, format=target.suffix[1:], dpi=160)  # type: ignore[union-attr]
