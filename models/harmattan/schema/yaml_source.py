"""Reads YAML with the line of every value, refuses duplicate keys and the traps of YAML 1.1.

Only `true`, `false`, `null`, decimal numbers and text exist here. Dates stay text. What YAML 1.1 would silently turn
into something else (`no` into false, `12:30` into 750, `010` into 8) is refused with a message that says how to quote.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml

from ..core.errors import InputError
from ..core.resources import display_path

YamlPath = tuple[str | int, ...]

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRAP = "tag:harmattan,trap"


class _TrapError(Exception):
    """A value that cannot be read safely, with its line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


class _Loader(_BASE):
    """Safe loader with its own, narrower idea of what a plain word means."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


_RESOLVERS = (
    ("tag:yaml.org,2002:bool", r"true|false|True|False", "tTfF"),
    ("tag:yaml.org,2002:null", r"~|null|Null|", ["~", "n", "N", ""]),
    ("tag:yaml.org,2002:int", r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?",
        "-+.0123456789",
    ),
    ("tag:yaml.org,2002:merge", r"<<", "<"),
    (_TRAP, r"(?i:yes|no|on|off)", "yYnNoO"),
    (_TRAP, r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", "-+0123456789"),
    (_TRAP, r"[-+]?0[0-9_]+|[-+]?0[xob][0-9a-fA-F_]+|[-+]?[0-9]+_[0-9_]+", "-+0123456789"),
    (_TRAP, r"[-+]?\.(?i:inf|nan)", "-+."),
)
for _tag, _pattern, _first in _RESOLVERS:
    _Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), list(_first))


def _construct_trap(loader: Any, node: yaml.ScalarNode) -> None:
    raise _TrapError(
        node.start_mark.line + 1,
        f"the unquoted value {node.value} means different things to different readers of YAML; "
        f'write "{node.value}" in quotes if text is meant, or true, false or a plain decimal number if not',
    )


def _construct_mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool):
            raise _TrapError(key_node.start_mark.line + 1, "a key must be a single word or number")
        if key in mapping:
            raise _TrapError(key_node.start_mark.line + 1, f"the key {key!r} stands twice; keep one of the two")
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_Loader.add_constructor(_TRAP, _construct_trap)
_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


@dataclass(frozen=True)
class YamlDocument:
    """What a YAML file says, and where it says it.

    Attributes
    ----------
    path : Path
        The file.
    data : Any
        Mappings, lists, text, numbers, booleans and None.
    nodes : yaml.Node or None
        The file as parsed, kept to find lines; None for an empty file.
    root : str
        Name given to the top of the file in messages, for instance ``claims`` in ``claims[3].hedge``.
    """

    path: Path
    data: Any
    nodes: Any = field(repr=False, compare=False)
    root: str = ""

    @property
    def name(self) -> str:
        """The file as shown to users."""
        return display_path(self.path)

    def line_of(self, path: YamlPath) -> int:
        """Return the 1-based line of the value at `path`, or of the deepest part of the path that exists."""
        node = self.nodes
        line = 1
        for part in path:
            found = _child(node, part)
            if found is None:
                break
            line, node = found
        return line

    def label(self, path: YamlPath) -> str:
        """Return the path as an analyst would write it, such as ``claims[3].direction``."""
        label = self.root
        for part in path:
            label += f"[{part}]" if isinstance(part, int) else (f".{part}" if label else str(part))
        return label or "the whole file"


def _child(node: Any, part: str | int) -> tuple[int, Any] | None:
    """Return line and node of one step of a path."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    return None


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
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{display_path(path)}: there is no such file. Check the name, or write the file.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{display_path(path)}: cannot be read ({error}). Save it as plain UTF-8 text.") from None
    return parse_yaml(text, path, root=root)


def parse_yaml(text: str, path: Path, *, root: str = "") -> YamlDocument:
    """Read YAML from a text; `path` says in messages where it is from.

    Raises
    ------
    InputError
        As `read_yaml`.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        data = None if node is None else loader.construct_document(node)
    except _TrapError as trap:
        raise InputError(f"{display_path(path)}, line {trap.line}: {trap.text}.") from None
    except yaml.YAMLError as error:
        raise InputError(_syntax_message(path, error)) from None
    finally:
        loader.dispose()
    return YamlDocument(path, data, node, root)


def _syntax_message(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    line = f", line {mark.line + 1}" if mark is not None else ""
    return (
        f"{display_path(path)}{line}: this is not YAML ({problem}). Look at the indentation here and on the line "
        "above, and put text with ': ' or '#' in quotes."
    )
