"""A reader of one's own: `--reader MODULE:NAME`, a class or an object with `propose`, or a function given sentences."""

import importlib
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ...core.errors import InputError
from .document import Sentence
from .proposals import Proposal, Reader


@dataclass(frozen=True)
class _Function:
    """A function as a reader, under its own name."""

    name: str
    function: Callable[[Sequence[Sentence]], Iterable[Proposal]]

    def propose(self, sentences: Sequence[Sentence]) -> Iterable[Proposal]:
        return self.function(sentences)


def reader_named(told: str) -> Reader:
    """Return the reader that `MODULE:NAME` names; the module is looked for in the working directory too.

    Raises
    ------
    InputError
        If there is no such module or name, or it is no reader.
    """
    module_name, colon, name = told.partition(":")
    if not (module_name and colon and name):
        raise InputError(f"--reader {told}: write MODULE:NAME, for instance mymodel:propose.")
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise InputError(f"--reader {told}: the module cannot be imported ({error}). Run where it lies.") from None
    found = getattr(module, name, None)
    made: Any = found() if isinstance(found, type) else found
    if hasattr(made, "propose"):
        if not str(getattr(made, "name", "")).strip():
            raise InputError(f"--reader {told}: it has no `name`, by which its drafts are marked; give it one.")
        return cast(Reader, made)
    if callable(made):
        return _Function(name, made)
    raise InputError(f"--reader {told}: {module_name} has no {name} that proposes claims.")
