"""Longer texts of a case, with numbers of the record in them: ``{BFA.state_based.2023}`` is that year's deaths."""

import xarray as xr

from ..core.errors import InputError
from ..core.language import case_note, case_word, whole
from ..core.telling import CaseWords
from ..schema.case_words import ALL, ASKED, YEARS_DEATHS


def said_note(key: str, record: xr.DataArray) -> str:
    """Return a note of the case that is being told in the reader's language; empty where it has none.

    Parameters
    ----------
    key : str
        A key of `notes` in `case.yaml`.
    record : DataArray (month, country, outcome)
        Deaths that its numbers are taken from.

    Raises
    ------
    InputError
        If the note asks for a year that the record does not hold.
    """
    return ASKED.sub(lambda asked: _filled(asked[1], record), case_note(key))


def note_numbers(words: CaseWords, record: xr.DataArray) -> dict[str, float]:
    """Return every number that the notes of a case give, by what they ask for: ``BFA.state_based.2023``."""
    notes = [note for by_key in words.notes.values() for note in by_key.values()]
    asked = dict.fromkeys(name for note in notes for name in ASKED.findall(note) if YEARS_DEATHS.fullmatch(name))
    return {name: _number(name, record) for name in asked}


def _filled(asked: str, record: xr.DataArray) -> str:
    if YEARS_DEATHS.fullmatch(asked):
        return whole(_number(asked, record))
    word, _, form = asked.partition(".")
    return getattr(case_word(word, "A note"), form) if form else case_word(word, "A note")


def _number(asked: str, record: xr.DataArray) -> float:
    unit, outcome, year = asked.split(".")
    months = [month for month in record["month"].values if str(month).startswith(year)]
    if unit not in record["country"].values or len(months) < 12:
        raise InputError(
            f"case.yaml: a note asks for {{{asked}}}, but the record does not hold every month of {year} for {unit}. "
            "Name a year that it holds, or write the note without it."
        )
    deaths = record.sel(country=unit, month=months).sum("month")
    return float(deaths.sum() if outcome == ALL else deaths.sel(outcome=outcome))
