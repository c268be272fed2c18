"""Numba by one set of rules: the same bits each time, compiled once, kept where every process finds it."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .caches import compiled_folder

COMPILED_FILES = (
    "model/centring.py",
    "model/counts.py",
    "model/density.py",
    "model/elementary.py",
    "model/levels.py",
    "model/likelihood.py",
    "model/shifts.py",
    "model/undriven.py",
    "simulate/counts.py",
)
"""The files that hold compiled functions."""

_PACKAGE = Path(__file__).resolve().parents[1]


def code_digest() -> str:
    """Return a digest of all compiled code.

    Numba looks only at a function's own file to see whether what it kept is stale, and not at what the function calls.
    """
    digest = hashlib.sha256()
    for name in COMPILED_FILES:
        digest.update((_PACKAGE / name).read_bytes())
    return digest.hexdigest()[:16]


def compiled(function: Callable) -> Any:
    """Compile a function when it is first called with arguments of a kind, whatever their shapes.

    Without fast arithmetic equal arguments give equal bits; without Python's lock chains run side by side; a division
    by nothing is infinite instead of an error.
    """
    import numba

    settings: Any = numba.config
    usual, settings.CACHE_DIR = settings.CACHE_DIR, str(compiled_folder() / code_digest())
    try:
        return numba.njit(cache=True, fastmath=False, nogil=True, error_model="numpy")(function)
    finally:
        settings.CACHE_DIR = usual
