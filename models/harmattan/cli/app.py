"""The `harmattan` command. Heavy rooms are imported inside the commands, so that `--help` is quick."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ..core.resources import PROJECT_VARIABLE, project_root
from .commands.backtest import backtest
from .commands.brief import brief
from .commands.cache import cache
from .commands.compare import compare
from .commands.data import data
from .commands.explain import explain
from .commands.forecast import forecast
from .commands.ledger import ledger
from .commands.new import new
from .commands.schema import schema
from .commands.show import show
from .commands.trace import trace
from .commands.validate import validate
from .door import main

__all__ = ["app", "main"]

_HELP = "Bayesian scenario and risk forecasting for crises: from documents to priors, posterior, paths and brief."

app = typer.Typer(
    name="harmattan",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for _command in (brief, forecast, compare, show, backtest, explain, ledger, trace, validate, new, schema, cache):
    app.command()(_command)
app.add_typer(data, name="data")


@app.callback(help=_HELP)
def _for_all_commands(
    project: Annotated[
        Path | None, typer.Option("--project", help="Folder with seeds/ and scenarios/ of one's own, for all commands.")
    ] = None,
) -> None:
    if project is not None:
        os.environ[PROJECT_VARIABLE] = str(project)
        project_root()  # refuses an unfit folder before any work is done
