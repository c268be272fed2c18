"""Rate ratios as files state them: the two ends of an 80 % interval."""

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from .validation import shown

LARGEST_RATIO = 100


def _ends(told: Any) -> Any:
    """Return low and high end of a rate ratio."""
    if told is None:
        return None
    ends = tuple(told) if isinstance(told, list | tuple) else ()
    numbers = [end for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
    if len(numbers) != 2 or len(ends) != 2 or not 0 < numbers[0] < numbers[1] <= LARGEST_RATIO:
        raise ValueError(
            "ratio takes the low and the high end of a rate ratio, as in [1.0, 1.5] (above 0, no more than "
            f"{LARGEST_RATIO}), not {shown(told)}."
        )
    return float(numbers[0]), float(numbers[1])


_ENDS_SCHEMA = {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0}, "minItems": 2, "maxItems": 2}

RatioEnds = Annotated[tuple[float, float], BeforeValidator(_ends), WithJsonSchema(_ENDS_SCHEMA)]
"""Low and high end of a rate ratio."""
Ends = Annotated[tuple[float, float] | None, BeforeValidator(_ends), WithJsonSchema(_ENDS_SCHEMA)]
"""The same, or null where none is stated."""


def branch_ratio(ratio: tuple[float, float], sign: int) -> tuple[float, float] | None:
    """Return the ends of a branch's rate ratio; None where they say the opposite of what the branch does.

    A branch that lowers deaths takes a ratio below 1 as it stands, and the mirror image of one above 1.
    """
    low, high = ratio
    if sign > 0:
        return ratio if high > 1 else None
    return ratio if high <= 1 else (1 / high, 1 / low) if low >= 1 else None
