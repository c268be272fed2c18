"""`harmattan cache`."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import InputError
from ...core.files import in_words
from ..options import AsJson
from ..output import print_json, print_text
from ..tables import Shown, print_table

if TYPE_CHECKING:
    from ...run.kept import Kept


def _short(name: str) -> str:
    """Return a name by which a person can tell it from others; the whole of it stands in a pipe and in `--json`."""
    return name if len(name) <= 24 else f"{name[:18]}…"


COLUMNS = (
    Shown("file", "file", words=_short),
    Shown("what", "what", 2, once=True),
    Shown("state", "state"),
    Shown("as_of", "as of"),
    Shown("units", "units", 3),
    Shown("drivers", "drivers", 3),
    Shown("draws", "draws", 4),
    Shown("passed", "passed", 5),
    Shown("megabytes", "MB", decimals=1),
    Shown("age_in_days", "days old", 1, decimals=1),
    Shown("why", "why not used", 6),
)


ONE = {
    "fit": "fit",
    "result": "result",
    "compiled code": "folder of compiled code",
    "check of the inference": "check of the inference",
    "unfinished": "unfinished file",
}
SEVERAL = ONE | {
    "fit": "fits",
    "result": "results",
    "compiled code": "folders of compiled code",
    "check of the inference": "checks of the inference",
    "unfinished": "unfinished files",
}


def cache(
    verify: Annotated[
        bool, typer.Option("--verify", help="Read each fit and result wholly; exit with 2 if one is damaged.")
    ] = False,
    prune: Annotated[
        bool,
        typer.Option("--prune", help="Remove what is damaged, what another program made, and what was left over."),
    ] = False,
    older_than: Annotated[
        float | None, typer.Option("--older-than", min=0, help="With --prune: also what was made so many days ago.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="With --prune: also what this program would use.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --prune: say what would go, and leave it.")] = False,
    as_json: AsJson = False,
) -> None:
    """List, verify and prune kept fits, results of backtests and sweeps, and compiled code.

    A fit is used again when the same is asked of the same program. What is missing is made again; what a running
    process is making stays.

    Example: harmattan cache --prune --dry-run
    """
    if not prune and (everything or dry_run or older_than is not None):
        raise InputError("--older-than, --all and --dry-run say what --prune removes; add --prune.")
    from ...run.kept import all_kept, remove, to_prune

    found = all_kept(verify=verify or prune)
    chosen = to_prune(found, older_than=older_than, everything=everything) if prune else []
    gone = chosen if dry_run else remove(chosen)
    if as_json:
        print_json(_as_data(found, gone, prune, dry_run))
    elif prune:
        _print_pruned(found, gone, dry_run)
    else:
        _print_found(found, verify)
    damaged = [one.path.name for one in found if one.state == "damaged"]
    if verify and not prune and damaged:
        raise InputError(
            f"{len(damaged)} of the kept files cannot be read: {', '.join(damaged)}. `harmattan cache --prune` removes "
            "them, and each is made again when it is next asked for."
        )


def _as_data(found: list["Kept"], gone: list["Kept"], prune: bool, dry_run: bool) -> dict:
    listed = {"folders": _places(), "bytes": _bytes(found), "kept": [one.as_dict() for one in found]}
    if not prune:
        return listed
    return listed | {"removed": [str(one.path) for one in gone], "removed_bytes": _bytes(gone), "dry_run": dry_run}


def _print_found(found: list["Kept"], verified: bool) -> None:
    from ...run.kept import USELESS

    _print_rows(found, "What is kept, newest first")
    read = "; each fit and result was read wholly" if verified else ""
    print_text(f"In {' and '.join(_places())}: {_counted(found)}{read}.")
    useless = [one for one in found if one.state in USELESS]
    if useless:
        print_text(f"Of no more use: {_counted(useless)}. `harmattan cache --prune` removes that.")


def _print_pruned(found: list["Kept"], gone: list["Kept"], dry_run: bool) -> None:
    title = "Would be removed" if dry_run else "Removed"
    _print_rows(gone, title)
    print_text(f"{title}: {_counted(gone)}. What stays: {_counted([one for one in found if one not in gone])}.")


def _print_rows(rows: list["Kept"], title: str) -> None:
    import pandas as pd

    if rows:
        table = [one.as_dict() | {"file": one.path.name, "megabytes": one.bytes / 1e6} for one in rows]
        frame = pd.DataFrame(table, dtype=object)
        print_table(frame.where(frame.notna(), None)[[column.name for column in COLUMNS]], title, COLUMNS)


def _counted(things: list["Kept"]) -> str:
    """Return how many of each kind, and how large: `3 fits and 1 folder of compiled code, 15 MB`."""
    number = Counter(one.what for one in things)
    said = [f"{count} {SEVERAL[what] if count > 1 else ONE[what]}" for what, count in number.items()]
    return f"{' and '.join(said)}, {in_words(_bytes(things))}" if said else "nothing"


def _bytes(things: Iterable["Kept"]) -> int:
    return sum(one.bytes for one in things)


def _places() -> list[str]:
    from ...core.caches import compiled_folder
    from ...core.keeping import folders

    return [str(folder) for folder in (*folders(), compiled_folder())]
