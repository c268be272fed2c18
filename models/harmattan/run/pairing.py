"""Scenarios can be held against one another only over the same months."""

from ..core.errors import InputError
from ..schema.scenario import Scenario


def check_pairing(scenarios: list[Scenario]) -> None:
    """Refuse scenarios that differ in `as_of`, exit, months or horizons."""
    first = scenarios[0]
    for other in scenarios[1:]:
        for name in ("as_of", "exit", "months", "horizons"):
            a, b = getattr(first, name), getattr(other, name)
            if a != b:
                raise InputError(
                    f"Scenarios can only be paired over the same months: {name} is {a} in {first.id} and {b} in "
                    f"{other.id}. Give both the same; --as-of and --months set two of them for all."
                )
