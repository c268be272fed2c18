"""Whose data a run of a case used, and whether all that the case says can be printed."""

import re
from collections.abc import Collection, Sequence

import xarray as xr

from ..core.language import languages, phrase, speaking
from ..core.resources import display_path, shipped_root
from ..core.telling import UCDP, telling
from ..schema.credits import CREDITS_FILE, Credit, read_credits
from .notes import note_numbers
from .opening import Case

UCDP_CREDIT = "ucdp"
"""Id of the credit of UCDP's events, from which cases are made."""


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

    A case that states none was made from the data of the program, which states its own; whose its record is `case.yaml`
    says, or the panel that is read instead.

    Parameters
    ----------
    case : Case
    inputs : collection of str
        Files that were read, as `run.json` names them.
    """
    own = (case.root / CREDITS_FILE).is_file()
    stated = read_credits(case.root if own else shipped_root())
    read = [credit for credit in stated if any(display_path(case.root / file) in inputs for file in credit.files)]
    if own and case.panel is None:
        return read
    ours = [credit for credit in stated if credit.id == UCDP_CREDIT]
    return [_of_record(case, ours), *(credit for credit in read if credit.id != UCDP_CREDIT)]


def _of_record(case: Case, ours: Sequence[Credit]) -> Credit:
    """Return the credit of the record: UCDP's as the program has it, or that of whoever the case names."""
    named = case.record_named
    role = _in_every_language("credits.record", case)
    if named.source == UCDP and ours:
        citation = re.sub(r"Dataset [\d.]*\d", f"Dataset {named.release}", ours[0].citation)
        return ours[0].model_copy(update={"citation": citation, "role": role})
    licence = _in_every_language("credits.licence", case)
    return Credit(id="record", citation=f"{named}.", files=(case.definition.record.file,), role=role, licence=licence)


def _in_every_language(key: str, case: Case) -> dict[str, str]:
    found = {}
    for code in languages():
        with speaking(code), telling(case.words):
            found[code] = phrase(key)
    return found
