"""Exponentials, logarithms and powers of whole arrays, in arithmetic that a compiler turns into vector instructions.

Range reduction and series are the textbook's (Muller 2016, Elementary Functions, chapters 3 and 11); a test holds them
to numpy's. No step depends on how wide the machine's vectors are, so the last bit is the same everywhere.
"""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ..core.compiling import compiled


def _reread(result: Any, machine: Any, argument: Any) -> Any:
    """Return a function for compiled code that reads the same 64 bits as another type."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], machine)

    def typed(typing_context: Any, value: Any) -> Any:
        return result(argument), build

    return intrinsic(typed)


_bits = _reread(types.int64, ir.IntType(64), types.float64)
_number = _reread(types.float64, ir.DoubleType(), types.int64)

LARGEST_EXPONENT = 708.0
"""Arguments of the exponential are held within plus and minus this, beyond which doubles overflow or vanish."""

_ROUNDING = 1.5 * 2.0**52
"""Added to a small number and taken away again, it rounds; before it is taken away its low bits hold the integer."""

_ROUNDING_BITS = int(np.float64(_ROUNDING).view(np.int64))
_ROOT_HALF_BITS = int(np.float64(math.sqrt(0.5)).view(np.int64))
_PER_LN2 = 1.0 / math.log(2.0)
_LN2_HIGH = 0.6931467056274414
"""The first 21 bits of ln 2: their product with an integer below 2^32 is exact."""

_LN2_LOW = 4.7493250390316726e-07
"""ln 2 less its first bits, to full precision."""


@compiled
def _exponential(x: float) -> float:
    x = min(max(x, -LARGEST_EXPONENT), LARGEST_EXPONENT)
    shifted = x * _PER_LN2 + _ROUNDING
    twos = shifted - _ROUNDING
    rest = (x - twos * _LN2_HIGH) - twos * _LN2_LOW
    series = 1 / 6227020800
    series = series * rest + 1 / 479001600
    series = series * rest + 1 / 39916800
    series = series * rest + 1 / 3628800
    series = series * rest + 1 / 362880
    series = series * rest + 1 / 40320
    series = series * rest + 1 / 5040
    series = series * rest + 1 / 720
    series = series * rest + 1 / 120
    series = series * rest + 1 / 24
    series = series * rest + 1 / 6
    series = series * rest + 1 / 2
    series = series * rest + 1.0
    series = series * rest + 1.0
    return series * _number((_bits(shifted) + 1023) << 52)


@compiled
def _logarithm(x: float) -> float:
    exponent = (_bits(x) - _ROOT_HALF_BITS) >> 52
    near_one = _number(_bits(x) - (exponent << 52))
    twos = _number(exponent + _ROUNDING_BITS) - _ROUNDING
    ratio = (near_one - 1.0) / (near_one + 1.0)
    square = ratio * ratio
    series = 1 / 25
    series = series * square + 1 / 23
    series = series * square + 1 / 21
    series = series * square + 1 / 19
    series = series * square + 1 / 17
    series = series * square + 1 / 15
    series = series * square + 1 / 13
    series = series * square + 1 / 11
    series = series * square + 1 / 9
    series = series * square + 1 / 7
    series = series * square + 1 / 5
    series = series * square + 1 / 3
    return twos * _LN2_HIGH + (2.0 * ratio + (2.0 * ratio * square * series + twos * _LN2_LOW))


@compiled
def exponentials(x: np.ndarray) -> None:
    """Put in place of each number of a flat array its exponential, at most exp(708)."""
    for i in range(x.size):
        x[i] = _exponential(x[i])


@compiled
def logarithms(x: np.ndarray) -> None:
    """Put in place of each number of a flat array its logarithm; each must be positive, normal and finite."""
    for i in range(x.size):
        x[i] = _logarithm(x[i])


@compiled
def powers(x: np.ndarray, exponent: float) -> np.ndarray:
    """Return each number of a flat array to a power; the numbers must be positive."""
    result = x.copy()
    if exponent != 1.0:
        logarithms(result)
        for i in range(result.size):
            result[i] *= exponent
        exponentials(result)
    return result


@compiled
def sigmoid(x: float) -> float:
    """Return the logistic function."""
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def weighted_sum(weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return weights @ rows, always added up in the same order, which BLAS does not promise.

    Four rows at a time, so that the sums are read and written a quarter as often.
    """
    total, fours = np.zeros(rows.shape[1]), weights.size - weights.size % 4
    for i in range(0, fours, 4):
        for j in range(total.size):
            pair = weights[i] * rows[i, j] + weights[i + 1] * rows[i + 1, j]
            total[j] += pair + (weights[i + 2] * rows[i + 2, j] + weights[i + 3] * rows[i + 3, j])
    for i in range(fours, weights.size):
        for j in range(total.size):
            total[j] += weights[i] * rows[i, j]
    return total
