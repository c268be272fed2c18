"""Adds a UCDP release to a panel: a new panel file beside a record of where it comes from, or nothing at all."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import InputError
from ..core.files import check_file, file_in_place, sha256_of
from ..core.language import country_name, listed, phrase, whole
from ..core.months import month_range, months_after, months_between, months_said
from ..core.resources import display_path
from .lineage import Lineage, lineage_of, read_record, spans
from .placing import placing_of
from .regions import country_of
from .release import KINDS, Release, SetAside, read_release
from .release_number import ReleaseNumber, number_in_name, release_number
from .suspicions import LEAST_LOST, falls, revisions
from .ucdp import COLUMNS, KEY, STATUS, Lifetimes, checked_table

LARGEST_REVISION = 0.25
"""Share by which final deaths may change before a release is refused."""


@dataclass(frozen=True)
class Base:
    """The panel that a release is added to.

    Attributes
    ----------
    file : Path
        It stays as it is.
    units : tuple of str
        Units that it holds.
    frozen : Path
        The panel that the case carries, which no import may write over.
    release : str
        UCDP's release that it was cut from.
    lifetimes : mapping of unit to (first, last)
    level : {"country", "admin1"}
        What the units are.
    """

    file: Path
    units: tuple[str, ...]
    frozen: Path
    release: str
    lifetimes: Lifetimes = field(default_factory=dict)
    level: str = "country"


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes
    ----------
    panel, provenance : Path
        The new panel, which `--panel` takes, and the JSON that says where it comes from.
    written : bool
        Whether they were written; a trial writes nothing.
    kind, release : str
    first, last : str
        Months that were taken from the release.
    added, revised : int
        Months that are new, and cells of known months that changed.
    deaths_before, deaths_after : int
        Deaths in the known months that the release covers, in the panel it was added to and in the release.
    provisional : tuple of str
        Months that rest on candidate events.
    set_aside : SetAside
        Events that begin outside of the months that the release covers.
    warnings : tuple of str
        What looks odd in the release and was taken all the same, each in a sentence.
    """

    panel: Path
    provenance: Path
    written: bool
    kind: str
    release: str
    first: str
    last: str
    added: int
    revised: int
    deaths_before: int
    deaths_after: int
    provisional: tuple[str, ...]
    set_aside: SetAside
    warnings: tuple[str, ...]

    def sentence(self) -> str:
        """Return in words what was done."""
        covered = months_said(month_range(self.first, self.last))
        text = phrase("imported.months", release=self.release, covered=covered, count=_several("month", self.added))
        if months_between(self.first, self.last) + 1 > self.added:
            numbers = (whole(number) for number in (self.revised, self.deaths_before, self.deaths_after))
            text += phrase("imported.revised", **dict(zip(("cells", "before", "after"), numbers, strict=True)))
        said = [f"{text}."]
        if not self.added and not self.revised:
            said.append(phrase("imported.nothing_new"))
        if self.provisional:
            said.append(phrase("imported.provisional", months=months_said(self.provisional)))
        if self.set_aside.events:
            months = ", ".join(f"{month}: {count}" for month, count in self.set_aside.months.items())
            said.append(
                phrase(
                    "imported.set_aside",
                    events=_several("event", self.set_aside.events),
                    deaths=whole(self.set_aside.deaths),
                    months=months,
                )
            )
        return " ".join(said)


def add_release(
    file: Path, base: Base, out: Path, *, kind: str, release: str | None, accept_revisions: bool, dry_run: bool
) -> Imported:
    """Add a UCDP release to a panel and write it as a new one.

    Parameters
    ----------
    file : Path
        GED CSV, candidate CSV or a table by country and month, as UCDP publishes it, also packed.
    base : Base
    out : Path
        The new panel; ``<out>.json`` beside it keeps SHA-256, release, row counts and revisions.
    kind, release, accept_revisions, dry_run
        As in `hm.import_data`.

    Raises
    ------
    InputError
        If the release cannot be vouched for; then nothing has been written.
    """
    if kind not in KINDS:
        raise InputError(f"--kind {kind}: choose from {', '.join(KINDS)}.")
    _check_kind_of_units(kind, base)
    _check_target(out, base)
    number = _number(file, kind, release)
    known = checked_table(base.file, base.units, base.lifetimes)
    lineage = lineage_of(base.file, known, base.frozen, base.release)
    placing = placing_of(known, base.units, base.level == "admin1")
    taken = read_release(file, kind, placing, number, base.lifetimes)
    cells = _usable(taken, number, known, lineage, display_path(file))
    before, after = _overlap(known, cells)
    final = ~before["month"].isin(lineage.provisional)
    _check_overlap(before[final], after[final], display_path(file), accept_revisions)
    months = sorted(cells["month"].unique())
    fresh = set(months) - (set(known["month"]) - lineage.provisional)
    changed = before["best"].to_numpy() != after["best"].to_numpy()
    provisional = (lineage.provisional - set(months)) | (taken.provisional & set(months))
    result = Imported(
        out, Path(f"{out}.json"), not dry_run, kind, number.label, months[0], months[-1],
        len(set(months) - set(known["month"])), int(changed.sum()), int(before["best"].sum()),
        int(after["best"].sum()), tuple(sorted(provisional)), taken.set_aside,
        (*taken.doubts, *_only_here(taken), *falls(known, cells, fresh), *revisions(before[final], after[final])),
    )  # fmt: skip
    if not dry_run:
        entry = _entry(result, file, taken, base.file, before[changed], after[changed])
        held = lineage.held | dict.fromkeys(months, number)
        _write(result, _merged(known, cells, provisional), [*lineage.imports, entry], held)
    return result


