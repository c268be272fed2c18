"""`harmattan schema`."""

from pathlib import Path
from typing import Annotated

import typer

from ..output import print_json


def schema(
    kind: Annotated[str | None, typer.Argument(help="source, claim, driver, scenario ...; all by default.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the files; without it one is printed.")] = None,
) -> None:
    """JSON Schema of the files that analysts edit, for editors that complete and check.

    Example: harmattan schema claim
    """
    from ...core.errors import InputError
    from ...schema.json_schema import KINDS, json_schema, write_schemas

    if out is not None:
        for path in write_schemas(out, KINDS if kind is None else [kind]):
            print(path)
    elif kind is None:
        raise InputError(f"Name one kind to print, or give --out a folder for all. Kinds: {', '.join(KINDS)}.")
    else:
        print_json(json_schema(kind))
