"""Turns what is wrong with a file into one paragraph: file, YAML path, line, what, and how to mend it."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..core.errors import InputError
from ..core.language import phrase
from ..core.terminal import terminal_words
from .hints import suggestion
from .yaml_source import YamlDocument, YamlPath

_SHOWN = 8
_FEW_WORDS = 8
_LONGEST_SHOWN = 60


def shown(value: object) -> str:
    """Return a value of a file as messages show it: as YAML has it, text in quotes, and cut where it is long."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    text = repr(value) if len(str(value)) <= _LONGEST_SHOWN else repr(str(value)[:_LONGEST_SHOWN]) + "..."
    return text


class Problems:
    """Collects problems by file, so that an analyst sees all of them at once."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}
        self._more: Counter[str] = Counter()

    def add(self, document: YamlDocument, path: YamlPath, text: str) -> None:
        """Note that the value at `path` of `document` is wrong; `text` says what and how to mend it."""
        if self._has_room(document.name):
            where = f"{document.label(path)} (line {document.line_of(path)})"
            self._found[document.name].append(f"{where}: {text}")

    def add_text(self, file: str, text: str) -> None:
        """Note a problem that has no place inside a YAML file."""
        if self._has_room(file):
            self._found[file].append(text)

    def add_unknown(
        self, document: YamlDocument, path: YamlPath, what: str, word: object, known: Iterable[str], hint: str = ""
    ) -> None:
        """Note a reference to something that does not exist; without a `hint` the nearest that does is named."""
        if len(self._found.get(document.name, ())) < _SHOWN:  # nobody sees the rest, and looking for hints takes time
            known = list(known)
            hint = hint or suggestion(word, known) or f" Known: {listed(known)}."
            self.add(document, path, f"there is no {what} {shown(word)}.{hint}")
        else:
            self.add_text(document.name, "")

    def _has_room(self, file: str) -> bool:
        """Return whether one more problem of a file is shown; else only count it."""
        if len(self._found.setdefault(file, [])) < _SHOWN:
            return True
        self._more[file] += 1
        return False

    def raise_if_any(self) -> None:
        """Raise one InputError with one paragraph per file if anything was noted."""
        if self._found:
            raise InputError("\n".join(_paragraph(*told, self._more[told[0]]) for told in self._found.items()))


def _paragraph(file: str, found: list[str], more: int) -> str:
    """Return the problems of a file, each in the reader's language: as one text they would match no template."""
    told = " ".join(map(terminal_words, found))
    return phrase("commands.problems_more" if more else "commands.problems", file=file, problems=told, more=more)


def listed(known: list[str], most: int = 12) -> str:
    """Return the first few of many, joined by commas."""
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
    """Return a document that is a list of mappings as a list of `model`; an empty one holds no entries."""
    try:
        return TypeAdapter(list[model]).validate_python([] if document.data is None else document.data)  # type: ignore[valid-type]
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
        elif i != len(loc) - 1 or part == "[key]" or not isinstance(here, dict | list):
            continue
        path.append(part)
    return tuple(path)


def _one_problem(item: Any, model: type[BaseModel]) -> str:
    kind, context = item["type"], item.get("ctx", {})
    key = str(item["loc"][-1]) if item["loc"] else ""
    if kind == "extra_forbidden":
        return _unknown_key(key, model, item["loc"][:-1])
    if kind == "missing":
        return _missing(item["loc"][-1])
    if item["input"] is None and kind != "value_error":
        words = context.get("expected", "")
        few = 0 < words.count("'") <= 2 * _FEW_WORDS
        return f"{key!r} has no value yet; fill it in" + (f" with {words}." if few else ".")
    if kind in ("literal_error", "enum"):
        known = [part.strip(" '") for part in context["expected"].replace(" or ", ", ").split(",")]
        return f"{shown(item['input'])} is not one of {', '.join(known)}.{suggestion(item['input'], known)}"
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        known = [part.strip(" '") for part in context.get("expected_tags", "").split(",") if part.strip(" '")]
        tag = context.get("tag", "(none)")
        return (
            f"kind {shown(tag)} is not one of {', '.join(known)}.{suggestion(tag, known)}"
            if known
            else "kind is missing."
        )
    if kind == "too_short":
        return f"{key!r} needs at least {context['min_length']} item."
    if kind == "value_error":
        return str(context["error"])
    found = f"(found {shown(item['input'])})"
    if kind in _ASKED:
        return f"{_ASKED[kind]} {found}."
    return f"{item['msg'][0].lower()}{item['msg'][1:]} {found}."


_ASKED = {
    "int_type": "give a number, a whole one such as 6",
    "int_from_float": "give a number, a whole one such as 6",
    "float_type": "give a number, such as 0.3",
    "finite_number": "give a number that is not endless, such as 0.3",
    "bool_type": "give true or false",
    "string_type": "give text, in quotes where it looks like a number",
    "string_pattern_mismatch": "an id holds small letters and digits, joined by single dashes",
    "string_too_long": "an id has no more than 100 letters",
    "tuple_type": "give a list, such as [1, 6]",
    "list_type": "give a list of entries that begin with a dash",
    "dict_type": "give keys with values, such as {key: value}",
    "model_type": "give keys with values, such as {key: value}",
    "model_attributes_type": "give keys with values, such as {key: value}",
}
"""What to write where a value is of another sort, by pydantic's name of the mistake."""


def _missing(key: str | int) -> str:
    if isinstance(key, int):
        return "two numbers are needed, such as [1, 6]."
    return f"the key {key!r} is missing; add it."


def _unknown_key(key: str, model: type[BaseModel], loc: tuple[Any, ...]) -> str:
    known = _keys_at(model, loc)
    hint = _belongs_under(key, model) if not loc else ""
    hint = hint or suggestion(key, known) or f" Known keys: {listed(known, 30)}."
    return f"unknown key {shown(key)}.{hint}"


def _belongs_under(key: str, model: type[BaseModel]) -> str:
    """Return where a key that was written at the top belongs, if it is a key of one of the top's own parts."""
    for name, field in model.model_fields.items():
        if any(key in part.model_fields for part in _models_in(field.annotation)):
            return f" It belongs under {name}: write {name}: {{{key}: ...}}."
    return ""


def _keys_at(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Return the keys that the models at `loc` know; parts of `loc` that are no fields are passed over."""
    models = [model]
    for part in loc:
        fields = [one.model_fields[part] for one in models if part in one.model_fields]
        models = [inner for field in fields for inner in _models_in(field.annotation)] or models
    return sorted({field.alias or name for one in models for name, field in one.model_fields.items()})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Return every pydantic model that a type annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]
