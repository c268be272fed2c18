"""Writing without halves: everything is built beside its place and moved into it."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


@contextmanager
def file_in_place(target: Path) -> Iterator[Path]:
    """Yield a temporary path with the target's suffix; move it onto `target` when the block ends well."""
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".harmattan-", suffix=target.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def folder_in_place(target: Path) -> Iterator[Path]:
    """Yield a temporary folder; when the block ends well it takes the place of `target`, whole."""
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=".harmattan-"))
    try:
        yield temporary
        os.chmod(temporary, 0o755)
        previous = None
        if target.exists():
            previous = Path(tempfile.mkdtemp(dir=target.parent, prefix=".harmattan-old-")) / "previous"
            os.replace(target, previous)
        os.replace(temporary, target)
        if previous is not None:
            shutil.rmtree(previous.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
