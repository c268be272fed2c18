"""Finds `seeds/` and `scenarios/`: in a checkout, in an installed wheel, or in an analyst's own copy of the two."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from .errors import InputError
from .files import sha256_of

_PACKAGE = Path(__file__).resolve().parents[1]


PROJECT_VARIABLE = "HARMATTAN_PROJECT"
"""Environment variable that names another folder with `seeds/` and `scenarios/`; `harmattan --project` sets it."""


_IN_USE: ContextVar[Path | None] = ContextVar("project", default=None)

READ_BY_ALL = ("seeds/library", "seeds/data/world", "seeds/evidence/exit_class.csv")
"""What of the program every project reads there, whatever stands in its own."""


OF_THE_PROGRAM = "harmattan:"
"""How the shown path of a file begins that comes with the program."""

_READ: dict[tuple[str, str], Path] = {}
"""Where files lie that were fingerprinted, by the path that a manifest shows and by SHA-256."""


@contextmanager
def using_project(folder: Path) -> Iterator[None]:
    """Use another project inside the block, whatever the environment says: two cases can work in one session."""
    token = _IN_USE.set(Path(folder).expanduser().resolve())
    try:
        yield
    finally:
        _IN_USE.reset(token)


def project_root() -> Path:
    """Return the folder that holds `case.yaml`, `seeds/` and `scenarios/`.

    That of the block (`using_project`), else `$HARMATTAN_PROJECT`, else the project that came with the program
    (`shipped_root`).

    Raises
    ------
    InputError
        If that folder does not hold both.
    """
    chosen = _IN_USE.get() or os.environ.get(PROJECT_VARIABLE)
    if not chosen:
        return shipped_root()
    folder = Path(chosen).expanduser().resolve()
    missing = [name for name in ("seeds", "scenarios") if not (folder / name).is_dir()]
    if missing:
        raise InputError(
            f"{chosen}: this folder cannot be used as a project, since it holds no {' and no '.join(missing)} folder. "
            "Make one with `harmattan new case FOLDER`, and name it with --project or "
            f"the environment variable {PROJECT_VARIABLE}."
        )
    return folder


def shipped_root() -> Path:
    """Return the project that came with the program.

    In a checkout that is the repository; in an installed wheel the folder `harmattan/_project` that the wheel carries.
    """
    for folder in (_PACKAGE / "_project", _PACKAGE.parents[1]):
        if (folder / "seeds").is_dir() and (folder / "scenarios").is_dir():
            return folder
    raise InputError(
        f"Cannot find the folders seeds/ and scenarios/ near {_PACKAGE}. "
        "Reinstall Harmattan, or run it from its checkout."
    )


def seeds_folder() -> Path:
    """Return the folder of documents' claims, facts, lexicons, evidence and data."""
    return project_root() / "seeds"


def scenarios_folder() -> Path:
    """Return the folder of drivers and scenarios."""
    return project_root() / "scenarios"


def belongs_to_installation(path: Path) -> bool:
    """Return whether a file lies in the installed package, where the next update would replace it."""
    return Path(path).resolve().is_relative_to(_PACKAGE)


def display_path(path: Path) -> str:
    """Return `path` relative to the project or working directory when it lies inside, for messages and manifests.

    A seed of the program begins with ``harmattan:`` where another project is in use, which may have one of that name;
    what every project reads from the program does always, so that a copy of a project names the same files.
    """
    path, project, shipped = Path(path).resolve(), project_root(), shipped_root()
    if path.is_relative_to(project) and not any(path.is_relative_to(shipped / folder) for folder in READ_BY_ALL):
        return path.relative_to(project).as_posix()
    if path.is_relative_to(shipped / "seeds"):
        return f"{OF_THE_PROGRAM}{path.relative_to(shipped).as_posix()}"
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.name


def fingerprints(paths: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of files as they are now, by the path that a manifest shows."""
    found = {(display_path(path), sha256_of(path)): Path(path).resolve() for path in set(paths)}
    _READ.update(found)
    return dict(sorted(found))


def file_of(shown: str, digest: str) -> Path | None:
    """Return a file by the path that a manifest shows, as it was when it had this SHA-256; None where it is no more.

    Looked for where it was when this process fingerprinted it, then in the project and in the working directory.
    """
    places = (_READ.get((shown, digest)), project_root() / shown, Path.cwd() / shown)
    return next((one for one in places if one is not None and one.is_file() and sha256_of(one) == digest), None)
