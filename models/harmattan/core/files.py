"""Writing without halves: everything is built beside its place and moved into it, or refused with a sentence."""

import errno
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import InputError

PREFIX = ".harmattan-"
"""How the name of everything begins that is still being built."""


class UnwritableError(InputError):
    """A place cannot be written to."""

    def __init__(self, place: str, cause: OSError, written: int | None = None, free: int = 0) -> None:
        self.cause, self.written = cause, written
        begun = "" if written is None else "; nothing was left half-written"
        super().__init__(f"{place} cannot be written: {_reason(cause, free)} or name another place{begun}.")


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def check_file(target: Path, option: str = "") -> None:
    """Refuse a file that cannot be written, before any work is done.

    Parameters
    ----------
    target : Path
    option : str
        Of the command line, by which the file was named.

    Raises
    ------
    InputError
        If it is a folder or a device, or lies where nothing can be written.
    """
    place = f"{option} {target}".strip()
    with _translated(place, target):
        real = _real(target)
        if real.is_dir():
            raise InputError(f"{place} is a folder; name a file in it.")
        if real.exists() and not real.is_file():
            raise InputError(f"{place} is no ordinary file, and what is written takes the place of what was there.")
        if real.exists() and not os.access(real, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is protected against writing")
        _probe(_nearest(real.parent))


def check_folder(target: Path, option: str = "") -> None:
    """Refuse a folder that cannot be written to, before any work is done.

    Parameters
    ----------
    target : Path
    option : str
        Of the command line, by which the folder was named.

    Raises
    ------
    InputError
        If it is a file, or lies where nothing can be written.
    """
    place = f"{option} {target}".strip()
    with _translated(place, target):
        real = _real(target)
        if real.exists() and not real.is_dir():
            raise InputError(f"{place} is a file; name a folder.")
        _probe(_nearest(real))


def check_room(target: Path, needed: int, option: str = "") -> None:
    """Refuse a file for which its disk has less room than `needed` bytes.

    Raises
    ------
    InputError
        If there is less.
    """
    free = _free(target)
    if free < needed:
        place = f"{option} {target}".strip()
        raise InputError(
            f"{place} cannot be written: about {in_words(needed)} are needed and {in_words(free)} are free on that "
            "disk. Make room there, name another place, or ask for less."
        )


@contextmanager
def file_in_place(target: Path) -> Iterator[Path]:
    """Yield a temporary path with the target's suffix; move it onto `target` when the block ends well.

    A link stays a link: what it points to is replaced. A new file gets the rights that the umask leaves it.

    Raises
    ------
    UnwritableError
        If the system refuses to write there, for instance because the disk is full.
    """
    target = Path(target)
    real = _real(target)
    temporary = real.parent / f"{PREFIX}{secrets.token_hex(6)}{real.suffix}"
    try:
        with _translated(str(target), target, temporary), _parents_of(real):
            os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            yield temporary
            if real.exists():
                os.chmod(temporary, stat.S_IMODE(real.stat().st_mode))
            os.replace(temporary, real)
    finally:
        _drop(temporary)


@contextmanager
def folder_in_place(target: Path, replaced: Iterable[str] = ()) -> Iterator[Path]:
    """Yield a temporary folder; when the block ends well, what it holds stands in `target`, all of it or nothing.

    A folder that is there already stays where it is, be it a mount point or a link, with the rights it has.

    Parameters
    ----------
    target : Path
    replaced : iterable of str
        Files of `target` that give way, relative to it. All others stay.

    Raises
    ------
    UnwritableError
        If the system refuses to write there.
    InputError
        If another file stands in the way.
    """
    target = Path(target)
    real = _real(target)
    there = real.is_dir()
    temporary = (real if there else real.parent) / f"{PREFIX}{secrets.token_hex(6)}"
    try:
        with _translated(str(target), target, temporary), _parents_of(real):
            temporary.mkdir()
            yield temporary
            if there:
                _exchange(target, real, temporary, replaced)
            else:
                os.rename(temporary, real)
    finally:
        _drop(temporary)


def in_words(size: float) -> str:
    """Return a number of bytes as a reader says it: `1.4 GB`."""
    from .language import decimal, phrase, whole

    for unit in ("bytes", "kilo", "mega"):
        if size < 999.5:
            return phrase(f"sizes.{unit}", number=whole(size))
        size /= 1000
    return phrase("sizes.giga", number=decimal(size, 1))


def _exchange(target: Path, real: Path, built: Path, replaced: Iterable[str]) -> None:
    """Move the files of `built` into `real` and those that give way out of it; put all back if one cannot be moved."""
    old = built.with_name(f"{built.name}-old")
    inside = [Path(name) for name in replaced if not os.path.isabs(name) and ".." not in Path(name).parts]
    leaving = [path for path in inside if (real / path).is_file()]
    coming = sorted(path.relative_to(built) for path in built.rglob("*") if not path.is_dir())
    in_the_way = [str(path) for path in coming if path not in leaving and os.path.lexists(real / path)]
    if in_the_way:
        raise InputError(
            f"{target} holds files that no earlier run has written and that stand in the way: "
            f"{', '.join(in_the_way[:5])}. Move them or name another folder."
        )
    moves = [(real / path, old / path) for path in leaving] + [(built / path, real / path) for path in coming]
    done: list[tuple[Path, Path]] = []
    try:
        for source, goal in moves:
            goal.parent.mkdir(parents=True, exist_ok=True)
            os.rename(source, goal)
            done.append((source, goal))
    except BaseException:
        for source, goal in reversed(done):
            os.rename(goal, source)
        raise
    finally:
        _drop(old)
    for folder in sorted({(real / path).parent for path in leaving} - {real}, reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()


def _real(target: Path) -> Path:
    """Return where a path leads, links followed; it need not be there."""
    return Path(os.path.realpath(target))


def _nearest(path: Path) -> Path:
    """Return the path, or the nearest folder above it that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def _probe(folder: Path) -> None:
    """Raise what the system says when a file is made in a folder."""
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, f"{folder} is a file")
    probe = folder / f"{PREFIX}{secrets.token_hex(6)}"
    try:
        probe.write_bytes(b"x")
    finally:
        _drop(probe)


def _drop(path: Path) -> None:
    """Remove what was being built, be it a file or a folder."""
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@contextmanager
def _parents_of(path: Path) -> Iterator[None]:
    """Make the folders above a path; take those away again if the block fails."""
    missing = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for folder in missing:
            if folder.is_dir() and all(entry.name.startswith(PREFIX) for entry in folder.iterdir()):
                shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def _translated(place: str, target: Path, temporary: Path | None = None) -> Iterator[None]:
    """Turn the system's refusals into an `InputError` that names the place as the user did."""
    try:
        yield
    except UnwritableError as error:  # of a part of what is being built
        written = max(error.written or 0, _written(temporary))
        raise UnwritableError(place, error.cause, written, _free(target) + written) from error
    except OSError as error:
        if not _concerns(error, _real(target), temporary):
            raise  # a file that was to be read
        begun = None if temporary is None else _written(temporary)
        raise UnwritableError(place, error, begun, _free(target) + (begun or 0)) from error


def _concerns(error: OSError, real: Path, temporary: Path | None) -> bool:
    named = error.filename2 if error.filename2 is not None else error.filename
    if named is None:
        return True
    path, above = Path(os.path.abspath(os.fsdecode(named))), {real, *real.parents}
    return path.is_relative_to(temporary or real) or path in above or path.parent in above


def _written(path: Path | None) -> int:
    """Return how many bytes of the disk are taken by what is being built."""
    if path is None or not path.exists():
        return 0
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_blocks * 512 for file in files if file.is_file())


def _free(target: Path) -> int:
    """Return how many bytes are free where a path leads."""
    return shutil.disk_usage(_nearest(_real(target).parent)).free


def _reason(cause: OSError, free: int) -> str:
    if cause.errno not in (errno.ENOSPC, errno.EDQUOT) and "No space left" not in str(cause):
        return f"{cause.strerror or cause}. Mend that"
    return f"the disk is full ({in_words(free)} were free, and more is needed). Make room there"
