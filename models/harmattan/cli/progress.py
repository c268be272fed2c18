"""Steps at the terminal: a line that moves where somebody watches, one line per step where nobody does."""

import sys
import time
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ..core.language import decimal, phrase
from ..core.progress import WAITS, Steps, Update
from ..core.terminal import terminal_words


@dataclass
class TerminalSteps(Steps):
    """Shows steps on stderr; `quiet` says nothing at all."""

    quiet: bool = False
    _display: Progress | None = None
    _tasks: dict[str, TaskID] = field(default_factory=dict)
    _started: dict[str, float] = field(default_factory=dict)

    def begin(self, name: str) -> Update:
        """Show that a step begins and return what moves its bar."""
        self._started[name] = time.perf_counter()
        if self.quiet:
            return lambda share: None
        if not sys.stderr.isatty():
            print(f"{terminal_words(name)} ...", file=sys.stderr, flush=True)
            return lambda share: None
        display, shown = self._running_display(), terminal_words(name)
        task = self._tasks[name] = display.add_task(shown, total=1.0)
        return lambda share: display.update(task, completed=share, description=shown)

    def waits(self, name: str) -> None:
        """Say beside the step's name that another process does the same and is waited for."""
        if self._display is not None:
            self._display.update(self._tasks[name], description=self._waiting(name))
        elif not self.quiet:
            print(f"{self._waiting(name)} ...", file=sys.stderr, flush=True)

    def tell(self, sentence: str) -> None:
        """Say how far a step is, where no bar shows it."""
        if not self.quiet and not sys.stderr.isatty():
            print(terminal_words(sentence), file=sys.stderr, flush=True)

    def end(self, name: str, done: bool = True) -> None:
        """Close the step's bar or line; a step that broke off is followed by what went wrong, and needs none."""
        took = time.perf_counter() - self._started.pop(name)
        if self.quiet or not done:
            return
        if self._display is not None:
            self._display.update(self._tasks[name], completed=1.0)
        elif not sys.stderr.isatty():
            print(
                phrase("commands.took", step=terminal_words(name), seconds=decimal(took, 1)),
                file=sys.stderr,
                flush=True,
            )

    @staticmethod
    def _waiting(name: str) -> str:
        return phrase("commands.waiting", step=terminal_words(name), why=terminal_words(WAITS))

    def close(self) -> None:
        """Stop drawing."""
        if self._display is not None:
            self._display.stop()
            self._display = None

    def _running_display(self) -> Progress:
        if self._display is None:
            columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
            self._display = Progress(*columns, console=Console(stderr=True))
            self._display.start()
        return self._display
