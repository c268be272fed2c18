"""The numbers of a page's sentences, and whether the tables that a sentence cites hold them as rounded."""

import math
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pandas as pd

from harmattan.core.language import current, decimal, per_cent, whole
from harmattan.plots.numbers import hundredths, ratio_words, sensible
from harmattan.report.tables import shown

ROUNDED = ("count", "estimate", "close", "number", "precise", "hundredths", "ratio")
NOT_A_RESULT = ("number.first_day", "figures.dots.one_dot")
"""Templates whose fixed digits are too short to be told from a result."""


@dataclass(frozen=True)
class Said:
    """Words of the page and the ids of the tables that they cite."""

    words: str
    tables: tuple[str, ...]


def statements(html: str) -> list[Said]:
    """Return answers, findings and captions with the tables they cite, and table notes with their own table."""
    page = re.sub(r"(?s)<style>.*?</style>", "", html)
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
    figures = re.findall(r'(?s)<img [^>]*alt="([^"]*)".*?<figcaption>(.*?)</figcaption>', html)
    return [Said(unescape(alternative), _cited(caption)) for alternative, caption in figures]


def missing(said: Said, folder: Path, html: str) -> list[str]:
    """Return the numbers of a sentence that no cited table holds, as rounded, in a cell or in its caption."""
    held = set().union(*(_held(name, folder, html) for name in said.tables))
    return [number for number in numbers(said.words) if number not in held]


def numbers(words: str) -> list[str]:
    """Return the results among a text's numbers: not dates, years or what its templates hold as fixed words."""
    words = re.sub(r"<1\b|>99\b", " · ", words)  # what stands for almost never and almost always
    for fixed in _fixed():
        words = words.replace(fixed, " · ")
    return [n for n in re.findall(_number(), _without_dates(words)) if not re.fullmatch(r"(?:19|20)\d\d", n)]


def _number() -> str:
    group, mark = (re.escape(sign) for sign in (current().group, current().decimal))
    return rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+(?:{mark}\d+)?"


def _without_dates(words: str) -> str:
    months = "|".join(current().phrases[f"months.m{number}"] for number in range(1, 13))
    return re.sub(rf"(?:\d{{1,2}} )?\b(?:{months}) \d{{4}}", " · ", words)


def _fixed() -> list[str]:
    """Return the fixed words with digits of all templates, the longest first."""
    pieces = {
        piece
        for key, template in current().phrases.items()
        if key not in NOT_A_RESULT
        for piece in re.split(r"{\w+}", template)
        if re.search(r"\d", piece)
    }
    return sorted(pieces, key=len, reverse=True)


def _held(name: str, folder: Path, html: str) -> set[str]:
    frame = pd.read_csv(folder / "tables" / f"{name}.csv")
    caption = re.search(rf'(?s)id="table-{name}">(.*?)</p>', html)
    held = set(re.findall(_number(), _plain(caption[1]))) if caption else set()
    for column in frame.select_dtypes("number"):
        for value in frame[column].dropna():
            held |= _roundings(float(value), str(column))
    return held


def _roundings(value: float, column: str) -> set[str]:
    if not math.isfinite(value):
        return set()
    texts = [shown(value, kind) for kind in ROUNDED]
    texts += [decimal(value, 1), sensible(value), whole(value), ratio_words(abs(value))]
    if 0 <= value <= 1:
        texts += [per_cent(value), str(hundredths(value))]
    if column.endswith("[ratio]"):
        texts.append(per_cent(abs(value - 1)))
    return {number for text in texts for number in re.findall(_number(), text)}


def _cited(html: str) -> tuple[str, ...]:
    return tuple(re.findall(r'href="#table-([^"]+)"', html))


def _plain(html: str) -> str:
    without = re.sub(r'(?s)<span class="ref">.*?</span>', "", html)
    without = re.sub(r"(?s)<strong>.*?</strong>", "", without) if without.startswith("<figcaption") else without
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", without)).split(" "))
