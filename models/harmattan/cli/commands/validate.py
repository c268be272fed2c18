"""`harmattan validate`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ...core.errors import InputError
from ...core.language import DEFAULT, languages, phrase
from ..options import AsJson
from ..output import print_json, print_text

if TYPE_CHECKING:
    from ...claims.register import Register


_SIGNS = {(True, False): "+", (False, True): "-", (True, True): "+/-"}
"""How claims tie two branches: both on one side, on opposite sides, some so and some so."""


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
    from ...api import validate as check
    from ...claims.links import link_counts
    from ...report.translations import lacking_words

    if source and documents is None:
        raise InputError("--source says which documents to check; give their folder with --documents.")
    for path in paths or ():
        _check_is_scenario(path)
    register = check(*(paths or ()), documents=documents, sources=source)
    counts = {
        "sources": len(register.sources),
        "claims": len(register.claims),
        "facts": len(register.facts),
        "conflicts": len(register.conflicts),
        "drivers": len(register.drivers),
        "evidence": len({use for driver in register.drivers.values() for use in driver.evidence_ids}),
    }
    lacking = {code: lacking_words(register, code) for code in languages() if code != DEFAULT}
    if as_json:
        heard = {key: one.as_dict(register.places) for key, one in register.heard.items()}
        checked = documents is not None
        print_json(
            {
                "valid": True,
                "checked_against_documents": checked,
                **counts,
                "claims_by_driver": heard,
                "arrows_by_status": link_counts(register.links),
                "arrows": [link.as_dict() for link in register.links],
                "untranslated": lacking,
            }
        )
    else:
        counted = ", ".join(phrase(f"validated.{name}", count=count) for name, count in counts.items())
        print_text(phrase("validated.against_documents" if documents else "validated.well", counts=counted))
        for line in _language_lines(lacking):
            print_text(line)
        if register.drivers:
            print_text("\n".join(_heard_lines(register)))
            print_text("\n".join(_link_lines(register)))


def _language_lines(lacking: dict[str, list[str]]) -> Iterator[str]:
    """Yield how many texts of the case are not there in each other language, and where they go."""
    for code, texts in lacking.items():
        if texts:
            yield phrase("validated.lacking", count=len(texts), language=code, first=texts[0])
        else:
            yield phrase("validated.translated", language=code)


def _heard_lines(register: "Register") -> Iterator[str]:
    """Yield which claims bear on each branch, by number; the claims themselves stand in the trace of the driver."""
    from ...schema.bearing import SIDES

    yield phrase("validated.by_driver")
    for key, driver in register.drivers.items():
        heard = register.heard[key]
        for branch in driver.branch_ids:
            number = {side: len(heard.on(branch, side)) for side in SIDES}
            supposed = branch in driver.prior and not sum(number.values())
            said = [phrase("validated.votes", **{f"{side}_it": f"{number[side]:>2}" for side in ("for", "against")})]
            if branch == driver.branch_ids[0]:
                said.append(phrase("validated.context", count=f"{len(heard.context):>2}"))
            if supposed:
                said.append(phrase("validated.supposed"))
            yield f"  {key:<28}{branch:<22}{', '.join(said)}"


def _link_lines(register: "Register") -> Iterator[str]:
    """Yield how many arrows between drivers stand on what, and which pairs claims name that nobody drew."""
    from ...claims.links import link_counts

    yield phrase("validated.arrows")
    for status, count in link_counts(register.links).items():
        yield f"  {count:>3}  {phrase(f'links.{status}')}"
    for link in register.links:
        if link.status == "undrawn":
            sign = _SIGNS[bool(link.together), bool(link.apart)]
            ends = f"{link.parent}/{link.branch} {sign} {link.child}/{link.moves}"
            yield f"       {ends}: {', '.join(link.claims)}"


def _check_is_scenario(path: Path) -> None:
    from ...schema.yaml_source import read_yaml

    if path.is_file():
        data = read_yaml(path).data
        if not isinstance(data, dict) or not {"extends", "condition", "drivers"} & set(data):
            raise InputError(
                f"{path}: this is not a scenario. Claims, drivers and all other files of seeds/ and scenarios/ are "
                "checked by `harmattan validate` without a path; a path names a scenario file that lies elsewhere."
            )
