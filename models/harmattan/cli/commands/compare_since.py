"""`harmattan compare SCENARIO --since run.json`: how the answer has changed since an earlier run, and why."""

from pathlib import Path
from typing import Any

from ...core.errors import InputError
from ...core.language import language, speaking, translate
from ...core.telling import telling
from ..output import print_json, print_text, say_provisional
from ..tables import COUNTRY, Shown, print_table

PARTS = (
    COUNTRY,
    Shown("part", "what changed", words=translate),
    Shown("chance_then", "chance before", 3, decimals=2),
    Shown("chance_now", "after", 3, decimals=2),
    Shown("chance", "chance by", decimals=3),
    Shown("chance_error", "error", 4, decimals=3),
    Shown("chance_verdict", "chance", 1, words=translate),
    Shown("deaths", "deaths by", decimals=1),
    Shown("deaths_error", "error", 4, decimals=1),
    Shown("deaths_verdict", "deaths", words=translate),
)
CAME = (
    COUNTRY,
    Shown("expected", "expected", decimals=0),
    Shown("q10", "10%", 1, decimals=0),
    Shown("q90", "90%", 1, decimals=0),
    Shown("recorded", "on record", decimals=0),
)


def compare_since(named: list[str], earlier: Path, options: dict[str, Any], *, lang: str, as_json: bool) -> None:
    """Print what changed since the run whose `run.json` is named."""
    from ...api import since

    if len(named) > 1:
        raise InputError("--since goes with one scenario: harmattan compare SCENARIO --since run.json.")
    if options.pop("months") is not None:
        raise InputError("--since asks about the months of the earlier run; leave --months out.")
    language(lang)
    found = since(earlier, *named, **options)
    say_provisional(found.provisional_months)
    with speaking(lang), telling(found.words):
        from ...report.since_tables import since_statements, since_tables

        statements, tables = since_statements(found), since_tables(found)
        if as_json:
            print_json(found.as_dict() | {"sentences": [one.sentence for one in statements]})
            return
        for one in statements:
            print_text(one.sentence)
            print()
        print_table(found.to_frame(), tables[1].caption, PARTS, ["chance", "deaths"])
        if not found.came.empty:
            print_table(found.came, tables[2].caption, CAME)
