"""The register of exits: read, held against the tables that it rests on, and shown as a table.

A case may have its own `seeds/evidence/exits.yaml`; its exits come beside those of the program's library. What a run
may know of an exit is `MissionExit.known_by`.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.arguments import checked
from ..core.errors import InputError
from ..core.resources import project_root, shipped_root
from ..schema.exits import Dated, ExitFile, LeftOut, MissionExit, Rule
from ..schema.validation import Problems, validate
from ..schema.yaml_source import YamlDocument, read_yaml

if TYPE_CHECKING:
    import pandas as pd

EXITS_FILE = "exits.yaml"
SHARES = {"below_80": 0.8, "below_50": 0.5, "below_20": 0.2}
FIVE_YEARS = 60
"""Months of the longest window."""

Strengths = dict[str, tuple[int, int]]
"""Month to uniformed people, and to soldiers and observers among them."""


@dataclass(frozen=True)
class ExitRegister:
    """Exits that count by the rule, by id, and missions that are left out.

    Attributes
    ----------
    exits : dict of str to MissionExit
    left_out : tuple of LeftOut
    rule : Rule
    files : tuple of Path
    """

    exits: dict[str, MissionExit]
    left_out: tuple[LeftOut, ...]
    rule: Rule
    files: tuple[Path, ...] = field(repr=False)

    def known_by(self, as_of: str, months: int = FIVE_YEARS) -> tuple[MissionExit, ...]:
        """Return the exits that were over, with a whole window of so many months behind them, by a month."""
        return tuple(one for one in self.exits.values() if one.known_by(as_of, months))


def load_exits(root: Path | None = None) -> ExitRegister:
    """Read the exits of a case, those of the library first, and hold their dates against the tables they are from.

    Parameters
    ----------
    root : Path, optional
        The case's folder; the project in use by default.

    Raises
    ------
    InputError
        With file, YAML path, line and what to write instead.
    """
    library = shipped_root() / "seeds" / "evidence" / EXITS_FILE
    own = (root or project_root()) / "seeds" / "evidence" / EXITS_FILE
    paths = [library, *([own] if own.is_file() and own.resolve() != library.resolve() else [])]
    documents = [read_yaml(path) for path in paths]
    files = [validate(ExitFile, document) for document in documents]
    rules = [file.rule for file in files if file.rule is not None]
    if files[0].rule is None:
        raise InputError(f"{documents[0].name}: the library's register states no rule; add the key 'rule'.")
    exits = _checked(documents, files, rules[-1])
    left_out = tuple(dict.fromkeys(one for file in files for one in file.left_out))
    return ExitRegister(exits, left_out, rules[-1], tuple(paths))


@checked
def exits(as_of: str | None = None, *, months: int = FIVE_YEARS) -> "pd.DataFrame":
    """Return the exits of missions from countries at war, by time, and the missions that are left out and why.

    Parameters
    ----------
    as_of : str, optional
        `YYYY-MM`: an exit counts only if it was over, and its window with it, by then. All that the rule takes count by
        default.
    months : int
        Length of the window from the start of the drawdown.

    Returns
    -------
    pandas.DataFrame
        Columns ``exit``, ``mission``, ``sender``, ``host``, ``kind``, ``peak`` (people), ``start`` (month 0 of the
        windows), ``below_80``, ``below_50``, ``below_20``, ``decision``, ``end`` (months), ``pace`` (months),
        ``stayed``, ``counts``, ``because`` and ``why``.
    """
    return exits_table(load_exits(), as_of, months)


def exits_table(register: ExitRegister, as_of: str | None = None, months: int = FIVE_YEARS) -> "pd.DataFrame":
    """Return `exits` of a register."""
    import pandas as pd

    by_time = sorted(register.exits.values(), key=lambda one: (one.start, one.id))
    rows = [_row(one, as_of, months) for one in by_time] + [_left_out_row(one) for one in register.left_out]
    return pd.DataFrame(rows).astype({"peak": "Int64", "pace": "Int64"})


def strengths_of(missions: Sequence[str], first: str, last: str, data: Path | None = None) -> Strengths:
    """Return the uniformed people of some missions together, by month; not every month is in the table."""
    found: Strengths = {}
    for row in _rows("un_mission_month_1990_2017.csv", data):
        if row["mission"] in missions and first <= row["month"] <= last:
            people, soldiers = found.get(row["month"], (0, 0))
            more = int(row["troops"] or 0) + int(row["observers"] or 0)
            found[row["month"]] = people + int(row["total"]), soldiers + more
    return dict(sorted(found.items()))


def drawdown(strengths: Strengths) -> dict[str, str | None]:
    """Return peak month, and the months from which the strength stays below 80, 50 and 20 % of the peak."""
    people = {month: number for month, (number, _) in strengths.items()}
    peak = max(people, key=lambda month: people[month])
    return {"peak": peak} | {key: _stays_below(people, peak, share) for key, share in SHARES.items()}


def ended_in_list(missions: Sequence[str], data: Path | None = None) -> str | None:
    """Return the last month that the list of operations gives as the end of one of some missions."""
    ends = [r["end_date"][:7] for r in _rows("un_pko_list_2024-02.csv", data) if r["mission_acronym"] in missions]
    return max(filter(None, ends), default=None)


def _stays_below(people: dict[str, int], peak: str, share: float) -> str | None:
    reached = [month for month, number in people.items() if number >= share * people[peak]]
    return next((month for month in people if month > reached[-1]), None)


def _rows(name: str, data: Path | None) -> tuple[dict[str, str], ...]:
    file = (data or shipped_root() / "seeds" / "data") / "peacekeeping" / name
    return _rows_of(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _rows_of(file: Path, changed: int) -> tuple[dict[str, str], ...]:
    with file.open(encoding="utf-8", newline="") as opened:
        return tuple(csv.DictReader(opened))


def _checked(documents: Sequence[YamlDocument], files: Sequence[ExitFile], rule: Rule) -> dict[str, MissionExit]:
    problems, exits = Problems(), dict[str, MissionExit]()
    for document, file in zip(documents, files, strict=True):
        for index, one in enumerate(file.exits):
            place = ("exits", index)
            if exits.setdefault(one.id, one) != one:
                told = f"the id {one.id!r} stands already, with other contents; give this another."
                problems.add(document, (*place, "id"), told)
            for path, told in (*_wrong_dates(one), *_against_rule(one, rule)):
                problems.add(document, (*place, *path), told)
    problems.raise_if_any()
    return exits


def _wrong_dates(one: MissionExit) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what differs from the table that a date says it is from."""
    strengths = strengths_of(one.missions, one.first, one.last)
    computed = drawdown(strengths) if strengths else dict.fromkeys(("peak", *SHARES))
    for key in ("peak", *SHARES):
        given: Dated | None = getattr(one, key)
        if given is not None and given.source == "strengths" and given.month != computed[key]:
            yield (key, "month"), _table_says("strengths", computed[key])
        if given is None and computed[key] is not None:
            yield (key,), _table_says("strengths", computed[key])
    most = strengths[computed["peak"]][0] if computed["peak"] else None
    if one.peak.source == "strengths" and most not in (None, one.peak.people):
        yield ("peak", "people"), f"the table of strengths has {most}; write this."
    for key in ("decision", "end"):
        given = getattr(one, key)
        if given is not None and given.source == "strengths":
            yield (key, "source"), "strengths tell no decision or end; name the list, a resolution or public knowledge."
        if given is not None and given.source == "list" and given.month != ended_in_list(one.missions):
            yield (key, "month"), _table_says("operations", ended_in_list(one.missions))


