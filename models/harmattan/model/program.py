"""What draws depend on besides what a fit is asked: the code of the model, and the packages that do the arithmetic."""

import hashlib
import importlib.metadata
import json
from functools import cache
from pathlib import Path

from .. import __version__
from ..core.files import sha256_of

DETERMINING_PACKAGES = ("nutpie", "numba", "numpy", "scipy", "xarray")


@cache
def program_of_fits() -> dict[str, str]:
    """Return what two programs must have in common for their draws to be the same."""
    code = {path.name: sha256_of(path) for path in sorted(Path(__file__).parent.glob("*.py"))}
    digest = hashlib.sha256(json.dumps(code, sort_keys=True).encode()).hexdigest()
    return {"code": digest} | {name: importlib.metadata.version(name) for name in DETERMINING_PACKAGES}


def signature() -> dict[str, str]:
    """Return what a kept fit says of the program that made it: that, and the version by which a reader knows it."""
    return {"harmattan": __version__} | program_of_fits()


def differences(made_by: dict[str, str]) -> list[str]:
    """Return in words why the program of a kept fit draws otherwise than this one; empty where it does not."""
    if not made_by:
        return ["an older program"]
    now, own = signature(), program_of_fits()
    changed = [name for name in own if made_by.get(name) != own[name] and name != "code"]
    said = [f"{name} {made_by.get(name, 'unknown')}, now {own[name]}" for name in changed]
    if made_by.get("code") != own["code"]:
        other = made_by.get("harmattan") != now["harmattan"]
        said.insert(0, f"harmattan {made_by.get('harmattan')}, now {now['harmattan']}" if other else "the model's code")
    return said
