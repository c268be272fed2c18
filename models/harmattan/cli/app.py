"""The `harmattan` command. Heavy rooms are imported inside the commands, so that `--help` is quick."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..core.errors import DiagnosticsError, InputError
from ..core.resources import PROJECT_VARIABLE, project_root
from .commands.backtest import backtest
from .commands.brief import brief
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
from .output import say

_HELP = "Bayesian scenario and risk forecasting for the Sahel: from documents to priors, posterior, paths and brief."

app = typer.Typer(
    name="harmattan",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for _command in (brief, forecast, compare, show, backtest, explain, ledger, trace, validate, new, schema):
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


def main() -> None:
    """Run the command line: 0 on success, 2 with one paragraph on bad input, 1 on a failed strict run."""
    try:
        app(standalone_mode=False)
    except InputError as error:
        say(str(error))
        sys.exit(2)
    except DiagnosticsError as error:
        say(str(error))
        sys.exit(1)
    except typer.Abort:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # typer's own usage errors carry an exit code and a message
        if not hasattr(error, "format_message"):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.format_message())
            sys.exit(0)
        say(f"{error.format_message()} See harmattan --help.")
        sys.exit(2)
