"""Steps of a run: what is going on, for the reader at the terminal, and how long it took, for `run.json`."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

WAITS = "waits for another run that does the same"

Update = Callable[[float], None]
"""Called with the share of the step that is done, 0 to 1."""


@dataclass
class Steps:
    """Times the steps of a run. This base says nothing; `cli.progress` shows the steps at the terminal.

    Attributes
    ----------
    seconds : dict of str to float
        Wall time by step.
    """

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[Update]:
        """Time the block as one step; the yielded function takes the share that is done."""
        start = time.perf_counter()
        update = self.begin(name)
        try:
            yield update
        except BaseException:
            self.end(name, done=False)
            raise
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start
        self.end(name)

    def begin(self, name: str) -> Update:
        """Say that a step begins; the base class is silent."""
        return lambda share: None

    def waits(self, name: str) -> None:
        """Say that a step waits for another process that does the same; the base class is silent."""

    def tell(self, sentence: str) -> None:
        """Say how far a step is, where no bar shows it; the base class is silent."""

    def end(self, name: str, done: bool = True) -> None:
        """Say that a step has ended, well or not; the base class is silent."""


def peak_memory_mb() -> float:
    """Return the largest resident memory of this process so far, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
