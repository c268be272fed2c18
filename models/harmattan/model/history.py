"""The months after the exit, where drivers act: memories with the drivers' effect taken out.

A driver's rate ratio is its whole effect at its peak. So memory must not hand it on to later months a second time:
after the exit memories are fed with deaths divided by what drivers multiplied the rate by. The memory of months up to
the exit only decays; those after it enter through a fixed lower-triangular kernel, linear in the corrected deaths.
"""

from dataclasses import dataclass

import numpy as np

from .memory import Memories, keep_factor
from .specification import ModelSpecification


@dataclass(frozen=True)
class AfterExit:
    """Fixed pieces of the memory of the months after the exit.

    Attributes
    ----------
    deaths : array, shape (month, country, outcome)
        Deaths in the months after the exit.
    fast_kernel, slow_kernel, occurrence_kernel : array, shape (row, month, outcome)
        Weight of each month's corrected deaths in the memory that each row of the likelihood sees.
    fast_rest, slow_rest, occurrence_rest : array, shape (row, country, outcome)
        What remains, in each row, of the memory at the exit; for rows before the exit the whole memory.
    """

    deaths: np.ndarray
    fast_kernel: np.ndarray
    slow_kernel: np.ndarray
    occurrence_kernel: np.ndarray
    fast_rest: np.ndarray
    slow_rest: np.ndarray
    occurrence_rest: np.ndarray


def _kernel(rows_after_exit: np.ndarray, months: int, half_life: np.ndarray) -> np.ndarray:
    """Return the weight of month j (0-based after the exit) in the memory seen by a row that has seen `n` of them.

    Shape (row, month, outcome).
    """
    keep = keep_factor(half_life)
    age = (rows_after_exit[:, None] - 1 - np.arange(months)[None, :])[..., None]
    return np.where(age >= 0, (1.0 - keep) * keep ** np.maximum(age, 0), 0.0)


def split_at_exit(
    deaths: np.ndarray, memories: Memories, exit_row: int, last_seen: np.ndarray, spec: ModelSpecification
) -> AfterExit:
    """Split memories into what was remembered at the exit and what came after.

    Parameters
    ----------
    deaths : array, shape (month, country, outcome)
        The whole panel up to `as_of`.
    memories : Memories
        Plain memories at the end of every month of the panel.
    exit_row : int
        Row of the exit month; drivers act from the next month on.
    last_seen : int array, shape (row,)
        For every row of the likelihood (or of a forecast), the last month that its memory has seen.
    """
    after = deaths[exit_row + 1 :]
    seen_after_exit = np.maximum(last_seen - exit_row, 0)

    def rest(memory: np.ndarray, half_life: np.ndarray) -> np.ndarray:
        decay = keep_factor(half_life) ** seen_after_exit[:, None]
        return memory[np.minimum(last_seen, exit_row)] * decay[:, None, :]

    return AfterExit(
        deaths=after,
        fast_kernel=_kernel(seen_after_exit, len(after), spec.by_outcome("fast_half_life")),
        slow_kernel=_kernel(seen_after_exit, len(after), spec.by_outcome("slow_half_life")),
        occurrence_kernel=_kernel(seen_after_exit, len(after), spec.by_outcome("occurrence_half_life")),
        fast_rest=rest(memories.fast, spec.by_outcome("fast_half_life")),
        slow_rest=rest(memories.slow, spec.by_outcome("slow_half_life")),
        occurrence_rest=rest(memories.occurrence, spec.by_outcome("occurrence_half_life")),
    )