def _check_kind_of_units(kind: str, base: Base) -> None:
    if kind == "country-month" and base.level == "admin1":
        raise InputError(
            f"--kind {kind}: units of this case are regions (units.level: admin1 in case.yaml), and a table by country "
            "and month does not say where in a country deaths fell. Import the events, with --kind ged or "
            "ged-candidate."
        )


def _number(file: Path, kind: str, given: str | None) -> ReleaseNumber:
    """Return the release's number and see that it is one of its kind."""
    number = release_number(given) if given is not None else number_in_name(file)
    if number is None:
        raise InputError(
            f"The name of {file.name} does not say which release it is. Give UCDP's version number, for instance "
            "--release 26.1, or 26.0.3 for the candidates of March 2026."
        )
    if kind == "ged" and not number.final:
        raise InputError(
            f"{number.label} is the number of candidates, not of a final release. Import {file.name} with --kind "
            "ged-candidate, or give its right number with --release."
        )
    if kind == "ged-candidate" and number.final:
        raise InputError(
            f"{number.label} is the number of a final release, not of candidates. Import {file.name} with --kind ged, "
            "or give its right number with --release."
        )
    return number


def _check_target(out: Path, base: Base) -> None:
    check_file(out, "--out")
    if out.suffix != ".csv":
        raise InputError(f"--out {out.name}: a panel is a CSV file, so the name must end in .csv.")
    if out.is_dir():
        raise InputError(f"--out {display_path(out)} is a folder. Name a file in it.")
    if out.exists() and any(panel.exists() and out.samefile(panel) for panel in (base.frozen, base.file)):
        raise InputError(
            f"--out {display_path(out)} is the panel that is added to, which stays as it is. Name a new file."
        )
    beside = Path(f"{out}.json")
    if out.exists() and not beside.is_file():
        raise InputError(f"--out {display_path(out)} exists and no import has written it. Name a new file.")
    if beside.exists():
        read_record(beside)


def _usable(release: Release, number: ReleaseNumber, base: pd.DataFrame, lineage: Lineage, name: str) -> pd.DataFrame:
    """Return the cells that may enter: what is not older than what is there, and no candidates for final counts."""
    _refuse_older(release, number, lineage, name)
    last = str(base["month"].max())
    final = set(base["month"]) - lineage.provisional
    cells = release.cells[~release.cells["month"].isin(release.provisional & final)]
    if not len(cells):
        raise InputError(
            f"{name} covers {months_said(release.months)}, and the panel already holds final counts "
            f"to {max(final)}. Candidate events never replace final ones."
        )
    first = str(cells["month"].min())
    if months_between(last, first) > 1:
        missing = months_after(last, months_between(last, first) - 1)
        strays = sum(release.set_aside.months.get(month, 0) for month in missing)
        known = f" (that {strays} event{_s(strays)} of this file began then does not make it known)" if strays else ""
        raise InputError(
            f"{name} covers {months_said(cells['month'].unique())}, but the panel ends in {last}: "
            f"{months_said(missing)} would be missing{known}. Import {_releases_for(missing)} first, and add "
            "this one to the panel that it writes (--onto)."
        )
    return cells


def _refuse_older(release: Release, number: ReleaseNumber, lineage: Lineage, name: str) -> None:
    told = release.months if number.final else sorted(release.provisional)
    newer = {m: h for m in told if (h := lineage.held.get(m)) is not None and number.older_than(h)}
    if not newer:
        return
    month, held = next(iter(newer.items()))
    what = "final counts" if held.final else "candidates"
    never = " Candidate events never replace final ones." if held.final and not number.final else ""
    raise InputError(
        f"{name} is release {number.label}, and for {month}{' and later months' if len(newer) > 1 else ''} the panel "
        f"already holds {what} of {held.label}, which is newer.{never} Nothing was changed. Import a release after "
        f"{held.label}, or add this one to a panel that does not hold {held.label} yet (--onto)."
    )


