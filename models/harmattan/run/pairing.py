"""Scenarios can be held against one another only over the same months."""

from collections.abc import Sequence

from ..core.errors import InputError
from ..schema.scenario import Asked


def check_pairing(scenarios: Sequence[Asked]) -> None:
    """Refuse scenarios that differ in `as_of`, exit, months or horizons."""
    first = scenarios[0]
    for other in scenarios[1:]:
        for name in ("as_of", "exit", "months", "horizons"):
            a, b = getattr(first.clock, name), getattr(other.clock, name)
            if a != b:
                raise InputError(
                    f"Scenarios can only be paired over the same months: {name} is {a} in {first.scenario.id} and {b} "
                    f"in {other.scenario.id}. Give both the same; --as-of and --months set two of them for all."
                )
