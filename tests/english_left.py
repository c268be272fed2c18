"""Whether English is left in a French text: a word that only English has, in the language files and the case's texts.

Words that both languages know pass, and so do names, ids, options, file names and words that are quoted from documents.
"""

import re
from collections.abc import Collection, Iterator
from functools import cache

import yaml
from babel import Locale

from harmattan.case.opening import open_case
from harmattan.claims.register import Register, load_register
from harmattan.core.language import FOLDER, language
from harmattan.core.names import HORIZONS, ONE_SIDED_PARTS, OUTCOMES
from harmattan.explain.trace_exit import EXIT
from harmattan.report.translations import all_texts
from harmattan.schema.driver_library import library_drivers
from harmattan.schema.scenario import scenario_names

_WORD = re.compile(r"[^\W\d_]+")
_NOT_WORDS = re.compile(
    r"""
    \{[\w.]+\}                    # placeholders
    | "[^"\n]*"                   # words of a document
    | '[^'\n]*'                   # what the reader typed; French apostrophes are others
    | `[^`\n]*`                   # code
    | «[ \u00a0\u202f](?:harmattan|hm\.|validate|claims_as_of)[^»]*»  # commands
    | \bharmattan(?:[ ]--?[\w-]+|[ ][a-z]+|[ ][A-Z]+)+               # commands in their examples
    | --[\w-]+(?:=\S+)?           # options
    | \bhttps?://\S+
    | [\w.-]*/[\w./-]+            # paths, and ids of numbers
    | \w[\w-]*\.(?:yaml|csv|html|pdf|json|txt|png|svg|parquet|nc|md|geojson)\b
    | \b[\w-]+(?:[_.][\w-]+)+\b   # ids and keys of the program
    | \{\}
    | \b[\w]+(?:-[\w]+)*-\d+(?:-\w+)?\b  # ids of claims
    """,
    re.VERBOSE,
)
NAMES = frozenset(
    " ".join(
        (
            "acled algiers bard barkhane bnn borgonovo brier care cline dask development energy expected github",
            "harmattan hubverse icd idmc jnim kelly mali natural earth nato phia prio python ucdp unhcr united",
            "nations uppsala views wilson wagner yaml",
        )
    ).split()
)
"""Names and terms of art that no language translates."""


FRENCH_TOO = frozenset(["alliance", "by", "group", "long", "or", "plan", "public", "possible"])
"""French words, and the letters of a licence, that no French sentence of ours needs to hold."""


def english_left(text: str, names: Collection[str] = (), ids: bool = True) -> dict[str, str]:
    """Return English words that are left in a French text, each with what stands around it.

    Parameters
    ----------
    text : str
        What a reader sees: of a page its words alone (`shown_words.Shown`), without what is marked as English.
    names : collection of str
        Further words that may stand, in lower case.
    ids : bool
        Whether ids of the case (drivers, branches, sources, scenarios ...) may stand, as they do at a terminal.
    """
    plain = _NOT_WORDS.sub(" ", text)
    plain = re.sub(r"«[ \u00a0\u202f]([^»]*?)[ \u00a0\u202f]»", _unquoted, plain)
    for known in (*_terms(), *(_ids() if ids else ())):
        if known not in plain:  # thousands are not, and to compile a pattern takes longer than to look
            continue
        plain = re.sub(rf"(?<![\w-]){re.escape(known)}(?![\w-])", " ", plain)
    allowed = NAMES | FRENCH_TOO | {name.lower() for name in names}
    left: dict[str, str] = {}
    for match in _WORD.finditer(plain):
        word = match[0].lower()
        if len(word) > 1 and word in english_words() and word not in french_words() | allowed:
            left.setdefault(word, plain[max(match.start() - 40, 0) : match.end() + 40].replace("\n", " "))
    return left


def _unquoted(match: re.Match[str]) -> str:
    """Return nothing for words of documents that a lexicon reads, other quotations as they are."""
    return " " if match[1].lower() in _hedges() else match[0]


@cache
def _hedges() -> frozenset[str]:
    return frozenset(entry.hedge.lower() for entry in _register().lexicons.hedges.phrases)


@cache
def english_words() -> frozenset[str]:
    """Return the words of the English sentences: of the program, of the case, and of what the code says."""
    french = language("fr")
    case = open_case().words.texts.get("fr", {})
    texts = [*_values("en"), *french.texts.plain, *french.terminal.plain, *case, *all_texts(_register())]
    return _words_of([*texts, *Locale("en").territories.values()])


@cache
def french_words() -> frozenset[str]:
    """Return the words of the French sentences, of the program and of the case."""
    case = open_case().words
    texts = [*_values("fr"), *case.texts.get("fr", {}).values(), *case.scenarios.get("fr", {}).values()]
    french = language("fr")
    texts += [*french.texts.plain.values(), *french.terminal.plain.values(), *Locale("fr").territories.values()]
    return _words_of([text.replace("'", "’") for text in texts])


def _words_of(texts: Collection[str]) -> frozenset[str]:
    return frozenset(
        match[0].lower() for text in texts for match in _WORD.finditer(_NOT_WORDS.sub(" ", text)) if len(match[0]) > 1
    )


def _values(code: str) -> Iterator[str]:
    """Yield the texts of a language file, without what it translates from English."""
    data = yaml.load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for part in ("texts", "terminal"):
        data.pop(part, None)

    def within(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for below in value.values():
                yield from within(below)
        else:
            yield str(value)

    yield from within(data)


@cache
def _register() -> Register:
    return load_register()


@cache
def _terms() -> tuple[str, ...]:
    """Return terms of the lexicons, which stay in the language of their survey; the longest first."""
    return tuple(sorted(_register().lexicons.phrases.terms, key=len, reverse=True))


@cache
def _ids() -> tuple[str, ...]:
    register = _register()
    known = {*register.drivers, *register.sources, *register.evidence, *register.facts, *register.conflicts}
    known |= {
        *register.claims,
        *register.propositions(),
        *register.case.dated,
        *register.case.events,
        *scenario_names(),
    }
    known |= {*scenario_names(), *library_drivers(), EXIT}
    known |= {branch for driver in library_drivers().values() for branch in driver.branch_ids}
    known |= {branch.id for driver in register.drivers.values() for branch in driver.branches}
    known |= {source.group for source in register.sources.values()}
    known |= {*OUTCOMES, *ONE_SIDED_PARTS, *HORIZONS}
    return tuple(sorted(known, key=len, reverse=True))
