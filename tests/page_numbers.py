"""The numbers of a page's sentences, and whether the tables that a sentence cites hold them as rounded."""

import math
import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from pathlib import Path

import pandas as pd

from harmattan.core.language import current, decimal, per_cent, phrase, whole
from harmattan.core.telling import CaseWords, told_or_none
from harmattan.plots.numbers import hundredths, ratio_words, sensible
from harmattan.report.tables import shown

ROUNDED = ("count", "estimate", "close", "number", "precise", "hundredths", "ratio")
NOT_A_RESULT = ("number.first_day", "number.in_hundred", "figures.dots.one_dot")
"""Templates whose fixed digits tell the kind of a result, or are too short to be told from one."""

KINDS = ("chance", "ratio", "count", "any")
UNITS = {"probability 0-1": "chance", "share 0-1": "chance", "ratio": "ratio", "deaths": "count"}
"""What a column's unit says of the kind of its numbers; one without a unit may hold any."""


@dataclass(frozen=True)
class Said:
    """Words of the page and the ids of the tables that they cite."""

    words: str
    tables: tuple[str, ...]


def statements(html: str) -> list[Said]:
    """Return answers, findings and captions with the tables they cite, and table notes with their own table."""
    page = re.sub(r"(?s)<style>.*?</style>|<svg.*?</svg>", "", html)
    found = [
        Said(_plain(item), _cited(item))
        for item in re.findall(r"(?s)<(?:li|p|figcaption)>.*?</(?:li|p|figcaption)>", page)
        if 'class="ref"' in item
    ]
    for note in re.findall(r'(?s)<p class="note">.*?</p>', page):
        own = re.findall(r'download="([^"]+)\.csv"', note)
        found += (
            [Said(_plain(note.split("<a ")[0].split('<span class="screen-only">')[0]), (*own, "counts"))] if own else []
        )
    return found


def alternatives(html: str) -> list[Said]:
    """Return the alternative texts of the figures with the tables that their captions cite."""
    figures = re.findall(r'(?s)role="img" aria-label="([^"]*)".*?<figcaption>(.*?)</figcaption>', html)
    return [Said(unescape(alternative), _cited(caption)) for alternative, caption in figures]


def missing(said: Said, tables: Path, html: str, *, strict: bool = True) -> list[str]:
    """Return the numbers of a sentence that no cited table holds, as rounded, in a cell or in its caption.

    `tables` is the folder of their files.

    Strictly, a chance or share is looked for among chances and shares, a ratio among ratios, and a count among counts.
    """
    held = [_held(tables / f"{name}.csv", _caption(name, html), current().code) for name in said.tables]
    found = []
    for kind, number in numbers(said.words):
        kinds = KINDS if not strict else (kind, "any")
        if not any(number in table.get(k, ()) for table in held for k in kinds):
            found.append(number)
    return found


def numbers(words: str) -> list[tuple[str, str]]:
    """Return kind and digits of a text's numbers that are results: not dates, years or fixed words of a template."""
    words = re.sub(r"<1\b|>99\b", " · ", words)  # what stands for almost never and almost always
    for fixed in _fixed():
        before = r"(?<!\d)" if fixed[0].isdigit() else ""  # a fixed "1" is no part of 1,020
        after = r"(?!\d|[,.\u202f]\d)" if fixed[-1].isdigit() else ""
        words = re.sub(f"{before}{re.escape(fixed)}{after}", " · ", words)
    share = re.escape(phrase("number.per_cent", number="").strip())
    # "45 to 66 in 100" are two chances
    onwards = rf"(?={re.escape(_onwards())}(?:{_number()}){re.escape(_in_hundred())})"
    pattern = rf"(×)?({_number()})({re.escape(_in_hundred())}|\s*{share}|{onwards})?"
    found = []
    for one in re.finditer(pattern, _without_dates(words)):
        times, number, chance = one.groups()
        if not re.fullmatch(r"(?:19|20)\d\d", number):
            found.append(("chance" if chance is not None else "ratio" if times else "count", number))
    return found


def _number() -> str:
    group, mark = (re.escape(sign) for sign in (current().group, current().decimal))
    return rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+(?:{mark}\d+)?"


def _without_dates(words: str) -> str:
    months = "|".join(current().phrases[f"months.m{number}"] for number in range(1, 13))
    words = re.sub(r"\b[a-z]+(?:-[a-z]+)*-\d+(?:-[a-z])?\b", " · ", words)  # a claim's id
    return re.sub(rf"(?:\d{{1,2}} )?\b(?:{months}) \d{{4}}", " · ", words)


def _onwards() -> str:
    """Return what stands between a chance and what it would become."""
    return re.split(r"{\w+}", current().phrases["front.watch_part"])[2]


def _in_hundred() -> str:
    return phrase("number.in_hundred", number="")


def _fixed() -> list[str]:
    """Return the fixed words with digits of all templates, the longest first; what follows a chance is left.

    Notes of the case that is told, the name of its record and how many units it has are fixed too.
    """
    case = told_or_none()
    own = [] if case is None else [case.record, *case.notes.get(current().code, {}).values(), _places(case)]
    pieces = {
        piece
        for template in [*own, *(text for key, text in current().phrases.items() if key not in NOT_A_RESULT)]
        for piece in re.split(r"{[\w.]+}", template)
        if re.search(r"\d", piece) and not piece.strip().startswith(_in_hundred().strip())
    }
    return sorted(pieces, key=len, reverse=True)


def _places(case: CaseWords) -> str:
    return phrase("figures.map.countries", count=whole(len(case.units)))


def _caption(name: str, html: str) -> str:
    caption = re.search(rf'(?s)id="table-{name}">(.*?)</p>', html)
    return _plain(caption[1]) if caption else ""


@cache
def _held(file: Path, caption: str, code: str) -> dict[str, set[str]]:
    """Return the numbers of a table by kind; a table without counts gives its chances as plain numbers too.

    Many sentences cite one table, which no test changes; `code` is the language that is spoken.
    """
    frame = pd.read_csv(file)
    held = {"any": set(re.findall(_number(), caption))}
    for column in frame.select_dtypes("number"):
        unit = re.search(r"\[(.+)\]$", str(column))
        kind = UNITS.get(unit[1].removesuffix(" per month"), "any") if unit else "any"
        rounded = {text for value in frame[column].dropna() for text in _roundings(float(value), str(column))}
        for place in (kind, "chance") if kind == "ratio" else (kind,):
            held.setdefault(place, set()).update(rounded)
    if "count" not in held:
        held["count"] = set().union(*held.values())
    return held


def _roundings(value: float, column: str) -> set[str]:
    if not math.isfinite(value):
        return set()
    texts = [shown(value, kind) for kind in ROUNDED]
    texts += [decimal(value, 1), sensible(value), whole(value), ratio_words(abs(value))]
    if abs(value) <= 1:
        texts += [per_cent(abs(value)), str(hundredths(abs(value)))]
    if column.endswith("[ratio]"):
        texts.append(per_cent(abs(value - 1)))
    return {number for text in texts for number in re.findall(_number(), text)}


def _cited(html: str) -> tuple[str, ...]:
    return tuple(re.findall(r'href="#table-([^"]+)"', html))


def _plain(html: str) -> str:
    without = re.sub(r'(?s)<span class="ref">.*?</span>', "", html)
    without = re.sub(r"(?s)<strong>.*?</strong>", "", without) if without.startswith("<figcaption") else without
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", without)).split(" "))
