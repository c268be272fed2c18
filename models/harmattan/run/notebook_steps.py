"""Progress in a notebook: a line that moves while a step takes long, and is gone when it is done."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from importlib import import_module

from ..core.progress import WAITS, Steps, Update

PATIENCE = 1.5
"""Seconds that a step may take before anything is shown."""
PAUSE = 0.3
"""Seconds between two updates of the line."""


def default_steps() -> Steps:
    """Return steps that show themselves in a notebook, and silent ones elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return NotebookSteps(show=_show) if hasattr(shell, "kernel") else Steps()


@dataclass
class NotebookSteps(Steps):
    """Shows a bar with the time left for steps that take long.

    Parameters
    ----------
    show : callable
        Takes HTML and returns a function that replaces it.
    clock : callable
        Returns seconds; the wall clock by default.
    """

    show: Callable[[str], Callable[[str], None]] = lambda html: lambda other: None
    clock: Callable[[], float] = time.monotonic
    _replace: dict[str, Callable[[str], None]] = field(default_factory=dict)

    def begin(self, name: str) -> Update:
        """Begin a step and return what moves its bar."""
        start = last = self.clock()

        def update(share: float) -> None:
            nonlocal last
            now = self.clock()
            if now - start < PATIENCE or now - last < PAUSE:
                return
            last = now
            self._say(name, _bar(name, share, now - start))

        return update

    def waits(self, name: str) -> None:
        """Say that another process does the same and is waited for; bars follow if it does not get there."""
        self._say(name, f"<label>{escape(name)}: {WAITS}</label>")

    def end(self, name: str, done: bool = True) -> None:
        """Take the bar away."""
        if name in self._replace:
            self._replace.pop(name)("")

    def _say(self, name: str, html: str) -> None:
        if name in self._replace:
            self._replace[name](html)
        else:
            self._replace[name] = self.show(html)


def _bar(name: str, share: float, seconds: float) -> str:
    left = f", about {seconds * (1 - share) / share:.0f} s left" if share > 0.02 else ""
    bar = f"<progress value='{share:.3f}' max='1'></progress>"
    return f"<label>{escape(name)} {bar} {share:.0%}, {seconds:.0f} s{left}</label>"


def _show(html: str) -> Callable[[str], None]:
    display = import_module("IPython.display")
    handle = display.display(display.HTML(html), display_id=True)
    return lambda other: handle.update(display.HTML(other))
