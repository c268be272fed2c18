"""Builds values from YAML: fewer meanings of plain words than YAML 1.1, no key twice, one's own over what is merged."""

import re
from typing import Any, ClassVar

import yaml

from .yaml_guards import LONGEST_NUMBER, RefusedYamlError

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TRAP = "tag:harmattan,trap"
_WORD_TRAP = "tag:harmattan,yes-or-no"
_MERGE = "tag:yaml.org,2002:merge"
_INT, _FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"


class Loader(_BASE):
    """Safe loader with its own, narrower idea of what a plain word means."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


_RESOLVERS = (
    ("tag:yaml.org,2002:bool", r"true|false|True|False", "tTfF"),
    ("tag:yaml.org,2002:null", r"~|null|Null|", ["~", "n", "N", ""]),
    (_INT, r"[-+]?(?:0|[1-9][0-9]*)", "-+0123456789"),
    (_FLOAT, r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?", "-+.0123456789"),
    (_MERGE, r"<<", "<"),
    (_WORD_TRAP, r"(?i:yes|no|on|off)", "yYnNoO"),
    (_TRAP, r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", "-+0123456789"),
    (_TRAP, r"[-+]?0[0-9_]+|[-+]?0[xob][0-9a-fA-F_]+|[-+]?[0-9]+_[0-9_]+", "-+0123456789"),
    (_TRAP, r"[-+]?\.(?i:inf|nan)", "-+."),
)
for _tag, _pattern, _first in _RESOLVERS:
    Loader.add_implicit_resolver(_tag, re.compile(rf"^(?:{_pattern})$"), list(_first))


def _construct_trap(loader: Any, node: yaml.ScalarNode) -> None:
    raise RefusedYamlError(
        node.start_mark.line + 1,
        f"the unquoted value {node.value} means different things to different readers of YAML; "
        f'write "{node.value}" in quotes if text is meant, or true, false or a plain decimal number if not',
    )


def _construct_word_trap(loader: Any, node: yaml.ScalarNode) -> None:
    driver = "absent" if node.value.lower() in ("no", "off") else "happens"
    raise RefusedYamlError(
        node.start_mark.line + 1,
        f"the unquoted value {node.value} means different things to different readers of YAML; write {driver} if a "
        f'driver is meant, true or false if a switch is meant, or "{node.value}" in quotes if text is meant',
    )


def _construct_number(loader: Any, node: yaml.ScalarNode) -> int | float:
    if len(node.value) > LONGEST_NUMBER:
        raise RefusedYamlError(
            node.start_mark.line + 1,
            f"the number {node.value[:12]}... has {len(node.value):,} digits; write it shorter",
        )
    return int(node.value) if node.tag == _INT else float(node.value)


def _construct_mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    _check_keys(loader, node)
    loader.flatten_mapping(node)  # what is merged stands before one's own, so that one's own wins below
    return {
        loader.construct_object(key, deep=True): loader.construct_object(value, deep=True) for key, value in node.value
    }


def _check_keys(loader: Any, node: yaml.MappingNode) -> None:
    own = set()
    for key_node, _ in node.value:
        merges = key_node.tag == _MERGE
        key = key_node.value if merges else loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | float | bool):
            raise RefusedYamlError(key_node.start_mark.line + 1, "a key must be a single word or number")
        if (merges, key) in own:
            raise RefusedYamlError(key_node.start_mark.line + 1, f"the key {key!r} stands twice; keep one of the two")
        own.add((merges, key))


Loader.add_constructor(_TRAP, _construct_trap)
Loader.add_constructor(_WORD_TRAP, _construct_word_trap)
Loader.add_constructor(_INT, _construct_number)
Loader.add_constructor(_FLOAT, _construct_number)
Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
