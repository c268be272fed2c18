"""Adds a UCDP release to a panel: a new panel file beside a record of where it comes from, or nothing at all."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.errors import InputError
from ..core.files import file_in_place, sha256_of
from ..core.months import months_after, months_between
from ..core.names import COUNTRIES
from ..core.resources import display_path
from .release import KINDS, Kind, Release, read_release
from .ucdp import COLUMNS, KEY, checked_table, frozen_panel_path

LARGEST_REVISION = 0.25
"""Share by which deaths in months already known may change before a release is refused."""
_LABEL = re.compile(r"(?<!\d)v?(\d{2})[._](\d{1,2}(?:[._]\d{1,2})*)(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes
    ----------
    panel, provenance : Path
        The new panel, which `--panel` takes, and the JSON that says where it comes from.
    kind, release : str
    first, last : str
        Months that were taken from the release.
    added, revised : int
        Months that are new, and cells of known months that changed.
    deaths_before, deaths_after : int
        Deaths in the known months that the release covers, in the panel it was added to and in the release.
    provisional : tuple of str
        Months that rest on candidate events.
    """

    panel: Path
    provenance: Path
    kind: str
    release: str
    first: str
    last: str
    added: int
    revised: int
    deaths_before: int
    deaths_after: int
    provisional: tuple[str, ...]

    def sentence(self) -> str:
        """Return in words what was done."""
        text = (
            f"UCDP {self.release}, {self.first} to {self.last}: {self.added} new months; {self.revised} cells of known "
            f"months revised, their deaths from {self.deaths_before:,} to {self.deaths_after:,}."
        )
        if self.provisional:
            span = f"{self.provisional[0]} to {self.provisional[-1]}"
            text += f" Provisional, because they rest on candidate events: {span}."
        return text


def import_data(
    file: str | Path,
    *,
    kind: str,
    release: str | None = None,
    out: str | Path = "panel.csv",
    onto: str | Path | None = None,
    accept_revisions: bool = False,
) -> Imported:
    """Add a UCDP release to the record and write it as a new panel, which `panel=` and `--panel` take.

    Parameters
    ----------
    file : path
        GED CSV, candidate CSV or a table by country and month, as UCDP publishes it.
    kind : {"ged", "ged-candidate", "country-month"}
        Candidate events are provisional: they never replace final ones, and the JSON says which months rest on them.
    release : str, optional
        UCDP's version number; read from the file's name by default.
    out : path
        The new panel; ``<out>.json`` beside it keeps SHA-256, release, row counts and revisions.
    onto : path, optional
        Panel to add to; the frozen one, which never changes, by default.
    accept_revisions : bool
        Take a release that changes the deaths of known months by more than a quarter.

    Raises
    ------
    InputError
        If the release cannot be vouched for; then nothing has been written.
    """
    if kind not in KINDS:
        raise InputError(f"--kind {kind}: choose from {', '.join(KINDS)}.")
    base_file = Path(onto) if onto is not None else frozen_panel_path()
    _check_target(Path(out), base_file)
    base = checked_table(base_file)
    history = _history(base_file)
    label = release or _label(Path(file))
    taken = read_release(Path(file), kind, _codes(base))
    cells = _usable(taken, kind, base, history["provisional_months"], display_path(Path(file)))
    before, after = _overlap(base, cells)
    _check_overlap(before, after, display_path(Path(file)), accept_revisions)
    merged = _merged(base, cells)
    months = sorted(cells["month"].unique())
    known = set(base["month"])
    provisional = set(history["provisional_months"]) - set(months) | (set(months) if kind == "ged-candidate" else set())
    changed = before["best"].to_numpy() != after["best"].to_numpy()
    result = Imported(
        Path(out), Path(f"{out}.json"), kind, label, months[0], months[-1], sum(m not in known for m in months),
        int(changed.sum()), int(before["best"].sum()), int(after["best"].sum()), tuple(sorted(provisional)),
    )  # fmt: skip
    _write(result, merged, Path(file), taken, base_file, history, before[changed], after[changed])
    return result


def _codes(base: pd.DataFrame) -> dict[str, str]:
    return dict(zip(base["gwno"].astype(str), base["iso3"], strict=True))


def _label(file: Path) -> str:
    match = _LABEL.search(file.stem)
    if match is None:
        raise InputError(
            f"The name of {file.name} does not say which release it is. Give UCDP's version number, for instance "
            "--release 26.1, or 26.0.3 for a candidate."
        )
    return f"{match[1]}.{match[2].replace('_', '.')}"


def _check_target(out: Path, base: Path) -> None:
    if out.suffix != ".csv":
        raise InputError(f"--out {out.name}: a panel is a CSV file, so the name must end in .csv.")
    if out.resolve() in (frozen_panel_path().resolve(), base.resolve()):
        raise InputError(
            f"--out {display_path(out)} is the panel that is added to, which stays as it is. Name a new file."
        )
    if out.exists() and not Path(f"{out}.json").is_file():
        raise InputError(f"--out {display_path(out)} exists and no import has written it. Name a new file.")


