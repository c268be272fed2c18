"""Checks what Python callers hand in, by the name of the argument, before anything is read or done."""

import functools
import inspect
import math
import operator
import os
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .errors import InputError
from .months import LATEST, month_number

LARGEST_DRAWS = 100_000
LONGEST_RUN = 240
MOST_WORKERS = 1024


def checked[**Args, Result](function: Callable[Args, Result]) -> Callable[Args, Result]:
    """Let a function refuse arguments of the wrong type or range with an InputError that names the argument.

    Arguments are known by their names, which mean the same in every function; None stands for what is optional.
    """
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        bound = signature.bind(*args, **kwargs)
        for name, value in bound.arguments.items():
            parameter = signature.parameters[name]
            if (value is None and parameter.default is None) or name not in _CHECKS:
                continue
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                bound.arguments[name] = tuple(_CHECKS[name](name, one) for one in value)
            else:
                bound.arguments[name] = _LISTS.get(name, _CHECKS[name])(name, value)
        return function(*bound.args, **bound.kwargs)

    return wrapper


def refused(name: str, value: object, asked: str) -> InputError:
    """Return the error for an argument that is not what is asked."""
    shown = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:60]}..."
    return InputError(f"The argument {name} takes {asked}, not {shown}.")


def _whole(low: int, high: int | None, example: str) -> Callable[[str, Any], int]:
    ends = f"between {low} and {high:,}" if high is not None else f"of {low} or more"

    def check(name: str, value: Any) -> int:
        asked = f"a whole number {ends}, such as {example}"
        if isinstance(value, bool) or type(value).__name__ == "bool_":
            raise refused(name, value, asked)
        try:
            number = operator.index(value)
        except TypeError:
            raise refused(name, value, asked) from None
        if number < low or (high is not None and number > high):
            raise refused(name, number, asked)
        return number

    return check


def _number(low: float, example: str) -> Callable[[str, Any], float]:
    def check(name: str, value: Any) -> float:
        asked = f"a number of {low:g} or more, such as {example}"
        if isinstance(value, bool | str | bytes) or not hasattr(value, "__float__"):
            raise refused(name, value, asked)
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise refused(name, value, asked) from None
        if not math.isfinite(number) or number < low:
            raise refused(name, value, asked)
        return number

    return check


def _month(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise refused(name, value, 'a month as text, such as "2023-06"')
    month_number(value)
    return value


def _month_or_latest(name: str, value: Any) -> str:
    return LATEST if value == LATEST else _month(name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise refused(name, value, "text")
    return value


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise refused(name, value, "True or False")
    return value


def _path(name: str, value: Any) -> Any:
    path = os.fspath(value) if isinstance(value, os.PathLike) else value
    if not isinstance(path, str) or not path or "\0" in path:
        raise refused(name, value, "the path of a file or folder, as text or Path")
    return value


def _scenario(name: str, value: Any) -> Any:
    if isinstance(value, str | os.PathLike):
        return _path(name, value)
    if not hasattr(value, "drivers") or not hasattr(value, "as_of"):
        raise refused(name, value, "a scenario: its name, the path of its file, or one that hm.load returned")
    return value


def list_of_texts(name: str, value: Any) -> Collection[str]:
    """Return a list of texts as it is; one text is none."""
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Collection):
        raise refused(name, value, 'a list of texts, such as ["a", "b"]')
    for one in value:
        _text(name, one)
    return value


def _each(check: Callable[[str, Any], Any], asked: str) -> Callable[[str, Any], list]:
    def check_all(name: str, value: Any) -> list:
        if isinstance(value, str | bytes | Mapping) or not isinstance(value, Collection):
            raise refused(name, value, f"a list of {asked}")
        return [check(name, one) for one in value]

    return check_all


def _having(attribute: str, asked: str) -> Callable[[str, Any], Any]:
    def check(name: str, value: Any) -> Any:
        if not hasattr(value, attribute):
            raise refused(name, value, asked)
        return value

    return check


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("scenario", "scenarios", "against"), _scenario),
    "as_of": _month_or_latest,
    "claims_as_of": _month,
    **dict.fromkeys(("panel", "out", "keep", "documents", "path", "file", "onto", "folder", "earlier", "since"), _path),
    **dict.fromkeys(("document", "drafts", "page"), _path),
    **dict.fromkeys(
        ("country", "outcome", "counts", "lang", "likelihood", "id", "driver", "kind", "release", "level", "source"),
        _text,
    ),
    **dict.fromkeys(("sources", "formats", "units", "without_claims", "without_sources"), list_of_texts),
    **dict.fromkeys(("cache", "refit", "accept_revisions", "dry_run", "forecast"), _flag),
    "months": _whole(1, LONGEST_RUN, "12"),
    "cases": _each(_path, "folders of cases"),
    "workers": _whole(1, MOST_WORKERS, "2"),
    "scheduler": _text,
    "draws": _whole(1, LARGEST_DRAWS, "4000"),
    "seed": _whole(0, None, "1"),
    "threshold": _number(0, "500"),
    "cost_ratio": _number(0, "0.25"),
    "settings": _having("chains", "SamplerSettings"),
    "readers": _each(_having("propose", "readers that propose"), "readers that propose"),
    "runs": _having("provisional_months", "forecasts or comparisons"),
    "steps": _having("step", "Steps"),
}

_LISTS = {"scenarios": _each(_scenario, "scenarios")}
"""Checks of what some functions take in a row and others as a list."""
