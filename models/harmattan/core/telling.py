"""The case that is being told: names and texts of its own, which sentences take from it.

Sentences of the program name no place, event or mission. `with telling(case.words):` says whose words fill them inside
the block; outside of any block there are none, and a sentence that needs one says so.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from .errors import HarmattanError
from .names import HEADLINE

UCDP = "UCDP GED"
"""The record that cases are made from where nobody says otherwise."""

_TOLD: ContextVar["CaseWords | None"] = ContextVar("case", default=None)

Forms = Mapping[str, str]
"""A name (`name`) with those of its forms that the rules of a language do not give: see `core.grammar.FORMS`."""


class NoCaseToldError(HarmattanError):
    """A sentence needs a word of a case, and no case is being told: a fault of the program, not of its user."""


@dataclass(frozen=True)
class CaseWords:
    """What sentences take from a case; every mapping goes by language code first.

    Attributes
    ----------
    id, home : str
    units : tuple of str
        Codes of all units.
    record : str
        Name and release of the record, as sources are cited.
    source : str
        Name of the record without its release.
    unit : str
        What the units are: a noun of `units` in the language files.
    called : mapping of str to Forms
        What the case calls its units instead.
    headline : str
        Outcome that the answers are about.
    borders_guessed : bool
        Whether nobody measured which units touch.
    actor : str or None
        Who leaves, or what the event is called.
    title : mapping of str to str
    names : mapping of str to mapping of str to Forms
        Units that the case calls otherwise than the world does, by code.
    event, watched : mapping of str to Forms
        Empty where the case does not name them.
    notes : mapping of str to mapping of str to str
        Longer texts by key, as templates of numbers.
    texts, scenarios : mapping of str to mapping of str to str
        English texts of the case's files to the language's; short names of scenarios by id.
    """

    id: str
    home: str
    units: tuple[str, ...]
    record: str
    source: str = UCDP
    unit: str = "country"
    called: Mapping[str, Forms] = field(default_factory=dict)
    headline: str = HEADLINE
    borders_guessed: bool = False
    actor: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, Mapping[str, Forms]] = field(default_factory=dict)
    event: Mapping[str, Forms] = field(default_factory=dict)
    watched: Mapping[str, Forms] = field(default_factory=dict)
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    scenarios: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@contextmanager
def telling(words: CaseWords) -> Iterator[CaseWords]:
    """Fill sentences with the words of a case inside the block; within another block the inner case is told."""
    token = _TOLD.set(words)
    try:
        yield words
    finally:
        _TOLD.reset(token)


def told_with[**P, R](words: CaseWords, function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that tells a case whenever it is called, such as a figure that is drawn later."""

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with telling(words):
            return function(*args, **kwargs)

    return inside


def tells[**P, R](words: Callable[[Any], CaseWords]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator of methods that tell the case of their object, which `words` finds."""

    def decorated(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def inside(*args: P.args, **kwargs: P.kwargs) -> R:
            with telling(words(args[0])):
                return method(*args, **kwargs)

        return inside

    return decorated


def told_or_none() -> CaseWords | None:
    """Return the case that is being told, if any."""
    return _TOLD.get()


def told(what: str) -> CaseWords:
    """Return the case that is being told.

    Parameters
    ----------
    what : str
        What needs it, for the message.

    Raises
    ------
    NoCaseToldError
        If none is.
    """
    words = _TOLD.get()
    if words is None:
        raise NoCaseToldError(
            f"{what} needs a word of the case, and no case is being told here. Enclose the call in `with "
            "telling(case.words):` (harmattan.core.telling), where `case` is the one that the result belongs to."
        )
    return words
