"""Drivers listed their claims up to version 0.5. What a project that still has such lists has to write now."""

import re
from collections.abc import Iterator
from typing import Any

_KEYS = ("claims_for", "claims_against", "claims_context")
_SHOWN = 3


def refuse_claims(driver: Any) -> None:
    """Raise ValueError if a driver lists claims, with the claim files to change and what to write there."""
    moves = list(_moves(driver)) if isinstance(driver, dict) else []
    if not moves:
        return
    files = sorted({f"seeds/claims/{re.sub(r'-[0-9]+-[a-z]$', '', claim)}.yaml" for claim, _ in moves if claim})
    told = [f"{claim}: drivers: {{{driver.get('id')}: {role}}}" for claim, role in moves if claim]
    more = f" (and {len(told) - _SHOWN} more)" if len(told) > _SHOWN else ""
    what = f" In {', '.join(files)} write {'; '.join(told[:_SHOWN])}{more}." if told else ""
    raise ValueError(
        f"{driver.get('id')} lists claims, which say themselves how they bear on a driver.{what} Then take "
        f"{', '.join(_KEYS)} out here."
    )


def _moves(driver: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each listed claim with the role to write; an empty claim for a list that is there and empty."""
    parts = [(branch, branch.get("id")) for branch in _mappings(driver.get("branches"))]
    for record, branch in [*parts, (driver, None)]:
        for key in set(_KEYS) & set(record):
            side = key.removeprefix("claims_")
            role = side if branch is None else f"{{{side}: {branch}}}"
            listed = record[key] if isinstance(record[key], list) else []
            yield from ((str(claim), role) for claim in listed or [""])


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
