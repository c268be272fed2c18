"""The `harmattan` command. Heavy rooms are imported inside the commands, so that `--help` is quick."""

import os
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any

import typer

from ..core.language import DEFAULT, speaking
from ..core.resources import PROJECT_VARIABLE, project_root
from .commands.actors import actors
from .commands.backtest import backtest
from .commands.brief import brief
from .commands.cache import cache
from .commands.compare import compare
from .commands.data import data
from .commands.explain import explain
from .commands.forecast import forecast
from .commands.fragile import fragile
from .commands.ledger import ledger
from .commands.new import new
from .commands.read import read
from .commands.schema import schema
from .commands.scorecard import scorecard
from .commands.show import show
from .commands.signposts import signposts
from .commands.trace import trace
from .commands.validate import validate
from .options import Lang

_HELP = "Bayesian scenario and risk forecasting for crises: from documents to priors, posterior, paths and brief."

app = typer.Typer(
    name="harmattan",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _on_a_case(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command look at `case.yaml` first: what is wrong there is said before arrays and tables are imported."""

    @wraps(command)
    def checked_first(*given: Any, **named: Any) -> Any:
        from ..schema.case import read_case

        read_case(project_root())
        return command(*given, **named)

    return checked_first


def _in_a_language(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command speak the language of `--lang`, and give it that option where it has none of its own."""
    given = signature(command)
    own = "lang" in given.parameters

    @wraps(command)
    def spoken(*values: Any, **named: Any) -> Any:
        lang = named["lang"] if own else named.pop("lang")
        with speaking(lang):
            return command(*values, **named)

    if not own:
        option = Parameter("lang", Parameter.KEYWORD_ONLY, default=DEFAULT, annotation=Lang)
        spoken.__signature__ = given.replace(parameters=[*given.parameters.values(), option])  # type: ignore[attr-defined]
        spoken.__annotations__ = {**command.__annotations__, "lang": Lang}
    return spoken


for _command in (
    brief,
    forecast,
    compare,
    show,
    backtest,
    explain,
    fragile,
    signposts,
    actors,
    ledger,
    scorecard,
    read,
    trace,
    validate,
):
    app.command()(_in_a_language(_on_a_case(_command)))
for _other in (new, schema, cache):
    app.command()(_in_a_language(_other))
for _registered in data.registered_commands:
    if _registered.callback is not None:
        _registered.callback = _in_a_language(_registered.callback)
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
