"""`harmattan validate`."""

from pathlib import Path
from typing import Annotated

import typer

from ...core.errors import InputError
from ..options import AsJson
from ..output import print_json


def validate(
    paths: Annotated[list[Path] | None, typer.Argument(help="Scenario files; everything by default.")] = None,
    documents: Annotated[
        Path | None, typer.Option("--documents", help="Folder of the original documents, to check lines against.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="Source whose document is there; may be repeated.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every source, claim, driver, lexicon, evidence and scenario file.

    Example: harmattan validate --documents ../shared/seeds
    """
    from ...api import load
    from ...api import validate as check

    if source and documents is None:
        raise InputError("--source says which documents to check; give their folder with --documents.")
    register = check(documents=documents, sources=source)
    for path in paths or ():
        _check_is_scenario(path)
        load(path)
    counts = {
        "sources": len(register.sources),
        "claims": len(register.claims),
        "facts": len(register.facts),
        "conflicts": len(register.conflicts),
        "drivers": len(register.drivers),
        "evidence": len(register.evidence),
    }
    if as_json:
        print_json({"valid": True, "checked_against_documents": documents is not None, **counts})
    else:
        listed = ", ".join(f"{count} {name}" for name, count in counts.items())
        print(f"All is well: {listed}" + (", held against the original documents." if documents else "."))


def _check_is_scenario(path: Path) -> None:
    from ...schema.yaml_source import read_yaml

    if path.is_file():
        data = read_yaml(path).data
        if not isinstance(data, dict) or not {"extends", "condition", "drivers"} & set(data):
            raise InputError(
                f"{path}: this is not a scenario. Claims, drivers and all other files of seeds/ and scenarios/ are "
                "checked by `harmattan validate` without a path; a path names a scenario file that lies elsewhere."
            )
