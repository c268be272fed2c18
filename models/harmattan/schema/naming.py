"""Lets a title stand where an id is asked for, in files and in commands."""

from collections.abc import Mapping

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


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
