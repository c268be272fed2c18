"""The ways in which one expression may be written, told in a few signs that an analyst can read and write.

- ``BE`` is any form of to be (is, are, was, will be, has been ...), ``HAVE`` has, have, had or having;
- ``[word]`` may be left out;
- ``this/that`` is one of these words.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

_BE = (
    "is", "are", "was", "were", "be", "been", "being", "am", "'s", "'re", "will be", "would be", "has been",
    "have been", "had been",
)  # fmt: skip
_HAVE = ("has", "have", "had", "having")
_FILLERS = frozenset({"also", "still", "now", "thus", "therefore", "then", "however", "indeed"})
"""Words between the others that leave it open how likely something is."""

_PART = re.compile(r"\[([^\[\]]+)\]|([^\s\[\]]+)")
_SHAPE = re.compile(r"(?:\[[^\[\]]+\]|[^\s\[\]]+)(?: (?:\[[^\[\]]+\]|[^\s\[\]]+))*")


class Written(Protocol):
    """An entry that knows in which ways it may be written."""

    def is_written(self, words: str) -> bool:
        """Return whether normalised words are one of its ways."""
        ...


def normalised(words: str) -> str:
    """Return words as lexicons hold them: lower case, single spaces, plain apostrophes."""
    return " ".join(words.lower().replace("’", "'").split())


def without_fillers(words: str) -> str:
    """Return normalised words with n't written out and words such as also and still left out."""
    text = re.sub(r"\bcan(?:'t| not)\b", "cannot", normalised(words))
    text = re.sub(r"\bwon't\b", "will not", text)
    text = re.sub(r"n't\b", " not", text)
    return " ".join(word for word in re.sub(r"(\w)('s|'re)\b", r"\1 \2", text).split() if word not in _FILLERS)


def entry_for[Entry: Written](words: str, entries: Sequence[Entry]) -> Entry | None:
    """Return the first entry that has exactly these words, else the first that has them without fillers, else None."""
    for told in dict.fromkeys((normalised(words), without_fillers(words))):
        found = next((entry for entry in entries if entry.is_written(told)), None)
        if found is not None:
            return found
    return None


def is_written(words: str, hedge: str, forms: Iterable[str]) -> bool:
    """Return whether normalised words are an expression's own or fit one of its forms, whole."""
    return words == normalised(hedge) or any(_pattern(form).fullmatch(f"{words} ") for form in forms)


def check_form(form: str) -> str:
    """Return a form that can be read.

    Raises
    ------
    ValueError
        If brackets do not match, or nothing is left when all that may be left out is.
    """
    if not _SHAPE.fullmatch(form):
        raise ValueError(f"{form!r} is no form: write words and [words that may be left out], single spaces between.")
    if _pattern(form).fullmatch(""):
        raise ValueError(f"all of {form!r} may be left out; take the brackets away from one word.")
    return form


def plain_ways(hedge: str, forms: Iterable[str]) -> frozenset[str]:
    """Return an expression and its forms without what may be left out, with is for BE and has for HAVE."""
    ways = {normalised(hedge)}
    for form in forms:
        words = [word.split("/") for optional, word in _PART.findall(form) if not optional]
        plain = [[{"BE": "is", "HAVE": "has"}.get(one, one) for one in choice] for choice in words]
        ways |= {" ".join(choice) for choice in itertools.product(*plain)}
    return frozenset(ways)


def places_of(form: str, text: str, present: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Yield where a form stands in a longer text, as offsets.

    Parameters
    ----------
    form : str
    text : str
        Normalised words without fillers, each followed by a space.
    present : frozenset of str
        The words of `text`: most forms lack one, and are then not looked for.
    """
    needed, pattern = _searched(form)
    if all(not words.isdisjoint(present) for words in needed):
        yield from ((match.start(), match.end()) for match in pattern.finditer(text))


def fewest_needed(form: str) -> frozenset[str]:
    """Return words of which a text has one wherever the form stands: the shortest such list."""
    return min(_searched(form)[0], key=len)


@lru_cache(maxsize=4096)
def _searched(form: str) -> tuple[tuple[frozenset[str], ...], re.Pattern[str]]:
    """Return the words of which a form needs one each, and what finds it inside a text."""
    words = [word for optional, word in _PART.findall(form) if not optional]
    needed = tuple(frozenset(choice.split()[0] for choice in _choices(word)) for word in words)
    return needed, re.compile(rf"(?<!\S){_pattern(form).pattern}")


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    """Return what matches every way of a form, each word followed by a space."""
    parts = [(optional or word, bool(optional)) for optional, word in _PART.findall(form)]
    return re.compile("".join(f"(?:{_words(part)}){'?' if may_lack else ''}" for part, may_lack in parts))


def _words(part: str) -> str:
    return "".join(f"(?:{'|'.join(map(re.escape, _choices(word)))}) " for word in part.split())


def _choices(word: str) -> list[str]:
    choices: list[str] = []
    for one in word.split("/"):
        choices += _BE if one == "BE" else _HAVE if one == "HAVE" else [one.lower()]
    return choices
