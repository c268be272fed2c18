"""`harmattan cache`."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import InputError
from ...core.files import in_words
from ...core.language import listed, phrase, whole
from ...core.terminal import terminal_words
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
    Shown("what", "what", 2, words=terminal_words, once=True),
    Shown("state", "state", words=terminal_words),
    Shown("as_of", "as of"),
    Shown("units", "units", 3),
    Shown("drivers", "drivers", 3),
    Shown("draws", "draws", 4),
    Shown("passed", "passed", 5),
    Shown("megabytes", "MB", decimals=1),
    Shown("age_in_days", "days old", 1, decimals=1),
    Shown("why", "why not used", 6, words=terminal_words),
)


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

    _print_rows(found, phrase("kept.title"))
    print_text(phrase("kept.read" if verified else "kept.in", places=listed(_places()), what=_counted(found)))
    useless = [one for one in found if one.state in USELESS]
    if useless:
        print_text(phrase("kept.useless", what=_counted(useless)))


def _print_pruned(found: list["Kept"], gone: list["Kept"], dry_run: bool) -> None:
    _print_rows(gone, phrase("kept.would_go_title" if dry_run else "kept.gone_title"))
    stays = _counted([one for one in found if one not in gone])
    print_text(phrase("kept.would_go" if dry_run else "kept.gone", what=_counted(gone), stays=stays))


def _print_rows(rows: list["Kept"], title: str) -> None:
    import pandas as pd

    if rows:
        table = [one.as_dict() | {"file": one.path.name, "megabytes": one.bytes / 1e6} for one in rows]
        frame = pd.DataFrame(table, dtype=object)
        print_table(frame.where(frame.notna(), None)[[column.name for column in COLUMNS]], title, COLUMNS)


def _counted(things: list["Kept"]) -> str:
    """Return how many of each kind, and how large: `3 fits and 1 folder of compiled code, 15 MB`."""
    number = Counter(one.what for one in things)
    said = [
        phrase(f"kept.{'several' if count > 1 else 'one'}.{what.replace(' ', '_')}", count=whole(count))
        for what, count in number.items()
    ]
    return phrase("kept.size", what=listed(said), size=in_words(_bytes(things))) if said else phrase("kept.nothing")


def _bytes(things: Iterable["Kept"]) -> int:
    return sum(one.bytes for one in things)


def _places() -> list[str]:
    from ...core.caches import compiled_folder
    from ...core.keeping import folders

    return [str(folder) for folder in (*folders(), compiled_folder())]
