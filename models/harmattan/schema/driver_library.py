"""Drivers that came with the program and any case may take over: how they are listed, and the text that is written."""

import re
from collections.abc import Collection
from pathlib import Path

from ..core.errors import InputError
from ..core.resources import shipped_root
from .driver import Driver, drivers_in
from .validation import suggestion
from .yaml_source import YamlDocument, read_yaml

_ARROW = re.compile(r"  - \{driver: (?P<driver>[^,]+),")


def library_file() -> Path:
    """Return the file that holds them."""
    return shipped_root() / "seeds" / "library" / "drivers.yaml"


def library_drivers() -> dict[str, Driver]:
    """Return the drivers of the library by id."""
    return drivers_in(_document())


def _document() -> YamlDocument:
    return read_yaml(library_file(), root="drivers")


def driver_from_library(id: str, name: str, known: Collection[str]) -> str:
    """Return the text of a library driver under a name of the case's, comments and all.

    Parameters
    ----------
    id : str
        Driver of the library.
    name : str
        What it is called in the case.
    known : collection of str
        Drivers that the case has; arrows from others are written as comments.

    Raises
    ------
    InputError
        If the library has no such driver.
    """
    document = _document()
    ids = [str(entry["id"]) for entry in document.data]
    if id not in ids:
        hint = suggestion(id, ids) or f" It has {', '.join(ids)}."
        raise InputError(f"--from-library {id}: the library has no such driver.{hint}")
    lines, row = library_file().read_text(encoding="utf-8").splitlines(), ids.index(id)
    starts = [document.line_of((index,)) - 1 for index in range(len(ids))] + [len(lines)]
    block = [f"- id: {name}", *lines[starts[row] + 1 : starts[row + 1]]]
    return "\n".join(_with_known_arrows(block, known)) + "\n"


def _with_known_arrows(block: list[str], known: Collection[str]) -> list[str]:
    """Make comments of arrows from drivers that the case does not have, and of the key if none is left."""
    arrows = {number: found["driver"] for number, line in enumerate(block) if (found := _ARROW.match(line))}
    told = [
        line if arrows.get(number) in {None, *known} else f"  # with {arrows[number]} in the case:{line[1:]}"
        for number, line in enumerate(block)
    ]
    if not any(driver in known for driver in arrows.values()):
        told = ["  # parents:" if line == "  parents:" else line for line in told]
    return told