def _table_says(table: str, month: str | None) -> str:
    told = "has no such month; write null, or another source" if month is None else f"has {month}; write this"
    return f"the table of {table} {told}."


def _against_rule(one: MissionExit, rule: Rule) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what the rule would leave out, as far as the entry and the strengths tell."""
    most = one.peak.people
    if most < rule.smallest_peak:
        yield ("peak", "people"), f"the rule asks for {rule.smallest_peak}; move this exit to left_out (too-small)."
    strengths = strengths_of(one.missions, one.first, one.last)
    people, soldiers = strengths.get(one.peak.month, (0, 0))
    if people and soldiers < rule.smallest_share_of_soldiers * people:
        yield ("missions",), f"{soldiers} of {people} were soldiers; move this exit to left_out (police)."
    for index, other in enumerate(one.stayed):
        large = other.people is not None and other.people >= rule.largest_successor * most
        if other.shape == "force" and other.at_once and large:
            told = f"{other.people} of {most} stayed or came at once; move this exit to left_out (larger-force)."
            yield ("stayed", index, "people"), told


def _row(one: MissionExit, as_of: str | None, months: int) -> dict[str, Any]:
    dates = {key: given.month if (given := getattr(one, key)) else "" for key in (*SHARES, "decision", "end")}
    counts = as_of is None or one.known_by(as_of, months)
    return {
        **{"exit": one.id, "mission": " + ".join(one.missions), "sender": one.sender, "host": one.host},
        **{"kind": one.kind, "peak": one.peak.people, "start": one.start, **dates, "pace": one.pace},
        **{"stayed": "; ".join(other.who for other in one.stayed), "counts": counts},
        **{"because": "" if counts else "not-known-yet"},
        **{"why": "" if counts else f"the exit, or its {months} months, were not over by {as_of}"},
    }


def _left_out_row(one: LeftOut) -> dict[str, Any]:
    blank = dict.fromkeys(("start", *SHARES, "decision", "end", "stayed"), "")
    return {
        **{"exit": "", "mission": " + ".join(one.missions), "sender": one.sender, "host": one.host, "kind": ""},
        **{"peak": None, **blank, "pace": None, "counts": False, "because": one.because, "why": one.why},
    }
