"""What took long to make is kept for the next time; what cannot be read is made again, and nothing fails for it."""

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from .caches import fits_folder, private_folder, usable
from .errors import InputError, Notice
from .turns import turn


def kept[T](
    name: str,
    read: Callable[[Path], T],
    make: Callable[[], T],
    write: Callable[[T, Path], None],
    waits: Callable[[], None] = lambda: None,
) -> T:
    """Return what is kept under a name; where there is nothing that can be read, make it and keep it.

    Of several processes that ask at once, one makes it and the others wait.

    Parameters
    ----------
    name : str
        File name, which says all that determines what is kept.
    read : callable
        Reads a file, or raises when it does not hold what was written.
    make : callable
    write : callable
        Writes a file, whole or not at all.
    waits : callable
        Called before another process is waited for.
    """
    paths = [folder / name for folder in folders()]
    for found in _readable(paths, read, lambda sentence: None):
        return found
    with turn(paths[-1], waits):
        for found in _readable(paths, read, _notice):
            return found
        return _kept_anew(make(), paths, write)


def folders() -> list[Path]:
    """Return where to look and to keep: the usual folder, and a private temporary one where that one is of no use."""
    usual = fits_folder()
    if usable(usual):
        return [usual]
    try:
        return [usual, private_folder() / "fits"]
    except InputError:
        return [usual]


def _readable[T](paths: list[Path], read: Callable[[Path], T], tell: Callable[[str], None]) -> Iterator[T]:
    for path in paths:
        try:
            if path.is_file():
                yield read(path)
        except Exception as error:  # whatever a damaged file makes a reader say
            tell(f"{path}: what is kept there cannot be read ({first_line(error)}), so it is made again.")


def _kept_anew[T](made: T, paths: list[Path], write: Callable[[T, Path], None]) -> T:
    for path in paths:
        try:
            write(made, path)
            return made
        except InputError as refused:
            _notice(f"This fit could not be kept. {refused}")
    return made


def first_line(error: Exception) -> str:
    """Return what an error says, on one line."""
    return (str(error) or type(error).__name__).splitlines()[0]


def _notice(sentence: str) -> None:
    warnings.warn(sentence, Notice, stacklevel=4)
