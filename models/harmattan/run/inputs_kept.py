"""`inputs.zip`: the very files that a run has read, kept beside its `run.json`, so that it can be done again."""

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from ..core.resources import OF_THE_PROGRAM, file_of

INPUTS = "inputs.zip"
"""Name of the file."""

_SAME_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in it, so that the same files give the same bytes."""


def write_inputs(folder: Path, inputs: Mapping[str, str]) -> Path | None:
    """Write the files of a run's `inputs_sha256` as they were when they were read; return where, None without any.

    Left out is what belongs to the program, and a file that has changed since or cannot be found.

    Parameters
    ----------
    folder : Path
    inputs : mapping of path to SHA-256
        As `core.resources.fingerprints` returns them.
    """
    found = {name: content for name, digest in sorted(inputs.items()) if (content := _content(name, digest))}
    if not found:
        return None
    with zipfile.ZipFile(folder / INPUTS, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in found.items():
            entry = zipfile.ZipInfo(name, _SAME_DATE)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            kept.writestr(entry, content)
    return folder / INPUTS


def kept_inputs(folder: Path, inputs: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of a run that can be had as they were: from `inputs.zip`, or where one has not changed since.

    Only bytes with the SHA-256 of `inputs` are returned, and nothing that leads out of a folder.
    """
    found = {name: content for name, digest in inputs.items() if (content := _content(name, digest))}
    try:
        with zipfile.ZipFile(folder / INPUTS) as kept:
            for name in set(kept.namelist()) & set(inputs) - set(found):
                content = kept.read(name)
                if _inside(name) and _digest(content) == inputs[name]:
                    found[name] = content
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        # damaged, or packed in a way that zipfile does not implement
        pass  # what is missing then is said by whoever needs it
    return found


def belongs_to_program(name: str) -> bool:
    """Return whether a file of `inputs_sha256` comes with the program, whatever the project."""
    return name.startswith(OF_THE_PROGRAM)


def _content(name: str, digest: str) -> bytes | None:
    file = None if belongs_to_program(name) or not _inside(name) else file_of(name, digest)
    if file is None:
        return None
    content = file.read_bytes()
    return content if _digest(content) == digest else None


def _inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
