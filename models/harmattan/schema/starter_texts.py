"""The text of new entries. Keys, allowed words and comments come from the records themselves, so none falls behind.

A key whose value only the analyst can know is left without one; `harmattan validate` then lists what is missing.
"""

import textwrap
from collections.abc import Mapping
from typing import Any, get_args

from .driver import Branch, Driver
from .records import Claim, Source
from .scenario import Scenario
from .vocabulary import Record

_WIDTH = 120
_COMMENT_AT = 26


def source_text(id: str, file: str = "", sha256: str = "") -> str:
    """Return a new entry for `seeds/sources.yaml`."""
    known = {"id": id, "file": _quoted(file), "sha256": sha256, "date": "null", "group": id, "notes": '""'}
    return _entry(Source, known)


def claim_text(id: str, source: str, file: str, line: int, drivers: str = "{}") -> str:
    """Return a new entry for `seeds/claims/<source>.yaml`."""
    known = {
        "id": id,
        "source": source,
        "file": _quoted(file),
        "lines": f"[{line}]",
        "horizon": "unspecified",
        "horizon_explicit": "false",
        "magnitude": '""',
        "condition": '""',
        "scope": "consequence",
        "implied": "false",
        "drivers": drivers,
        "reliability": "null",
        "resolution": "null",
        "note": '""',
    }
    return _entry(Claim, known)


def driver_text(id: str) -> str:
    """Return a new entry for `scenarios/drivers.yaml`."""
    branch = _entry(Branch, {})
    known = {
        "id": id,
        "branches": "\n" + textwrap.indent(branch, "  ").rstrip("\n"),
        "outcomes": "{}",
        "places": "{}",
        "timing": "{onset_month: , ramp_months: , half_life_months: }",
        "evidence": "[]",
    }
    return _entry(Driver, known)


def scenario_text(id: str, parent: Scenario, drivers: Mapping[str, Driver]) -> str:
    """Return a new scenario file: it extends `parent`, changes nothing yet, and lists every driver as a comment."""
    head = (
        "# It extends another scenario and states only what differs; scenarios/baseline.yaml explains every key.",
        "# What is asked (as_of, months, exit, horizons) stands in case.yaml; here it is asked of this one alone.",
        f"id: {id}",
        f"extends: {parent.id}",
        f'title: "{id}"',
        "# The assumption in a sentence or two, as readers of the brief see it.",
        f'condition: "As in {parent.id}."',
        "# How likely it is, 0 to 1, or null for not assigned, and why; never taken over from the other scenario.",
        "probability: null",
        'probability_reason: "Not assigned yet."',
        "",
        "# To set drivers, take the # away from the next two lines and from each driver that differs.",
        "#   state   from-claims: as likely and as strong as claims say | happens: for certain | absent: not at all",
        "#   more    onset_month: 1, ramp_months: 6, half_life_months: 12, strength: 1.0 (2 doubles the log effect)",
        "# To learn of a driver, not set it, use observe in place of set: `observe: {driver-id: happens}`.",
        "#drivers:",
        "#  set:",
    )
    lines = [*head]
    for driver in drivers.values():
        lines.append(f"    # {driver.title}. In {parent.id}: {parent.setting(driver.id).state}.")
        ways = driver.branch_ids if len(driver.branches) > 1 else (None,)
        lines += [f"#    {driver.id}: {{state: happens{f', branch: {way}' if way else ''}}}" for way in ways]
    return "\n".join(lines) + "\n"


def claims_file_head(source: str) -> str:
    """Return the first line of a new file of claims."""
    return (
        f"# Claims of {source}: one assertion each, in our own words, with the lines it stands on. "
        "Keys and hard cases: seeds/README.md.\n"
    )


def editor_line(schema_path: str) -> str:
    """Return the comment by which editors find the schema of a file."""
    return f"# yaml-language-server: $schema={schema_path}\n"


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def _entry(record: type[Record], known: dict[str, str]) -> str:
    """Return one item of a YAML list: every key that is needed, its value where known, its meaning as a comment."""
    lines: list[str] = []
    needed = {key: field for key, field in record.model_fields.items() if field.is_required() or key in known}
    for number, (key, field) in enumerate(needed.items()):
        start = f"{'- ' if number == 0 else '  '}{key}: {known.get(key, '')}".rstrip()
        nested = "\n" in start
        opening, _, rest = start.partition("\n")
        lines += _commented(opening, _meaning(field))
        lines += [rest] if nested else []
    return "\n".join(lines) + "\n"


def _commented(start: str, comment: str) -> list[str]:
    """Return `start` with a comment at its right, going on below where it is long."""
    at = max(_COMMENT_AT, len(start) + 2)
    parts = textwrap.wrap(comment, _WIDTH - at - 2, break_long_words=False, break_on_hyphens=False)
    return [f"{start if i == 0 else '':{at}s}# {part}" for i, part in enumerate(parts)]


def _meaning(field: Any) -> str:
    """Return what a key means and the words it may take."""
    words = _words(field.annotation)
    meaning = str(field.description).rstrip(".")
    return f"{meaning}: {' | '.join(words)}" if words else meaning


def _words(annotation: Any) -> tuple[str, ...]:
    parts = get_args(annotation)
    return parts if parts and all(isinstance(part, str) for part in parts) else ()
