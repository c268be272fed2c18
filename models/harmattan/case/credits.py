"""Whose data a run of a case used, and whether all that the case says can be printed."""

from collections.abc import Collection

import xarray as xr

from ..core.resources import display_path, shipped_root
from ..schema.credits import CREDITS_FILE, Credit, read_credits
from .notes import note_numbers
from .opening import Case


def check_case_words(case: Case, record: xr.DataArray) -> None:
    """Read everything that a case says in sentences, so that what is wrong with it shows before anything is computed.

    Raises
    ------
    InputError
        If a note asks for numbers that the record does not hold, or translations or credits are wrong.
    """
    note_numbers(case.words, record)
    credits_of(case, ())


def credits_of(case: Case, inputs: Collection[str]) -> list[Credit]:
    """Return the credits of the data that were read.

    A case that states none was made from the data of the program, which states its own.

    Parameters
    ----------
    case : Case
    inputs : collection of str
        Files that were read, as `run.json` names them.
    """
    own = (case.root / CREDITS_FILE).is_file()
    stated = read_credits(case.root if own else shipped_root())
    return [credit for credit in stated if any(display_path(case.root / file) in inputs for file in credit.files)]
