"""Random streams by name, so that adding a driver, a country or draws changes no other number.

A stream's seed is the SHA-256 hash of the root seed and the stream's name (Python's own `hash` is salted and would
differ between runs). Streams hand out one row of draws at a time; asking for more draws keeps the earlier ones.
"""

import hashlib

import numpy as np


def stream(seed: int, *name: str) -> np.random.Generator:
    """Return the random generator called `name` under the root `seed`.

    Parameters
    ----------
    seed : int
        Root seed of the run.
    *name : str
        Parts of the stream's name, for instance ``"noise", "MLI", "one_sided", "2023-07"``.
    """
    text = "/".join((str(seed), *name))
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")))
