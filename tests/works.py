"""Work for tests of tasks, in a module that the processes of a cluster find too. What is done leaves a line."""

import os
import time
from pathlib import Path

import pandas as pd


def square(number, notes, progress=None):
    with open(Path(notes), "a", encoding="utf-8") as file:
        file.write(f"{number}\n")
    return pd.DataFrame({"number": [number], "square": [number**2], "word": [f"n{number}"]})


def square_unless_odd(number, notes, progress=None):
    if number % 2:
        raise ValueError(f"{number} is odd")
    return square(number, notes)


def square_slowly(number, notes, progress=None):
    """Say in which process it is done, and take long enough to be killed the first time."""
    first = not list(Path(notes).parent.glob(f"doing-{number}-*"))
    (Path(notes).parent / f"doing-{number}-{os.getpid()}").touch()
    if first:
        time.sleep(1)
    return square(number, notes)


def die(number, notes, progress=None):
    os._exit(1)
