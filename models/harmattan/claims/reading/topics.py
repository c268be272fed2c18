"""Which of several labelled texts a sentence is closest to: cosine of word weights, as in any search engine.

A word counts by how few labels have it (inverse document frequency). Words are cut to six letters, so that increase,
increased and increasing are one.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]{3,}")
_LETTERS = 6


@dataclass(frozen=True)
class Likely:
    """A label that a sentence may belong to.

    Attributes
    ----------
    label : str
    score : float
        Cosine, 0 to 1.
    words : tuple of str
        Words of the sentence that speak for it, the rarest first.
    """

    label: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Topics:
    """Labels with the weights of their words."""

    weights: Mapping[str, Mapping[str, float]]
    rarity: Mapping[str, float]
    empty: frozenset[str]

    @classmethod
    def of(cls, texts: Mapping[str, Iterable[str]], empty_words: Iterable[str]) -> "Topics":
        """Return topics made of texts by label."""
        empty = frozenset(empty_words)
        counts = {
            label: Counter(stem for text in said for stem in _stems(text, empty)) for label, said in texts.items()
        }
        spread = Counter(stem for count in counts.values() for stem in count)
        rarity = {stem: math.log((1 + len(counts)) / (1 + n)) + 0.1 for stem, n in spread.items()}
        weights = {}
        for label, count in counts.items():
            raw = {stem: (1.0 + math.log(n)) * rarity[stem] for stem, n in count.items()}
            length = math.sqrt(sum(value**2 for value in raw.values())) or 1.0
            weights[label] = {stem: value / length for stem, value in raw.items()}
        return cls(weights, rarity, empty)

    def likely(self, text: str) -> list[Likely]:
        """Return every label that shares a word with a text, the closest first."""
        said = _stems(text, self.empty)
        length = math.sqrt(sum(self.rarity.get(stem, 0.0) ** 2 for stem in said)) or 1.0
        found = []
        for label, weights in self.weights.items():
            shared = sorted((stem for stem in said if stem in weights), key=lambda stem: -self.rarity[stem])
            if shared:
                score = sum(self.rarity[stem] * weights[stem] for stem in shared) / length
                found.append(Likely(label, score, tuple(said[stem] for stem in shared)))
        return sorted(found, key=lambda one: (-one.score, one.label))


def _stems(text: str, empty: frozenset[str]) -> dict[str, str]:
    """Return the words of a text that say something, by their first letters."""
    words = (word.lower() for word in _WORD.findall(text))
    return {word[:_LETTERS]: word for word in words if not {word, word[:_LETTERS]} & empty}
