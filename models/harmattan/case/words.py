"""What sentences take from a case: names, notes, and translations of its texts (`seeds/texts/<language>.yaml`)."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from ..core.language import DEFAULT
from ..core.telling import CaseWords
from ..schema.case import CASE_FILE, CaseDefinition
from ..schema.texts import TEXTS, read_texts


def words_of(root: Path, definition: CaseDefinition) -> CaseWords:
    """Return what sentences take from a case.

    Parameters
    ----------
    root : Path
        Folder of the case.
    definition : CaseDefinition
        What its `case.yaml` says.

    Raises
    ------
    InputError
        If a file of translations cannot be read or asks for what its English text does not give.
    """
    files = {path.stem: read_texts(path) for path in texts_files(root)}
    watched = definition.watched
    own = dict(_own_texts(definition))
    codes = {code for words in definition.wordings().values() for code in words} | set(files)
    return CaseWords(
        id=definition.id,
        home=definition.units.home,
        units=definition.units.list,
        record=f"{definition.record.source} {definition.record.release}",
        source=definition.record.source,
        unit=_unit(definition),
        called=_called(definition),
        headline=definition.headline,
        borders_guessed=definition.borders.guessed,
        actor=definition.actor,
        title=definition.title,
        names=_by_language(definition),
        event={code: forms.model_dump() for code, forms in definition.event.items()},
        watched={
            code: {"name": name} | (watched.forms[code].model_dump(by_alias=True) if code in watched.forms else {})
            for code, name in watched.name.items()
        }
        if watched is not None
        else {},
        notes={
            code: {key: text[code] for key, text in definition.notes.wordings().items() if code in text}
            for code in codes
        },
        texts={code: own.get(code, {}) | (files[code].texts if code in files else {}) for code in codes},
        scenarios={code: file.scenarios for code, file in files.items()},
    )


def texts_files(root: Path) -> list[Path]:
    """Return the files of translations that a case has."""
    return sorted((root / TEXTS).glob("*.yaml"))


def missing_wordings(definition: CaseDefinition, code: str) -> list[str]:
    """Return the places of `case.yaml` whose texts are not there in a language, such as ``title.fr``."""
    wanted = dict(definition.wordings())
    if definition.watched is not None and definition.watched.forms:
        wanted["watched.forms"] = {code: forms.short for code, forms in definition.watched.forms.items()}
    return [f"{CASE_FILE}: {place}.{code}" for place, text in wanted.items() if code not in text]


def _unit(definition: CaseDefinition) -> str:
    """Return the noun for the units, where the case does not state its own."""
    called = definition.units.called
    return called if isinstance(called, str) else {"country": "country", "admin1": "region"}[definition.units.level]


def _called(definition: CaseDefinition) -> dict[str, dict[str, str]]:
    """Return the case's own noun by language."""
    called = definition.units.called
    return (
        {code: noun.model_dump(exclude_none=True) for code, noun in called.items()} if isinstance(called, dict) else {}
    )


def _by_language(definition: CaseDefinition) -> dict[str, dict[str, Mapping[str, str]]]:
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    for unit, by_language in definition.units.names.items():
        for code, forms in by_language.items():
            found.setdefault(code, {})[unit] = forms.model_dump(by_alias=True, exclude_none=True)
    return found


def _own_texts(definition: CaseDefinition) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the names that `case.yaml` itself translates, by language: figures know them by their English."""
    names = [group.name for group in definition.groups.values()]
    for code in {code for name in names for code in name} - {DEFAULT}:
        yield code, {name[DEFAULT]: name[code] for name in names if code in name}
