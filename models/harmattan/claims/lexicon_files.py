"""Lexicons of a case: its own files first, then those that came with the program, and whether they are whole."""

from pathlib import Path
from typing import get_args

from ..core.resources import shipped_root
from ..schema.lexicon import (
    HedgeLexicon,
    MagnitudeLexicon,
    PhraseLexicon,
    ReliabilityLexicon,
    SizeName,
    Yardsticks,
)
from ..schema.validation import validate
from ..schema.vocabulary import ClaimKind, Record
from ..schema.yaml_source import YamlDocument, read_yaml
from .lexicon import Lexicons
from .loading import Loading


def read_lexicons(loading: Loading, own: Path) -> Lexicons:
    """Return the lexicons of a case's folder, with the program's where the case has none or lacks a word.

    Raises
    ------
    InputError
        If any file read so far, a lexicon or another, is not as it should be.
    """
    library = shipped_root() / "seeds" / "library"
    phrases = _read(loading, PhraseLexicon, _own_or_shipped(own, "capphrase.yaml"))
    reliability = _read(loading, ReliabilityLexicon, _own_or_shipped(own, "reliability.yaml"))
    yardsticks = _read(loading, Yardsticks, _own_or_shipped(own, "yardsticks.yaml"))
    hedges, more_hedges = (_read(loading, HedgeLexicon, f / "hedges.yaml", may_lack=f == own) for f in (own, library))
    sizes, more_sizes = (
        _read(loading, MagnitudeLexicon, f / "magnitudes.yaml", may_lack=f == own) for f in (own, library)
    )
    loading.raise_if_unreadable()
    assert phrases and reliability and yardsticks and hedges and more_hedges and sizes and more_sizes
    return Lexicons(phrases, hedges.before(more_hedges), reliability, sizes.before(more_sizes), yardsticks)


def _own_or_shipped(own: Path, name: str) -> Path:
    return own / name if (own / name).exists() else shipped_root() / "seeds" / "lexicons" / name


def _read[Kind: Record](loading: Loading, model: type[Kind], path: Path, may_lack: bool = False) -> Kind | None:
    """Read one lexicon; where a case may lack it, a missing or empty file is one without words."""
    if may_lack and not path.exists():
        return model()
    with loading.going_on():
        document = read_yaml(path)
        lexicon = model() if may_lack and not document.data else validate(model, document)
        loading.documents.append(document)
        loading.lexicons.append((document, lexicon))
        return lexicon
    return None


def check_lexicons(loading: Loading, lexicons: Lexicons) -> None:
    """Note terms that do not exist, words that stand twice in a file, and missing rules, grades and classes."""
    for document, lexicon in loading.lexicons:
        if isinstance(lexicon, HedgeLexicon):
            _check_hedges(loading, document, lexicon, lexicons)
        elif isinstance(lexicon, MagnitudeLexicon):
            _check_repeats(loading, document, "words", [entry.plain_ways for entry in lexicon.words])
            for size in get_args(SizeName):
                if size not in lexicons.magnitudes.classes:
                    loading.problems.add(document, ("classes",), f"class {size} is missing; add it.")
        elif isinstance(lexicon, ReliabilityLexicon):
            for grade in "ABCDEF":
                if grade not in lexicon.grades:
                    loading.problems.add(document, ("grades",), f"grade {grade} is missing; add it.")


def _check_hedges(loading: Loading, document: YamlDocument, lexicon: HedgeLexicon, lexicons: Lexicons) -> None:
    known = lexicons.phrases.terms
    named = [("phrases", index, entry.term) for index, entry in enumerate(lexicon.phrases)]
    named += [("empty", index, rule.term) for index, rule in enumerate(lexicon.empty)]
    for part, index, term in named:
        if term is not None and term not in known:
            loading.problems.add_unknown(document, (part, index, "term"), "term", term, known)
    _check_repeats(loading, document, "phrases", [entry.plain_ways for entry in lexicon.phrases])
    _check_repeats(loading, document, "empty", [frozenset({f"{r.kind}, {r.implied}"}) for r in lexicon.empty])
    ruled = {(rule.kind, rule.implied) for rule in lexicons.hedges.empty}
    for kind in get_args(ClaimKind):
        for implied in (False, True):
            if (kind, implied) not in ruled:
                told = f"no rule for kind {kind}, implied {str(implied).lower()}; add one."
                loading.problems.add(document, ("empty",), told)


def _check_repeats(loading: Loading, document: YamlDocument, part: str, entries: list[frozenset[str]]) -> None:
    seen: set[str] = set()
    for index, ways in enumerate(entries):
        if twice := sorted(ways & seen):
            loading.problems.add(document, (part, index), f"{twice[0]!r} has an entry already; keep one of the two.")
        seen |= ways
