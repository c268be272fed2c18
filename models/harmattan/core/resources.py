"""Finds `seeds/` and `scenarios/`, in a checkout and in an installed wheel."""

from pathlib import Path

from .errors import InputError

_PACKAGE = Path(__file__).resolve().parents[1]


def project_root() -> Path:
    """Return the folder that holds `seeds/` and `scenarios/`.

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


def display_path(path: Path) -> str:
    """Return `path` relative to the project or working directory when it lies inside, for messages and manifests."""
    path = Path(path).resolve()
    for base in (project_root(), Path.cwd()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return path.name
