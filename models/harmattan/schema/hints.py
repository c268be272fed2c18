"""What was probably meant: the known word nearest to what was typed, never one that says the opposite."""

import difflib
import re
from collections.abc import Iterable, Iterator

from ..core.countries import COUNTRY_CODES

_LONGEST = 60
"""What is longer than any id or title is no slip of the pen, and comparing it takes long."""

_NEGATIONS = {
    "not",
    "no",
    "never",
    "nor",
    "none",
    "without",
    "cannot",
    "hardly",
    "scarcely",
    "barely",
    "far",
    "doubtful",
    "doubt",
    "lacks",
    "lack",
    "fails",
    "fail",
}
_FRENCH_NEGATIONS = {"ne", "pas", "jamais", "aucun", "aucune", "sans", "ni"}
_PREFIXES = ("un", "in", "im", "dis", "non")
_OPPOSITES = (
    ("increase", "decrease"), ("raise", "lower"), ("rise", "fall"), ("for", "against"), ("more", "less"),
    ("more", "fewer"), ("higher", "lower"), ("high", "low"), ("grow", "shrink"), ("grows", "shrinks"),
    ("gain", "loss"), ("gained", "lost"), ("worse", "better"), ("worsen", "improve"), ("worsens", "improves"),
    ("worst", "best"), ("happens", "absent"), ("before", "after"), ("above", "below"), ("over", "under"),
    ("strengthened", "weakened"), ("expand", "contract"), ("first", "last"), ("true", "false"), ("up", "down"),
    ("support", "oppose"), ("supports", "opposes"), ("always", "never"), ("start", "end"), ("opened", "closed"),
    ("all", "none"), ("win", "lose"), ("stays", "leaves"), ("short", "long"), ("early", "late"),
    ("filled", "unfilled"), ("hardens", "eases"), ("settlement", "collapse"), ("occurs", "ends"), ("low", "severe"),
    ("slight", "severe"), ("rare", "frequent"), ("rarely", "often"), ("probable", "improbable"),
    ("likely", "unlikely"), ("possible", "impossible"), ("hausse", "baisse"), ("plus", "moins"),
)  # fmt: skip
"""Pairs of which a slip of the pen never makes one of the other."""

_SIDES: dict[str, list[tuple[int, int]]] = {}
for _pair, _words_of in enumerate(_OPPOSITES):
    for _side, _word in enumerate(_words_of):
        _SIDES.setdefault(_word, []).append((_pair, _side))


def suggestion(word: object, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the known word nearest to `word`, or an empty text.

    What says the opposite is never proposed, nor another country than the one that was named, nor what was typed.
    """
    near = nearest(word, known, 1)
    return f" Did you mean {near[0]!r}?" if near else ""


def nearest(word: object, known: Iterable[str], most: int) -> list[str]:
    """Return the known words nearest to `word` that do not say the opposite, the nearest first."""
    typed = str(word)
    if len(typed) > _LONGEST or typed in COUNTRY_CODES:
        return []
    candidates = [other for other in known if other != typed and len(other) <= _LONGEST]
    near = difflib.get_close_matches(typed, candidates, n=most + 5, cutoff=0.6)
    return [other for other in near if not turns_round(typed, other)][:most]


def turns_round(typed: str, other: str) -> bool:
    """Return whether one of two wordings denies or reverses what the other says."""
    typed_words, other_words = _words(typed), _words(other)
    if sum(_denials(typed_words)) % 2 != sum(_denials(other_words)) % 2:
        return True
    sides = dict(_sides(typed_words))
    return any(sides.get(pair, side) != side for pair, side in _sides(other_words))


def denies(text: str) -> bool:
    """Return whether a wording denies something."""
    return sum(_denials(_words(text))) % 2 == 1


def _words(text: str) -> list[str]:
    """Return the words of a text or of an id, with "isn't" as "is not"."""
    return re.findall(r"[^\W\d_]+", re.sub(r"n['’]t\b", " not", text.lower()))


def _denials(words: list[str]) -> Iterator[bool]:
    """Yield for each word whether it denies: a negation, or the opposite of a word by its first letters."""
    for word in words:
        yield word in _NEGATIONS | _FRENCH_NEGATIONS or any(
            word.startswith(prefix) and _slip_of(word.removeprefix(prefix)) for prefix in _PREFIXES
        )


_PLAIN = (
    "likely", "probable", "possible", "certain", "sure", "able", "stable", "secure", "appear", "agree", "filled",
    "safe", "clear", "expected", "engagement", "explicit", "stability", "certainty", "violent",
)  # fmt: skip
"""Words whose opposite is made by letters before them."""


def _slip_of(rest: str) -> bool:
    return bool(difflib.get_close_matches(rest, _PLAIN, n=1, cutoff=0.8))


def _sides(words: list[str]) -> Iterator[tuple[int, int]]:
    """Yield (pair, side) of every word that has an opposite, however it is misspelt."""
    for word in words:
        near = [word] if word in _SIDES else difflib.get_close_matches(word, _SIDES, n=1, cutoff=0.8)
        yield from (place for found in near for place in _SIDES[found])
