"""Finds expressions of a lexicon inside a sentence, as the document writes them.

A sentence is looked through as the lexicons hold words (`schema.forms`): small letters, n't written out, fillers such
as also left out. What is found is copied from the document, so that it stands where it is cited.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...schema.forms import fewest_needed, normalised, places_of, without_fillers
from ...schema.lexicon import HedgeEntry, MagnitudeWord

_TOKEN = re.compile(r"can not\b|\d[\d,.]*\d|[^\W_]+(?:[-'’][^\W_]+)*|[,;:.!?()\[\]\"“”«»–—…]", re.IGNORECASE)
Span = tuple[int, int]
_BREAK = ","
"""Stands for every mark between words; no form goes over one."""


@dataclass(frozen=True)
class Found:
    """Words of a lexicon in a sentence.

    Attributes
    ----------
    words : str
        As the document has them; ... joins two parts.
    start, end : int
        Offsets in the sentence, of the first and the last part.
    index : int
        Number of the lexicon's entry.
    """

    words: str
    start: int
    end: int
    index: int


class Looked:
    """A sentence that expressions are looked for in."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = [(match.start(), match.end()) for match in _TOKEN.finditer(text)]
        words: list[str] = []
        self._owner: list[int] = []
        for number, (start, end) in enumerate(self._tokens):
            said = without_fillers(text[start:end]).split() if text[start].isalnum() else [_BREAK]
            words += said
            self._owner += [number] * len(said)
        self._starts = [0]
        for word in words:
            self._starts.append(self._starts[-1] + len(word) + 1)
        self._said = "".join(f"{word} " for word in words)
        self._present = frozenset(words)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words as lexicons hold them, without marks."""
        return tuple(word for word in self._said.split() if word != _BREAK)

    def spans(self, form: str) -> list[Span]:
        """Return where a form stands, as offsets in the sentence."""
        found = []
        for start, end in places_of(form, self._said, self._present):
            first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end) - 2
            found.append((self._tokens[self._owner[first]][0], self._tokens[self._owner[last]][1]))
        return found

    def has(self, forms: Iterable[str]) -> list[str]:
        """Return the words of every form that stands in the sentence, as it writes them, in order and once each."""
        spans = apart([(start, end) for form in forms for start, end in self.spans(form)])
        return list(dict.fromkeys(self.text[start:end] for start, end in spans))

    def first(self, forms: Iterable[str]) -> list[Span]:
        """Return where the first of some forms stands, as offsets in the sentence; empty where none does."""
        return sorted(span for form in forms for span in self.spans(form))[:1]

    def entries(self, expressions: "Expressions", known: Callable[[str], bool]) -> list[Found]:
        """Return the expressions of a lexicon that stand in the sentence, the longest where they overlap, in order.

        Parameters
        ----------
        expressions : Expressions
            What is looked for.
        known : function of str to bool
            Whether the lexicon has words as the document writes them; what it would not find again is left out.
        """
        asked = expressions.that_may_be_in(self._present)
        written = [(parts, index) for index, forms in asked for parts in self._ways(forms)]
        written.sort(key=lambda one: (-len(one[0]), -sum(end - start for start, end in one[0]), one[0]))
        taken: list[Span] = []
        kept = []
        for parts, index in written:
            words = " ... ".join(self.text[start:end] for start, end in parts)
            if any(_overlap(part, other) for part in parts for other in taken) or not known(words):
                continue
            taken += parts
            kept.append(Found(words, parts[0][0], parts[-1][1], index))
        return sorted(kept, key=lambda one: one.start)

    def _ways(self, forms: Sequence[str]) -> Iterator[tuple[Span, ...]]:
        """Yield where an expression stands; one of several parts only with all of them, in that order."""
        first, *rest = forms
        for start, end in self.spans(first):
            parts = [(start, end)]
            for part in rest:
                parts += [span for span in self.spans(part) if span[0] >= parts[-1][1]][:1]
            if len(parts) == 1 + len(rest):
                yield tuple(parts)


class Expressions:
    """Expressions of a lexicon by their rarest word, so that a sentence is asked for few of them."""

    def __init__(self, entries: Sequence[HedgeEntry | MagnitudeWord]) -> None:
        self._by_word: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for index, entry in enumerate(entries):
            own = entry.hedge if isinstance(entry, HedgeEntry) else entry.magnitude
            parts = tuple(without_fillers(part) for part in normalised(own).split("..."))
            for forms in (parts, *((form,) for form in entry.forms)):
                for word in fewest_needed(forms[0]):
                    self._by_word.setdefault(word, []).append((index, forms))

    def that_may_be_in(self, words: frozenset[str]) -> list[tuple[int, tuple[str, ...]]]:
        """Return (entry, parts) of each form that has one of some words, in the order of entries and once each."""
        return sorted({one for word in words for one in self._by_word.get(word, ())})


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def apart(spans: Iterable[Span]) -> list[Span]:
    """Return spans that do not overlap, the longest first chosen, in order."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda one: (one[0] - one[1], one)):
        if not any(_overlap(span, other) for other in kept):
            kept.append(span)
    return sorted(kept)
