"""A figure's numbers from the JSON that stands beside it: as frozen and as whole as they were written."""

import json
from dataclasses import fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from ..core.errors import InputError
from .border_numbers import FlowNumbers, SpilloverNumbers
from .course_numbers import FanNumbers, KillerNumbers, MultiplesNumbers, RidgeNumbers, YearsAhead
from .effect_numbers import ContrastNumbers, DriverNumbers, ExitEffectNumbers, TornadoNumbers
from .figure_numbers import SCHEMA, DotNumbers, FigureNumbers, LadderNumbers, MapNumbers
from .share_numbers import CalibrationNumbers, ChanceNumbers

KINDS: dict[str, type[FigureNumbers]] = {
    kind.figure: kind
    for kind in (
        YearsAhead, KillerNumbers, FanNumbers, DotNumbers, RidgeNumbers, ContrastNumbers, LadderNumbers, ChanceNumbers,
        SpilloverNumbers, MapNumbers, ExitEffectNumbers, DriverNumbers, TornadoNumbers, MultiplesNumbers, FlowNumbers,
        CalibrationNumbers,
    )
}  # fmt: skip
"""What each figure's numbers are, by the name that their JSON states."""


def read_numbers(text: str) -> FigureNumbers:
    """Return the numbers that a figure's `to_json` wrote.

    Parameters
    ----------
    text : str
        JSON, as in ``figures/<name>.json`` of a brief.

    Returns
    -------
    FigureNumbers
        Of the figure's own kind and equal to what was written; where a number was not finite, NaN or None.

    Raises
    ------
    InputError
        If `text` is no JSON, of no figure, of another version, or a field is not there or not of its kind.
    """
    try:
        stored = json.loads(text)
    except (TypeError, ValueError) as cause:
        raise InputError(f"These are not a figure's numbers: {cause}. Give the text of a figure's own JSON.") from None
    figure = stored.get("figure") if isinstance(stored, dict) else None
    if figure not in KINDS:
        raise InputError(f"{figure!r} is no figure whose numbers are kept: choose from {', '.join(sorted(KINDS))}.")
    if stored.get("schema") != SCHEMA:
        raise InputError(
            f"The numbers of {figure} have the schema {stored.get('schema')!r}, and this version of the program reads "
            f"{SCHEMA}: write the brief anew."
        )
    return _record(KINDS[figure], stored, figure)


def _record(kind: type, stored: Any, place: str) -> Any:
    if not isinstance(stored, dict):
        raise _wrong(place, stored)
    hints = get_type_hints(kind)
    missing = [one.name for one in fields(kind) if one.name not in stored]
    if missing:
        raise InputError(f"The numbers of {place} lack {', '.join(missing)}: write the brief anew.")
    return kind(**{one.name: _value(hints[one.name], stored[one.name], f"{place}.{one.name}") for one in fields(kind)})


def _value(hint: Any, stored: Any, place: str) -> Any:
    """Return a stored value as its field has it: lists are tuples, null is NaN where None may not stand."""
    if is_dataclass(hint):
        return _record(hint, stored, place)  # type: ignore[arg-type]
    parts = get_args(hint)
    if isinstance(hint, UnionType):
        return None if stored is None else _value(parts[0], stored, place)
    if get_origin(hint) is tuple:
        return _row(parts, stored, place)
    if hint is float and (stored is None or (isinstance(stored, int | float) and not isinstance(stored, bool))):
        return float("nan") if stored is None else float(stored)
    if type(stored) is not hint:
        raise _wrong(place, stored)
    return stored


def _row(parts: tuple[Any, ...], stored: Any, place: str) -> tuple[Any, ...]:
    """Return a list as a tuple: of any length where all parts are of one kind."""
    alike = parts[-1] is Ellipsis
    if not isinstance(stored, list) or not (alike or len(stored) == len(parts)):
        raise _wrong(place, stored)
    kinds = [parts[0]] * len(stored) if alike else parts
    return tuple(_value(kind, one, place) for kind, one in zip(kinds, stored, strict=True))


def _wrong(place: str, stored: Any) -> InputError:
    return InputError(f"{place} cannot be {stored!r}: write the brief anew, or mend its JSON.")
