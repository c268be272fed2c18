"""The rules: proposes a claim for every part of a sentence that hedges and that is about the case's subject.

No statistics learnt from claims decide what is proposed: hedges come from the lexicon, the rest from general words
(`seeds/library/reading.yaml`) and from names of the case. Claims that were coded before only rank drivers, outcomes and
propositions. No proposal has a vote on a driver: these guesses are right about half of the time
(`benchmarks/reading.py`), so a person says it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ...schema.bearing import Bearing
from ...schema.vocabulary import ClaimDirection, ClaimKind
from ..lexicon import shifted
from ..mixtures import Beta
from .document import Sentence
from .horizon import horizons_in
from .known import Known
from .proposals import Proposal
from .topics import Likely
from .words import Found, Looked

NAME = "rules"
NEAR_ENOUGH = 0.15
"""Cosine from which a driver, an outcome or a proposition is named. Chosen by hand, before agreement was looked at."""
MOST_NAMED = 3
"""Drivers, outcomes and propositions that are named, the likeliest first."""
NEAR_SENTENCES = 10
"""Sentences before and after one that names the case's subject which are taken to be about it too."""
AT_ONCE = 4
"""Words after which a second hedge speaks of something else."""
SHORTEST_PART = 4
"""Words from which what stands between two commas is a part of its own."""

_MARK = re.compile(r"[,;:–—]\s")
_UNWEIGHED: tuple[ClaimKind, ...] = ("recommendation", "question")
"""Kinds of statements that give no probability."""


@dataclass(frozen=True)
class _Part:
    """A stretch of a sentence with its own hedges."""

    start: int
    end: int
    hedges: tuple[Found, ...]


class Rules:
    """Proposes claims by the lexicon and general words; a `Reader`."""

    name = NAME

    def __init__(self, known: Known) -> None:
        self.known = known
        self._kinds = {entry.kind: entry.forms for entry in known.words.kinds}

    def propose(self, sentences: Sequence[Sentence]) -> Iterator[Proposal]:
        """Yield a proposal for every part of every sentence that hedges and is on the subject."""
        on_subject, paragraphs = self._on_subject(sentences), _paragraphs(sentences)
        by_paragraph = cache(lambda first: self._near(paragraphs[first]))
        for number, sentence in enumerate(sentences):
            hedges = self._hedges(Looked(sentence.text)) if number in on_subject else []
            if hedges:
                drivers = self._near(sentence.text) or by_paragraph(sentence.paragraph)
                for part in _parts(sentence.text, hedges):
                    yield self._proposal(sentence, part, hedges, drivers)

    def _on_subject(self, sentences: Sequence[Sentence]) -> set[int]:
        """Return the numbers of sentences near which the case's subject is named; all where it is named nowhere."""
        named = [number for number, one in enumerate(sentences) if self.known.names_subject(one.text)]
        near = {number + step for number in named for step in range(-NEAR_SENTENCES, NEAR_SENTENCES + 1)}
        return near if named else set(range(len(sentences)))

    def _hedges(self, looked: Looked) -> list[Found]:
        """Return the hedges of a sentence but for phrases that only point to what follows."""
        found = looked.entries(self.known.hedges, self.known.reads_hedge)
        asides = [span for form in self.known.words.asides for span in looked.spans(form)]
        own = [one for one in found if not any(start <= one.start < end for start, end in asides)]
        return [one for one in own if not _is_name(one, looked.text)]

    def _proposal(
        self, sentence: Sentence, part: _Part, hedges: Sequence[Found], drivers: Sequence[Likely]
    ) -> Proposal:
        text = sentence.text[part.start : part.end]
        looked, hedge = Looked(text), self._deciding(part.hedges, sentence.text)
        kind = self._kind(looked, hedge, sentence.text.rstrip('"”» ').endswith("?"))
        direction = self._direction(Looked(sentence.text[hedge.start : part.end]), kind)
        places = self.known.places_in(text) or self.known.places_in(sentence.text)
        when = horizons_in(sentence.text, self.known.words, self.known.clock)
        when = when or horizons_in(sentence.heading, self.known.words, self.known.clock)
        sizes = looked.entries(self.known.magnitudes, self.known.reads_magnitude)
        return Proposal(
            sentence=sentence,
            hedge=hedge.words,
            magnitude=self._size(sizes),
            kind=kind,
            scope="context" if kind == "observation" else "consequence",
            direction=direction,
            horizon=when[0][0] if when else "unspecified",
            horizon_explicit=bool(when),
            places=tuple(dict.fromkeys(place for place, _ in places)) or (self.known.case.units.home,),
            drivers=tuple((one.label, Bearing.model_validate("context")) for one in drivers),
            hedges=tuple(dict.fromkeys(one.words for one in hedges)),
            sizes=tuple(dict.fromkeys(one.words for one in sizes)),
            horizon_words=tuple(said for _, said in when),
            place_words=tuple(said for _, said in places),
            driver_words=tuple((one.label, one.words) for one in drivers),
            outcomes=_labels(self.known.outcome_topics.likely(text)),
            propositions=_labels(self.known.proposition_topics.likely(sentence.text)),
        )

    def _near(self, text: str) -> list[Likely]:
        near = [one for one in self.known.driver_topics.likely(text) if one.score >= NEAR_ENOUGH]
        return [one for one in near if len(one.words) > 1][:MOST_NAMED]

    def _mean(self, hedge: Found) -> float | None:
        """Return the probability that a hedge states; None where it states none."""
        entry = self.known.lexicons.hedges.phrases[hedge.index]
        if entry.term is None:
            return None
        phrase = self.known.lexicons.phrases.terms[entry.term]
        return shifted(Beta(phrase.a, phrase.b), entry.shift).mean

    def _deciding(self, hedges: Sequence[Found], text: str) -> Found:
        """Return the first hedge, or a softer one that follows it at once; always the first where it states none."""
        first, said = hedges[0], self._mean(hedges[0])
        for following in hedges[1:]:
            between = text[first.end : following.start].split()
            mean = self._mean(following)
            if said is not None and mean is not None and mean < said and len(between) <= AT_ONCE:
                return following
        return first

    def _kind(self, looked: Looked, hedge: Found, asks: bool) -> ClaimKind:
        if asks:
            return "question"
        own = Looked(hedge.words)
        if self._mean(hedge) is None:
            return next((kind for kind in _UNWEIGHED if own.has(self._kinds[kind])), "observation")
        if own.has(self._kinds["observation"]):
            return "observation"
        rest = Looked(looked.text.replace(hedge.words, ",", 1))  # a hedge that denies makes no counter-claim by itself
        weighed = (kind for kind in self._kinds if kind not in (*_UNWEIGHED, "observation"))
        told = (kind for kind in weighed if (rest if kind == "counter-claim" else looked).has(self._kinds[kind]))
        return next(told, "forecast")

    def _direction(self, looked: Looked, kind: ClaimKind) -> ClaimDirection:
        if kind == "question":
            return "uncertain"
        said = [(span, way) for way, forms in self.known.words.directions.items() for span in looked.first(forms)]
        return min(said, key=lambda one: one[0])[1] if said else "occurs"

    def _size(self, sizes: Sequence[Found]) -> str:
        """Return words that state a size, else the first of those that state none."""
        words = self.known.lexicons.magnitudes.words
        stated = [one for one in sizes if words[one.index].size != "unstated"]
        return next((one.words for one in (*stated, *sizes)), "")


