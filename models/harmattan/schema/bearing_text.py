"""Reads the drivers of a new claim from the command line, and writes them as its file has them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ..core.errors import InputError
from .bearing import Bearing, Bearings, missing_branch
from .driver import Driver, read_drivers
from .naming import id_of
from .validation import suggestion
from .yaml_source import parse_yaml

_OPTION = "--drivers"


def bearings_text(drivers: str) -> str:
    """Return drivers as a claim's file has them, checked against `scenarios/drivers.yaml`.

    Parameters
    ----------
    drivers : str
        What would stand behind the key, such as ``{successor-presence: {for: gap-unfilled}}``; bare ids, with commas
        between them, are claims for their only branch.

    Raises
    ------
    InputError
        If that is no such value, or a driver or branch does not exist or is not said.
    """
    text = drivers.strip()
    known = read_drivers()
    titles, told = {key: driver.title for key, driver in known.items()}, _value(text)
    if isinstance(told, dict):
        told = {id_of(str(name), titles): role for name, role in told.items()}
    elif isinstance(told, list):
        told = [id_of(str(name), titles) for name in told]
    try:
        bearings: dict[str, Bearing] = TypeAdapter(Bearings).validate_python(told)
    except ValidationError as error:
        raise InputError(f"{_OPTION} {text}: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None
    for name, bearing in bearings.items():
        _check(name, bearing, known)
    return _flow({name: bearing.model_dump() for name, bearing in bearings.items()})


def _value(text: str) -> Any:
    return parse_yaml(text if text.startswith(("{", "[")) else f"[{text}]", Path(_OPTION)).data


def _check(name: str, bearing: Bearing, known: Mapping[str, Driver]) -> None:
    if name not in known:
        raise InputError(f"{_OPTION}: there is no driver {name!r}.{suggestion(name, known)}")
    branches = known[name].branch_ids
    if told := missing_branch(bearing, name, branches):
        raise InputError(f"{_OPTION}: {told}")
    for branch in (branch for _, named in bearing.votes for branch in named if branch not in branches):
        raise InputError(f"{_OPTION}: {name} has no branch {branch!r}; it has {', '.join(branches)}.")


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(inner)}' for key, inner in value.items())}}}"
    return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)
