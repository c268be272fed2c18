"""Lets a title stand where an id is asked for, in files and in commands."""

from collections.abc import Mapping
from typing import Any

from .validation import Problems
from .yaml_source import YamlDocument, YamlPath


def id_of(asked: str, titles: Mapping[str, str]) -> str:
    """Return the id that is meant: itself where it is one, else that of the title, else what was asked.

    Parameters
    ----------
    asked : str
        An id or a title; capitals and spaces do not count in a title.
    titles : mapping of id to title
    """
    if asked in titles:
        return asked
    found = [key for key, title in titles.items() if _plain(title) == _plain(asked)]
    return found[0] if len(found) == 1 else asked


def ids_as_keys(document: YamlDocument, path: YamlPath, titles: Mapping[str, str], problems: Problems) -> None:
    """Turn the titles that stand as keys at `path` of a document into ids; one beside its id is noted as told twice."""
    told = document.value_at(path)
    if not isinstance(told, dict):
        return
    ids = {key: id_of(key, titles) for key in told if isinstance(key, str)}
    for key, id in ids.items():
        if key != id and id in told:
            problems.add(document, (*path, key), f"{key!r} is the title of {id!r}, which stands here too; keep one.")
    document.rename_keys(path, ids)


def driver_titles(document: YamlDocument) -> dict[str, str]:
    """Return the titles of the drivers that a list of them holds, by id, of those that have both."""
    entries = document.data if isinstance(document.data, list) else []
    pairs = [(entry.get("id"), entry.get("title")) for entry in entries if isinstance(entry, dict)]
    return {id: title for id, title in pairs if isinstance(id, str) and isinstance(title, str)}


def ids_throughout(document: YamlDocument, titles: Mapping[str, str], problems: Problems) -> None:
    """Turn the titles of drivers into ids wherever a document names drivers: under `drivers` and behind `driver`."""
    _walk(document, (), document.data, titles, problems)


def _walk(document: YamlDocument, path: YamlPath, data: Any, titles: Mapping[str, str], problems: Problems) -> None:
    if isinstance(data, list):
        for index, value in enumerate(data):
            _walk(document, (*path, index), value, titles, problems)
    elif isinstance(data, dict):
        ids_as_keys(document, (*path, "drivers"), titles, problems)
        for key, value in data.items():
            if key == "driver" and isinstance(value, str):
                data[key] = id_of(value, titles)
            elif key == "drivers" and isinstance(value, list):
                data[key] = [id_of(one, titles) if isinstance(one, str) else one for one in value]
            elif key in _PARTS or not path:
                _walk(document, (*path, key), value, titles, problems)


_PARTS = ("parents",)
"""Keys below which drivers are named."""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
