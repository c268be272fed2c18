"""What countries are called: the names of the Unicode CLDR, and those that this field writes otherwise."""

import csv
from collections.abc import Mapping
from functools import cache

from .resources import shipped_root

FILE = "seeds/data/world/unit_names.csv"
"""Names and kinds that differ from CLDR's and from a language's rules."""


@cache
def written_otherwise(language: str) -> Mapping[str, tuple[str, str]]:
    """Return name and kind by code where `FILE` has them; either may be empty, which leaves CLDR's name or the rule."""
    with open(shipped_root() / FILE, encoding="utf-8", newline="") as file:
        return {r["iso3"]: (r["name"], r["kind"]) for r in csv.DictReader(file) if r["language"] == language}


@cache
def common_name(code: str, language: str) -> tuple[str, str]:
    """Return what a country is called in a language, and of which kind the name is where no rule tells.

    Parameters
    ----------
    code : str
        ISO 3166 alpha-3. Any other code, such as a first-level unit's, stands for itself.
    language : str
    """
    name, kind = written_otherwise(language).get(code, ("", ""))
    return name or _cldr_name(code, language) or code, kind


def _cldr_name(code: str, language: str) -> str:
    from babel import Locale
    from babel.core import get_global

    two_letters = get_global("territory_aliases").get(code) if len(code) == 3 else None
    return Locale.parse(language).territories.get(two_letters[0], "") if two_letters else ""
