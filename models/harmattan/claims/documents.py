"""Checks the register against the original documents: SHA-256, line numbers, and that cited words stand where cited."""

from collections.abc import Collection, Iterable
from pathlib import Path

from ..core.errors import InputError
from ..core.files import sha256_of
from ..schema.scenario import Scenario
from ..schema.validation import Problems, suggestion
from ..schema.vocabulary import SourceLines
from .register import Register


def check_documents(
    register: Register,
    folder: Path | str,
    *,
    scenarios: Iterable[Scenario] = (),
    cited: Iterable[tuple[str, SourceLines]] = (),
    sources: Collection[str] | None = None,
) -> None:
    """Check that every cited line exists in the documents and every hedge and magnitude stands on it.

    Parameters
    ----------
    register : Register
        Loaded register.
    folder : Path or str
        Folder with the original documents, by the file names of `seeds/sources.yaml`.
    scenarios : iterable of Scenario
        Scenarios whose source lines are checked too.
    cited : iterable of (str, SourceLines)
        What else cites lines, and which.
    sources : collection of str, optional
        Sources to check, for a reader who does not have the documents of all; all by default.

    Raises
    ------
    InputError
        With one paragraph a document that lists everything that does not agree, or if a source does not exist.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder. Give the folder that holds the original documents.")
    for name in sources or ():
        if name not in register.sources:
            raise InputError(f"There is no source {name!r}.{suggestion(name, register.sources)}")
    problems, texts = Problems(), {}
    for source in register.sources.values():
        if sources and source.id not in sources:
            continue
        path = folder / source.file
        if not path.is_file():
            problems.add_text(source.file, f"document of source {source.id} is not in {folder.name}/; copy it there.")
            continue
        found = sha256_of(path)
        if found != source.sha256:
            problems.add_text(
                source.file,
                f"SHA-256 is {found}, but seeds/sources.yaml has {source.sha256} for {source.id}: the "
                "document was changed, or another edition was coded; get the coded one or code this one anew.",
            )
        texts[source.file] = path.read_text(encoding="utf-8").split("\n")
    for claim in register.claims.values():
        _check_claim_words(claim.id, claim.file, claim.lines, (claim.hedge, claim.magnitude), texts, problems)
    for fact in register.facts.values():
        _check_claim_words(fact.id, fact.file, fact.lines, (), texts, problems)
    for conflict in register.conflicts.values():
        for statement in conflict.statements:
            _check_claim_words(conflict.id, statement.file, statement.lines, (), texts, problems)
    for driver in register.drivers.values():
        for arrow in driver.parents:
            if arrow.stated is not None:
                name = f"driver {driver.id}, arrow from {arrow.driver}"
                _check_claim_words(name, arrow.stated.file, arrow.stated.lines, (), texts, problems)
    for scenario in scenarios:
        for place in scenario.source_lines:
            _check_claim_words(f"scenario {scenario.id}", place.file, place.lines, (), texts, problems)
    for name, place in cited:
        _check_claim_words(name, place.file, place.lines, (), texts, problems)
    problems.raise_if_any()


def _check_claim_words(
    name: str,
    file: str,
    lines: tuple[int, ...],
    words: tuple[str, ...],
    texts: dict[str, list[str]],
    problems: Problems,
) -> None:
    text = texts.get(file)
    if text is None:
        return
    wrong = [line for line in lines if line > len(text) or not text[line - 1].strip()]
    if wrong:
        listed = ", ".join(map(str, wrong))
        problems.add_text(file, f"{name} cites line {listed}, which is empty or beyond the last line, {len(text)}.")
        return
    cited = _plain(" ".join(text[line - 1] for line in lines))
    for phrase in words:
        for part in _plain(phrase).split("..."):
            if part.strip() and part.strip() not in cited:
                listed = ", ".join(map(str, lines))
                problems.add_text(file, f"{name}: the words {part.strip()!r} do not stand on line {listed}.")


def _plain(text: str) -> str:
    """Lower case, straight quotes, single spaces."""
    for fancy, straight in (("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("…", "...")):
        text = text.replace(fancy, straight)
    return " ".join(text.lower().split())
