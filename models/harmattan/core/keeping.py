"""What took long to make is kept for the next time; what cannot be read is made again, and nothing fails for it."""

import warnings
from collections.abc import Callable
from pathlib import Path

from .caches import fits_folder, private_folder, usable
from .errors import InputError, Notice


def kept[T](name: str, read: Callable[[Path], T], make: Callable[[], T], write: Callable[[T, Path], None]) -> T:
    """Return what is kept under a name; where there is nothing that can be read, make it and keep it.

    Two processes may do this at once: `write` is to move a whole file into place, so the later one wins.

    Parameters
    ----------
    name : str
        File name, which says all that determines what is kept.
    read : callable
        Reads a file, or raises when it does not hold what was written.
    make : callable
    write : callable
        Writes a file, whole or not at all.
    """
    folders = _folders()
    for path in (folder / name for folder in folders):
        try:
            if path.is_file():
                return read(path)
        except Exception as error:  # whatever a damaged file makes a reader say
            _notice(f"{path}: what is kept there cannot be read ({_first_line(error)}), so it is made again.")
    made = make()
    for folder in folders:
        try:
            write(made, folder / name)
            return made
        except InputError as refused:
            _notice(f"This fit could not be kept. {refused}")
    return made


def _folders() -> list[Path]:
    """Return where to look and to keep: the usual folder, and a private temporary one where that one is of no use."""
    usual = fits_folder()
    if usable(usual):
        return [usual]
    try:
        return [usual, private_folder() / "fits"]
    except InputError:
        return [usual]


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _notice(sentence: str) -> None:
    warnings.warn(sentence, Notice, stacklevel=3)