def _history(base: Path) -> dict[str, Any]:
    """Return what is known of a panel's own imports."""
    record = Path(f"{base}.json")
    if not record.is_file():
        return {"imports": [], "provisional_months": []}
    known = json.loads(record.read_text(encoding="utf-8"))
    if known["sha256"] != sha256_of(base):
        raise InputError(
            f"{display_path(base)} is not the file that {record.name} describes: it was changed after its import. "
            "Import the release again, or remove the JSON if the change is meant."
        )
    return known


def _usable(release: Release, kind: Kind, base: pd.DataFrame, provisional: list[str], name: str) -> pd.DataFrame:
    """Return the cells that may enter: all of a final release, of candidates only months that are not final yet."""
    last = str(base["month"].max())
    cells = release.cells
    if kind == "ged-candidate":
        cells = cells[(cells["month"] > last) | cells["month"].isin(provisional)]
        if not len(cells):
            raise InputError(
                f"{name} covers {release.months[0]} to {release.months[-1]}, and the panel already holds final counts "
                f"to {last}. Candidate events never replace final ones."
            )
    if months_between(last, str(cells["month"].min())) > 1:
        raise InputError(
            f"{name} begins in {cells['month'].min()}, but the panel ends in {last}: the months from "
            f"{months_after(last, 1)[0]} on would be missing. Import the releases in between first."
        )
    return cells


def _overlap(base: pd.DataFrame, cells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the known cells that the release covers: as the panel has them, and as the release has them."""
    shared = cells.merge(base[[*KEY, "best"]], on=KEY, suffixes=("", "_before"), how="inner")
    after = shared[[*KEY, "best"]]
    return shared[[*KEY]].assign(best=shared["best_before"]), after


def _check_overlap(before: pd.DataFrame, after: pd.DataFrame, name: str, accept: bool) -> None:
    lost = (
        before.groupby("iso3")["best"]
        .sum()[lambda total: total > 0]
        .index.difference(after.groupby("iso3")["best"].sum()[lambda total: total > 0].index)
    )
    if len(lost):
        named = ", ".join(COUNTRIES[str(iso3)] for iso3 in lost)
        raise InputError(
            f"{name} holds no deaths at all in {named}, where the panel has some in the same months: the file is not "
            "the whole release. Take it again from UCDP, for all countries."
        )
    total, new = float(before["best"].sum()), float(after["best"].sum())
    if total and abs(new / total - 1) > LARGEST_REVISION and not accept:
        raise InputError(
            f"{name} changes the deaths of months already known from {total:,.0f} to {new:,.0f}. Yearly revisions are "
            "much smaller, so the file may hold something else than best estimates of all events. If you have checked "
            "it, pass --accept-revisions."
        )


def _merged(base: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    labels = base.drop_duplicates("iso3").set_index("iso3")[["country", "gwno"]]
    incoming = cells.join(labels, on="iso3")[list(COLUMNS)]
    kept = base[~base["month"].isin(set(cells["month"]))][list(COLUMNS)]
    merged = pd.concat([kept, incoming], ignore_index=True).sort_values(["country", "month", "type"], kind="stable")
    return merged.astype({"events": int, "best": int})


def _write(
    result: Imported,
    merged: pd.DataFrame,
    file: Path,
    taken: Release,
    base_file: Path,
    history: dict[str, Any],
    before: pd.DataFrame,
    after: pd.DataFrame,
) -> None:
    revisions = before.assign(after=after["best"].astype(int), best=before["best"].astype(int))
    revisions = revisions.rename(columns={"best": "before"})
    largest = revisions.iloc[(revisions["after"] - revisions["before"]).abs().argsort(kind="stable")[::-1][:20]]
    entry = {
        "file": file.name, "sha256": sha256_of(file), "kind": result.kind, "release": result.release,
        "first": result.first, "last": result.last, "rows": taken.rows, "rows_used": taken.rows_used,
        "rows_not_final": taken.not_final, "rows_unbracketed": taken.unbracketed, "months_added": result.added,
        "cells_revised": result.revised, "deaths_before": result.deaths_before, "deaths_after": result.deaths_after,
        "largest_revisions": largest.to_dict(orient="records"),
        "onto": {"file": display_path(base_file), "sha256": sha256_of(base_file)},
    }  # fmt: skip
    with file_in_place(result.panel) as panel, file_in_place(result.provenance) as record:
        merged.to_csv(panel, index=False, lineterminator="\n")
        known = {
            "panel": result.panel.name,
            "sha256": sha256_of(panel),
            "provisional_months": list(result.provisional),
            "imports": [*history["imports"], entry],
        }
        record.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def as_plain_data(result: Imported) -> dict[str, Any]:
    """Return what an import did, ready for JSON."""
    return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(result).items()}
