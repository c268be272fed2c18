"""The help of every command in the language spoken."""

from typing import Any

import typer

from ..core.language import DEFAULT, current
from ..core.terminal import terminal_words

_WORDS = (
    *(
        "Usage:",
        "Options:",
        "Commands:",
        "Arguments:",
        "[default:",
        "default:",
        "[required]",
        "[env var:",
        "COMMAND",
    ),
    *("Show this message and exit.", "Install completion for the current shell."),
    "Show completion for the current shell, to copy it or customize the installation.",
)
"""What the library of the command line puts around our words."""


def spoken_app() -> Any:
    """Return the commands, with their help in the language spoken."""
    from .app import app

    command = typer.main.get_command(app)
    if current().code != DEFAULT:
        _translate(command)
    return command


def _translate(command: Any) -> None:
    command.help = _paragraphs(command.help)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = terminal_words(parameter.help)
    command.get_help = _spoken(command.get_help)
    for below in getattr(command, "commands", {}).values():
        _translate(below)


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(terminal_words(" ".join(part.split())) for part in (text or "").split("\n\n"))


def _spoken(help_of: Any) -> Any:
    def spoken(context: Any) -> str:
        text: str = help_of(context)
        for word in _WORDS:
            text = text.replace(word, terminal_words(word))
        return text

    return spoken
