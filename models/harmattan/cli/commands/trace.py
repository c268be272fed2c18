"""`harmattan trace`."""

from typing import Annotated

import typer

from ..options import AsJson
from ..output import print_json, print_text


def trace(
    id: Annotated[
        str, typer.Argument(help="A claim, driver, source, evidence item ... or number, such as one_sided/MLI/short.")
    ],
    as_json: AsJson = False,
) -> None:
    """Show what an id rests on and what it touches, down to file and line.

    Example: harmattan trace peace-accord
    """
    from ...api import trace as run_trace

    found = run_trace(id)
    if as_json:
        print_json(found.as_dict())
    else:
        print_text(found.as_text())
