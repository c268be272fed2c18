"""Reads YAML with the line of every value, refuses duplicate keys and the traps of YAML 1.1.

Only `true`, `false`, `null`, decimal numbers and text exist here. Dates stay text. What YAML 1.1 would silently turn
into something else (`no` into false, `12:30` into 750, `010` into 8) is refused with a message that says how to quote.
"""

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import yaml

from ..core.errors import InputError
from ..core.resources import display_path
from ..core.terminal import terminal_words
from .yaml_guards import LARGEST_FILE, RefusedYamlError, check_before_reading
from .yaml_loader import Loader

YamlPath = tuple[str | int, ...]

_KEPT: dict[str, tuple[bytes, bytes]] = {}
"""What texts say that were read before, and in which lines: one run asks for `drivers.yaml` many times over."""

_MOST_KEPT = 128


@dataclass(frozen=True)
class YamlDocument:
    """What a YAML file says, and where it says it.

    Attributes
    ----------
    path : Path
        The file.
    data : Any
        Mappings, lists, text, numbers, booleans and None.
    parsed : callable
        Returns the file as parsed, which only adding to it needs.
    placed : callable
        Returns the line of each value with what lies inside of it: lists and mappings as in the file, else None.
    root : str
        Name given to the top of the file in messages, for instance ``claims`` in ``claims[3].hedge``.
    """

    path: Path
    data: Any
    parsed: Callable[[], Any] = field(repr=False, compare=False)
    placed: Callable[[], Any] = field(repr=False, compare=False)
    root: str = ""

    @cached_property
    def nodes(self) -> Any:
        """The file as parsed, a `yaml.Node`; None for an empty file."""
        return self.parsed()

    @cached_property
    def places(self) -> Any:
        """The lines, as `placed` returns them."""
        return self.placed()

    @cached_property
    def name(self) -> str:
        """The file as shown to users."""
        return display_path(self.path)

    def line_of(self, path: YamlPath) -> int:
        """Return the 1-based line of the value at `path`, or of the deepest part of the path that exists."""
        return self._deepest(path)[0]

    def _deepest(self, path: YamlPath) -> tuple[int, Any]:
        """Return the line of the deepest part of a path that exists, and what lies inside of it."""
        inside, line = self.places, 1
        for part in path:
            found = _child(inside, part)
            if found is None:
                break
            line, inside = found
        return line, inside

    def value_at(self, path: YamlPath) -> Any:
        """Return the value at a path, None where there is none."""
        data = self.data
        for part in path:
            inside = isinstance(data, list) and isinstance(part, int) and part < len(data)
            data = data[part] if inside else data.get(part) if isinstance(data, dict) else None
        return data

    def rename_keys(self, path: YamlPath, names: Mapping[str, str]) -> None:
        """Give the keys of the mapping at `path` other names, in the data and where lines are found."""
        data = self.value_at(path)
        if all(names.get(key, key) == key for key in data):
            return
        for mapping in (data, self._deepest(path)[1]):
            renamed = {names.get(key, key): value for key, value in mapping.items()}
            mapping.clear()
            mapping.update(renamed)

    def label(self, path: YamlPath) -> str:
        """Return the path as an analyst would write it, such as ``claims[3].direction``."""
        label = self.root
        for part in path:
            label += f"[{part}]" if isinstance(part, int) else (f".{part}" if label else str(part))
        return label or "the whole file"


def _child(inside: Any, part: str | int) -> tuple[int, Any] | None:
    """Return the line of one step of a path, and what lies inside of it."""
    if isinstance(inside, list) and isinstance(part, int) and part < len(inside):
        return inside[part]
    return inside.get(str(part)) if isinstance(inside, dict) else None


def read_yaml(path: Path | str, *, root: str = "") -> YamlDocument:
    """Read one YAML file.

    Parameters
    ----------
    path : Path or str
        File to read, UTF-8.
    root : str
        Name of the top of the file in messages.

    Returns
    -------
    YamlDocument
        Data with the means to find the line of each value.

    Raises
    ------
    InputError
        If the file is missing, is not YAML, has a key twice, or holds a value that YAML readers disagree on.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8") if size <= LARGEST_FILE else ""
    except FileNotFoundError:
        raise InputError(f"{display_path(path)}: there is no such file. Check the name, or write the file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{display_path(path)}: cannot be read ({error}). Save it as plain UTF-8 text.") from None
    if size > LARGEST_FILE:
        raise InputError(
            f"{display_path(path)}: this file has {size / 1e6:.1f} MB, and no more than {LARGEST_FILE / 1e6:.0f} MB "
            "are read. Check whether it is the file that is meant; split it if so."
        )
    return parse_yaml(text, path, root=root)


def parse_yaml(text: str, path: Path, *, root: str = "") -> YamlDocument:
    """Read YAML from a text; `path` says in messages where it is from.

    Raises
    ------
    InputError
        As `read_yaml`.
    """
    if text in _KEPT:
        data, places = _KEPT[text]
        return YamlDocument(path, pickle.loads(data), partial(_nodes_of, text), partial(pickle.loads, places), root)
    try:
        check_before_reading(text)
        data, nodes = _data_and_nodes(text)
    except RefusedYamlError as refused:
        raise InputError(f"{display_path(path)}, line {refused.line}: {terminal_words(refused.text)}.") from None
    except yaml.YAMLError as error:
        raise InputError(_syntax_message(path, error)) from None
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    places = _places_in(nodes, {})
    _KEPT[text] = pickle.dumps(data), pickle.dumps(places)  # packed, since who reads a document may change it
    return YamlDocument(path, data, lambda: nodes, lambda: places, root)


def _data_and_nodes(text: str) -> tuple[Any, Any]:
    loader = Loader(text)
    try:
        node = loader.get_single_node()
        return None if node is None else loader.construct_document(node), node
    finally:
        loader.dispose()


def _nodes_of(text: str) -> Any:
    return _data_and_nodes(text)[1]


def _places_in(node: Any, known: dict[int, Any]) -> Any:
    """Return the lines of what lies inside a node; one that stands in several places is gone through once."""
    if id(node) in known or not isinstance(node, yaml.CollectionNode):
        return known.get(id(node))
    inside: Any = [] if isinstance(node, yaml.SequenceNode) else {}
    known[id(node)] = inside
    if isinstance(inside, list):
        inside.extend((value.start_mark.line + 1, _places_in(value, known)) for value in node.value)
    else:  # what is merged (<<) stands first, and one's own wins
        inside.update((key.value, (key.start_mark.line + 1, _places_in(value, known))) for key, value in node.value)
    return inside


def _syntax_message(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    line = f", line {mark.line + 1}" if mark is not None else ""
    return (
        f"{display_path(path)}{line}: this is not YAML ({problem}). Look at the indentation here and on the line "
        "above, and put text with ': ' or '#' in quotes."
    )
