"""The last months, where rates wander and, after the exit, drivers act: memories with both taken out.

A driver's rate ratio is its whole effect at its peak, and drift is a factor too. So memory must not hand them on to
later months a second time: in these months memories are fed with deaths divided by what multiplied the rate. The memory
of months before only decays; these enter through a fixed lower-triangular kernel, linear in the corrected deaths.
"""

from dataclasses import dataclass

import numpy as np

from .memory import Memories, keep_factor
from .specification import ModelSpecification


@dataclass(frozen=True)
class LastMonths:
    """Fixed pieces of the memory of the last months.

    Attributes
    ----------
    deaths : array, shape (month, country, outcome)
        Deaths in the last months.
    fast_kernel, slow_kernel, occurrence_kernel : array, shape (row, month, outcome)
        Weight of each month's corrected deaths in the memory that each row of the likelihood sees.
    fast_rest, slow_rest, occurrence_rest : array, shape (row, country, outcome)
        What remains, in each row, of the memory before these months; for rows before them the whole memory. Of a unit
        that begins in these months it is the mean of its first months, which starts its memory.
    """

    deaths: np.ndarray
    fast_kernel: np.ndarray
    slow_kernel: np.ndarray
    occurrence_kernel: np.ndarray
    fast_rest: np.ndarray
    slow_rest: np.ndarray
    occurrence_rest: np.ndarray


def _kernel(seen: np.ndarray, months: int, half_life: np.ndarray) -> np.ndarray:
    """Return the weight of month j of the last ones in the memory of a row that has `seen` so many of them.

    Shape (row, month, outcome).
    """
    keep = keep_factor(half_life)
    age = (seen[:, None] - 1 - np.arange(months)[None, :])[..., None]
    return np.where(age >= 0, (1.0 - keep) * keep ** np.maximum(age, 0), 0.0)


def split_at(
    deaths: np.ndarray, memories: Memories, last_before: int, last_seen: np.ndarray, spec: ModelSpecification
) -> LastMonths:
    """Split memories into what was remembered before the last months and what came in them.

    Parameters
    ----------
    deaths : array, shape (month, country, outcome)
        The whole panel up to `as_of`.
    memories : Memories
        Plain memories at the end of every month of the panel.
    last_before : int
        Row of the month before them.
    last_seen : int array, shape (row,)
        For every row of the likelihood (or of a forecast), the last month that its memory has seen.
    """
    after = deaths[last_before + 1 :]
    seen = np.maximum(last_seen - last_before, 0)

    nothing = (memories.slow[last_before] == 0).all(axis=-1)

    def split(memory: np.ndarray, quantity: str, fed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        half_life = spec.by_outcome(quantity)
        kernel, decay = _kernel(seen, len(after), half_life), keep_factor(half_life) ** seen[:, None]
        rest = memory[np.minimum(last_seen, last_before)] * decay[:, None, :]
        if nothing.any():  # not begun yet, or never a death
            since = np.einsum("rmk,mck->rck", kernel, fed[:, nothing])
            rest[:, nothing] = np.maximum(memory[last_seen][:, nothing] - since, 0.0)
        return kernel, rest

    fast_kernel, fast_rest = split(memories.fast, "fast_half_life", after)
    slow_kernel, slow_rest = split(memories.slow, "slow_half_life", after)
    occurrence_kernel, occurrence_rest = split(memories.occurrence, "occurrence_half_life", after > 0)
    return LastMonths(after, fast_kernel, slow_kernel, occurrence_kernel, fast_rest, slow_rest, occurrence_rest)
