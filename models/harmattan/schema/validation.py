"""Turns what is wrong with a file into one paragraph: file, YAML path, line, what, and how to mend it."""

import difflib
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..core.errors import InputError
from .yaml_source import YamlDocument, YamlPath

_SHOWN = 8
_FEW_WORDS = 8


def suggestion(word: object, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the known word nearest to `word`, or an empty text."""
    near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""


class Problems:
    """Collects problems by file, so that an analyst sees all of them at once."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}

    def add(self, document: YamlDocument, path: YamlPath, text: str) -> None:
        """Note that the value at `path` of `document` is wrong; `text` says what and how to mend it."""
        where = f"{document.label(path)} (line {document.line_of(path)})"
        self._found.setdefault(document.name, []).append(f"{where}: {text}")

    def add_text(self, file: str, text: str) -> None:
        """Note a problem that has no place inside a YAML file."""
        self._found.setdefault(file, []).append(text)

    def add_unknown(
        self, document: YamlDocument, path: YamlPath, what: str, word: object, known: Iterable[str]
    ) -> None:
        """Note a reference to something that does not exist."""
        known = list(known)
        hint = suggestion(word, known) or f" Known: {_listed(known)}."
        self.add(document, path, f"there is no {what} {word!r}.{hint}")

    def raise_if_any(self) -> None:
        """Raise one InputError with one paragraph per file if anything was noted."""
        if self._found:
            raise InputError("\n".join(_paragraph(file, found) for file, found in self._found.items()))


def _paragraph(file: str, found: list[str]) -> str:
    shown = " ".join(found[:_SHOWN])
    more = f" (and {len(found) - _SHOWN} more)" if len(found) > _SHOWN else ""
    return f"{file}: {shown}{more}"


def _listed(known: list[str], most: int = 12) -> str:
    return ", ".join(known[:most]) + (" ..." if len(known) > most else "")


def validate[Model: BaseModel](model: type[Model], document: YamlDocument, data: Any = None) -> Model:
    """Return `data` (the document's own when None) as `model`.

    Raises
    ------
    InputError
        With one paragraph that lists every problem of the file.
    """
    try:
        return model.model_validate(document.data if data is None else data)
    except ValidationError as error:
        raise InputError(_explained(error, document, model)) from None


def validate_list[Model: BaseModel](model: type[Model], document: YamlDocument) -> list[Model]:
    """Return a document that is a list of mappings as a list of `model`."""
    try:
        return TypeAdapter(list[model]).validate_python(document.data)  # type: ignore[valid-type]
    except ValidationError as error:
        raise InputError(_explained(error, document, model)) from None


def _explained(error: ValidationError, document: YamlDocument, model: type[BaseModel]) -> str:
    problems = Problems()
    for item in error.errors():
        if item["type"] == "too_short" and len(item["input"]) >= item["ctx"]["min_length"]:
            continue  # long enough as written; its entries are wrong, and each is reported
        path = _path_in_data(item["loc"], document.data)
        problems.add(document, path, _one_problem(item, model))
    try:
        problems.raise_if_any()
    except InputError as found:
        return str(found)
    raise AssertionError("a validation error without problems")


def _path_in_data(loc: tuple[Any, ...], data: Any) -> YamlPath:
    """Drop the parts pydantic adds for union members, which are not keys of the file."""
    path: list[str | int] = []
    here = data
    for i, part in enumerate(loc):
        if (isinstance(here, list) and isinstance(part, int) and part < len(here)) or (
            isinstance(here, dict) and part in here
        ):
            here = here[part]
        elif i != len(loc) - 1 or part == "[key]":
            continue
        path.append(part)
    return tuple(path)


def _one_problem(item: Any, model: type[BaseModel]) -> str:
    kind, context = item["type"], item.get("ctx", {})
    key = str(item["loc"][-1]) if item["loc"] else ""
    if kind == "extra_forbidden":
        known = _keys_at(model, item["loc"][:-1])
        return f"unknown key {key!r}.{suggestion(key, known) or f' Known keys: {_listed(known, 30)}.'}"
    if kind == "missing":
        return f"the key {key!r} is missing; add it."
    if item["input"] is None and kind != "value_error":
        words = context.get("expected", "")
        few = 0 < words.count("'") <= 2 * _FEW_WORDS
        return f"{key!r} has no value yet; fill it in" + (f" with {words}." if few else ".")
    if kind in ("literal_error", "enum"):
        known = [part.strip(" '") for part in context["expected"].replace(" or ", ", ").split(",")]
        return f"{item['input']!r} is not one of {', '.join(known)}.{suggestion(item['input'], known)}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        known = [part.strip(" '") for part in context.get("expected_tags", "").split(",") if part.strip(" '")]
        tag = context.get("tag", "(none)")
        return (
            f"kind {tag!r} is not one of {', '.join(known)}.{suggestion(tag, known)}" if known else "kind is missing."
        )
    if kind == "too_short":
        return f"{key!r} needs at least {context['min_length']} item."
    if kind == "value_error":
        return str(context["error"])
    return f"{item['msg'][0].lower()}{item['msg'][1:]} (found {str(item['input'])[:60]!r})."


def _keys_at(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Return the keys that the models at `loc` know; parts of `loc` that are no fields are passed over."""
    models = [model]
    for part in loc:
        fields = [one.model_fields[part] for one in models if part in one.model_fields]
        models = [inner for field in fields for inner in _models_in(field.annotation)] or models
    return sorted({name for one in models for name in one.model_fields})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return every pydantic model that a type annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
