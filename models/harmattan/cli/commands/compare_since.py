"""`harmattan compare SCENARIO --since run.json`: how the answer has changed since an earlier run, and why."""

import sys
from pathlib import Path
from typing import Any

from ...core.errors import InputError
from ...core.language import phrase, translate
from ...core.telling import telling
from ..output import print_json, print_text, say_provisional
from ..tables import COUNTRY, Shown, print_table


def compare_since(named: list[str], earlier: Path, options: dict[str, Any], *, as_json: bool) -> None:
    """Print what changed since the run whose `run.json` is named."""
    from ...api import since

    if len(named) > 1:
        raise InputError("--since goes with one scenario: harmattan compare SCENARIO --since run.json.")
    if options.pop("months") is not None:
        raise InputError("--since asks about the months of the earlier run; leave --months out.")
    found = since(earlier, *named, **options)
    say_provisional(found.provisional_months)
    with telling(found.words):
        from ...report.since_tables import countries_told, since_statements, since_tables

        sentences = [one.sentence for one in since_statements(found)]
        if as_json:
            print_json(found.as_dict() | {"sentences": sentences})
            return
        for sentence in sentences:
            print_text(sentence)
            print()
        frame, tables = found.to_frame(), since_tables(found)
        if sys.stdout.isatty():
            frame = frame[frame["country"].isin(countries_told(found))]
        print_table(frame, tables[1].caption, _parts(), ["chance", "deaths"])
        if not found.came.empty:
            print_table(found.came, tables[2].caption, _came())


def _parts() -> tuple[Shown, ...]:
    return (
        COUNTRY,
        Shown("part", _heading("part"), words=translate),
        Shown("chance", _heading("chance_by"), decimals=3),
        Shown("chance_error", _heading("error"), 2, decimals=3),
        Shown("chance_verdict", _heading("chance_verdict"), 1, words=translate),
        Shown("deaths", _heading("deaths_by"), decimals=1),
        Shown("deaths_error", _heading("error"), 2, decimals=1),
        Shown("deaths_verdict", _heading("deaths_verdict"), words=translate),
        Shown("deaths_standing", _heading("standing"), 3, words=translate),
    )


def _came() -> tuple[Shown, ...]:
    return (COUNTRY, *(Shown(name, _heading(name), decimals=0) for name in ("expected", "q10", "q90", "recorded")))


def _heading(name: str) -> str:
    return phrase(f"since.columns.{name}").lower()
