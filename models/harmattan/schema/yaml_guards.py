"""What is looked at before a YAML file is built: its size, depth, aliases, tags and unseen characters.

The file is walked event by event, which takes no more memory or time than is looked at, so that a file made to
exhaust either is refused at once.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

from .characters import named, never_allowed, unseen

LARGEST_FILE = 5_000_000
"""Bytes of one file; the largest that is shipped has about a fiftieth of it."""
MOST_VALUES = 100_000
DEEPEST = 40
LONGEST_KEY = 450
LONGEST_NUMBER = 40
_EVENTS: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RefusedYamlError(Exception):
    """Something that YAML allows and these files do not, with its line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line
        self.text = text


@dataclass
class _Collection:
    """A list or mapping that is being walked."""

    is_mapping: bool
    anchor: str | None
    children: int = 0
    values: int = 1


@dataclass
class _Walk:
    """Where a walk through a file stands.

    Attributes
    ----------
    open : list
        Collections that are not closed yet, outermost first.
    sizes : dict
        How many values each anchor stands for, aliases written out.
    values : int
        How many values there are so far, aliases written out.
    """

    open: list[_Collection] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    values: int = 0

    def is_key(self) -> bool:
        """Whether the next value is a key."""
        return bool(self.open) and self.open[-1].is_mapping and self.open[-1].children % 2 == 0

    def add(self, size: int, line: int) -> None:
        """Count one value that stands for `size` when its aliases are written out."""
        self.values += size
        for collection in self.open[-1:]:
            collection.children += 1
            collection.values += size
        if self.values > MOST_VALUES:
            raise RefusedYamlError(
                line,
                f"there are more than {MOST_VALUES:,} values, with aliases (*name) written out; split the file",
            )


def check_before_reading(text: str) -> None:
    """Refuse what would exhaust the reader, or mean something else than is seen.

    Raises
    ------
    RefusedYamlError
        With the line.
    yaml.YAMLError
        If the text is no YAML.
    """
    if found := never_allowed(text):
        raise RefusedYamlError(found[0], f"there is an invisible character here, {named(found[1])}; delete it")
    walk = _Walk()
    for event in yaml.parse(text, Loader=_EVENTS):
        _step(walk, event)


def _step(walk: _Walk, event: Any) -> None:
    if isinstance(event, yaml.ScalarEvent):
        _check_tag(event)
        _check_scalar(event, walk.is_key())
        _anchored(walk, event.anchor, 1)
        walk.add(1, _line(event))
    elif isinstance(event, yaml.CollectionStartEvent):
        _check_tag(event)
        if len(walk.open) >= DEEPEST:
            raise RefusedYamlError(
                _line(event),
                f"brackets or indents lie more than {DEEPEST} deep here; no file needs that, so write less",
            )
        walk.open.append(_Collection(isinstance(event, yaml.MappingStartEvent), event.anchor))
    elif isinstance(event, yaml.CollectionEndEvent):
        closed = walk.open.pop()
        _anchored(walk, closed.anchor, closed.values)
        walk.values -= closed.values - 1  # counted one by one already
        walk.add(closed.values, _line(event))
    elif isinstance(event, yaml.AliasEvent):
        if event.anchor in walk.sizes:
            walk.add(walk.sizes[event.anchor], _line(event))
        elif any(one.anchor == event.anchor for one in walk.open):
            raise RefusedYamlError(_line(event), f"*{event.anchor} stands inside of itself; write out what is meant")


def _anchored(walk: _Walk, anchor: str | None, size: int) -> None:
    if anchor is not None:
        walk.sizes[anchor] = size


def _check_tag(event: Any) -> None:
    if event.tag is not None and event.tag != "!":
        raise RefusedYamlError(_line(event), f"tags such as {event.tag[:40]} are not read; write the plain value")


def _check_scalar(event: Any, is_key: bool) -> None:
    value = event.value
    if is_key and len(value) > LONGEST_KEY:
        raise RefusedYamlError(
            _line(event), f"the key {value[:30]!r}... has {len(value):,} letters; a key has {LONGEST_KEY} at most"
        )
    if (character := unseen(value, key=is_key)) is not None:
        shown = value if len(value) <= LONGEST_KEY else f"{value[:30]}..."
        raise RefusedYamlError(
            _line(event),
            f"{shown!r} holds {named(character)}, which does not show or looks like another; type it anew with plain "
            "letters, digits, spaces and dashes",
        )


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
