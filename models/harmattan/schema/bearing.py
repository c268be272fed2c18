"""How a claim bears on a driver: for or against some of its branches, or as context without a vote."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from .vocabulary import Identifier, Record

SIDES = ("for", "against")
ROLES = (*SIDES, "context")


def _listed(branches: Any) -> Any:
    return (branches,) if isinstance(branches, str) else branches


Branches = Annotated[tuple[Identifier, ...], BeforeValidator(_listed)]


class Bearing(Record):
    """What a claim says of one driver.

    Written as `for`, `against` or `context`, or as `{for: branch}` and `{against: branch}` where the driver has several
    branches; a list names several. The words alone mean the driver's only branch.
    """

    supports: Branches | None = Field(default=None, alias="for")
    """Branches that the claim says, fears or implies; empty = the only one of the driver; None = none."""
    opposes: Branches | None = Field(default=None, alias="against")
    """Branches that the claim denies, in the same way."""

    @property
    def votes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The sides that the claim takes, each with the branches it names (none: the driver's only one)."""
        sides = zip(SIDES, (self.supports, self.opposes), strict=True)
        return tuple((side, branches) for side, branches in sides if branches is not None)

    @model_validator(mode="wrap")
    @classmethod
    def _from_a_word(cls, data: Any, handler: ModelWrapValidatorHandler["Bearing"]) -> "Bearing":
        if isinstance(data, cls):
            return data
        if isinstance(data, str) and data in ROLES:
            return handler({} if data == "context" else {data: ()})
        if not isinstance(data, dict) or not data:
            raise ValueError(f"{data!r} does not say how the claim bears on the driver. Write {_FORMS}.")
        told = handler(data)
        if any(branches == () for _, branches in told.votes) or not told.votes:
            raise ValueError(f"no branch is named. Write {_FORMS}.")
        both = set(told.supports or ()) & set(told.opposes or ())
        if both:
            raise ValueError(f"the claim stands both for and against {sorted(both)[0]!r}; keep one of the two.")
        return told

    @model_serializer
    def _as_written(self) -> Any:
        """Return the shortest form that says the same."""
        if not self.votes:
            return "context"
        short = {side: list(branches) if len(branches) != 1 else branches[0] for side, branches in self.votes}
        return next((side for side, branches in short.items() if branches == []), short)


_FORMS = (
    "context (no vote), for or against (where the driver has one branch), or {for: BRANCH} and {against: BRANCH}, with "
    "[BRANCH, BRANCH] for several"
)


def missing_branch(bearing: Bearing, driver: str, branches: Sequence[str]) -> str:
    """Return what to write where a bearing does not say which branch of a driver it means; else an empty text."""
    side = next((side for side, named in bearing.votes if not named), None)
    if side is None or len(branches) == 1:
        return ""
    others = f" (or {', '.join(branches[1:])})"
    return (
        f"{driver} can go in more than one way. Write which: {driver}: {{{side}: {branches[0]}}}{others}, or {driver}: "
        "context."
    )


def bearings_from_list(drivers: Any) -> Any:
    """Return a plain list of drivers as a mapping: the claim is for the only branch of each.

    Raises
    ------
    ValueError
        If the list names a driver twice.
    """
    if not isinstance(drivers, list | tuple) or not all(isinstance(driver, str) for driver in drivers):
        return drivers
    for driver in drivers:
        if drivers.count(driver) > 1:
            raise ValueError(f"{driver!r} stands twice; keep it once.")
    return dict.fromkeys(drivers, "for")


_NAME = {"type": "string", "pattern": r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"}
_NAMES = {"type": "array", "items": _NAME, "minItems": 1, "uniqueItems": True}
_SIDES_SCHEMA = {
    "type": "object",
    "properties": {side: {"anyOf": [_NAME, _NAMES]} for side in SIDES},
    "additionalProperties": False,
    "minProperties": 1,
}
_SCHEMA = {
    "anyOf": [
        {
            "type": "object",
            "propertyNames": {"pattern": _NAME["pattern"]},
            "additionalProperties": {"anyOf": [{"enum": list(ROLES)}, _SIDES_SCHEMA]},
        },
        {"type": "array", "items": _NAME, "uniqueItems": True},
    ]
}

Bearings = Annotated[dict[Identifier, Bearing], BeforeValidator(bearings_from_list), WithJsonSchema(_SCHEMA)]
"""Drivers that a claim bears on, each with how; a plain list is short for `for` in all of them."""