def _releases_for(missing: list[str]) -> str:
    numbers = [f"{int(month[2:4])}.0.{int(month[5:])}" for month in missing]
    if len(numbers) > 3:
        return f"the releases of these months ({numbers[0]} to {numbers[-1]}, or one that covers several)"
    return listed(numbers)


def _overlap(base: pd.DataFrame, cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the known cells that the release covers: as the panel has them, and as the release has them."""
    shared = cells.merge(base[[*KEY, "best"]], on=KEY, suffixes=("", "_before"), how="inner")
    after = shared[[*KEY, "best"]]
    return shared[[*KEY]].assign(best=shared["best_before"]), after


def _check_overlap(before: pd.DataFrame, after: pd.DataFrame, name: str, accept: bool) -> None:
    """Refuse a release that takes a country out of final months, or changes their deaths beyond all custom."""
    # by country: a newer release may well know another region
    old, new = (cells.groupby(cells["iso3"].map(country_of))["best"].sum() for cells in (before, after))
    lost = old.index[(old >= LEAST_LOST) & (new == 0)]
    if len(lost):
        named = ", ".join(country_name(str(iso3)) for iso3 in lost)
        raise InputError(
            f"{name} holds no deaths at all in {named}, where the panel has some in the same months: the file is not "
            "the whole release. Take it again from UCDP, for all countries."
        )
    total, changed = float(old.sum()), float(new.sum())
    if total and abs(changed / total - 1) > LARGEST_REVISION and not accept:
        raise InputError(
            f"{name} changes the deaths of months already known from {total:,.0f} to {changed:,.0f}. Yearly revisions "
            "are much smaller, so the file may hold something else than best estimates of all events. If you have "
            "checked it, pass --accept-revisions."
        )


def _only_here(taken: Release) -> list[str]:
    if taken.elsewhere != 0:
        return []
    return ["The file holds no event of any other country, so it is not the whole release as UCDP publishes it."]


def _merged(base: pd.DataFrame, cells: pd.DataFrame, provisional: frozenset[str]) -> pd.DataFrame:
    """Return the new panel; it says which months are provisional, where some are."""
    labels = base.drop_duplicates("iso3").set_index("iso3")[["country", "gwno"]]
    incoming = cells.join(labels, on="iso3")[list(COLUMNS)]
    kept = base[~base["month"].isin(set(cells["month"]))][list(COLUMNS)]
    merged = pd.concat([kept, incoming], ignore_index=True).sort_values(["country", "month", "type"], kind="stable")
    merged = merged.astype({"events": int, "best": int})
    if not provisional:
        return merged
    return merged.assign(**{STATUS: merged["month"].isin(provisional).map({True: "candidate", False: "final"})})


def _entry(
    result: Imported, file: Path, taken: Release, base_file: Path, before: pd.DataFrame, after: pd.DataFrame
) -> dict[str, Any]:
    """Return what the JSON keeps of one import."""
    table = before.assign(after=after["best"].astype(int), best=before["best"].astype(int))
    table = table.rename(columns={"best": "before"})
    largest = table.iloc[(table["after"] - table["before"]).abs().argsort(kind="stable")[::-1][:20]]
    return {
        "file": file.name, "sha256": sha256_of(file), "kind": result.kind, "release": result.release,
        "first": result.first, "last": result.last, "rows": taken.rows, "rows_used": taken.rows_used,
        "rows_not_final": taken.not_final, "rows_unbracketed": taken.unbracketed, "set_aside": asdict(taken.set_aside),
        "warnings": list(result.warnings), "months_added": result.added, "cells_revised": result.revised,
        "deaths_before": result.deaths_before, "deaths_after": result.deaths_after,
        "largest_revisions": largest.to_dict(orient="records"),
        "onto": {"file": display_path(base_file), "sha256": sha256_of(base_file)},
    }  # fmt: skip


def _write(
    result: Imported, merged: pd.DataFrame, imports: list[dict[str, Any]], held: dict[str, ReleaseNumber]
) -> None:
    with file_in_place(result.panel) as panel, file_in_place(result.provenance) as record:
        merged.to_csv(panel, index=False, lineterminator="\n")
        known = {
            "panel": result.panel.name,
            "sha256": sha256_of(panel),
            "provisional_months": list(result.provisional),
            "months": spans(held),
            "imports": imports,
        }
        record.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def as_plain_data(result: Imported) -> dict[str, Any]:
    """Return what an import did, ready for JSON."""
    return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(result).items()}


def _several(noun: str, count: int) -> str:
    """Return how many months or events, in the reader's language."""
    return phrase(f"imported.{noun if count == 1 else f'several_{noun}s'}", count=whole(count))


def _s(count: int) -> str:
    return "" if count == 1 else "s"