def _paragraphs(sentences: Sequence[Sentence]) -> dict[int, str]:
    """Return the text of each paragraph, which says what `this` and `it` of its sentences stand for."""
    said: dict[int, list[str]] = {}
    for sentence in sentences:
        said.setdefault(sentence.paragraph, []).append(sentence.text)
    return {first: " ".join(texts) for first, texts in said.items()}


def _is_name(hedge: Found, text: str) -> bool:
    """Return whether a word is a month or a title, not a modal: one capital inside a sentence, or before a number."""
    inside = hedge.start > 0 and text[: hedge.start].rstrip()[-1:] not in ('"', "“", "•", "-", ":", "(")
    capital = hedge.words.istitle() and " " not in hedge.words
    return capital and (inside or bool(re.match(r"\s+\d", text[hedge.end :])))


def _labels(near: Sequence[Likely]) -> tuple[str, ...]:
    return tuple(one.label for one in near if one.score >= NEAR_ENOUGH)[:MOST_NAMED]


def _parts(text: str, hedges: Sequence[Found]) -> list[_Part]:
    """Return the parts of a sentence that hedge, each up to the next one."""
    begins = [0]
    for mark in _MARK.finditer(text):
        after = text[mark.end() :]
        following = _MARK.search(after)
        piece = after if following is None else after[: following.start()]
        inside = [h for h in hedges if mark.end() <= h.start < mark.end() + len(piece)]
        before = [h for h in hedges if begins[-1] <= h.start < mark.start()]
        if inside and before and len(piece.split()) >= SHORTEST_PART:
            begins.append(mark.end())
    ends = [*begins[1:], len(text)]
    made = [
        _Part(start, end, tuple(h for h in hedges if start <= h.start < end))
        for start, end in zip(begins, ends, strict=True)
    ]
    return [part for part in made if part.hedges]
