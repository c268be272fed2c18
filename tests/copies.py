"""Copies of the shipped project that a test may change."""

import re
import shutil

from harmattan.core.resources import shipped_root

PAIR = "first: withdrawal, second: mission_stays"


def copy_project(folder, without=()):
    """Copy the shipped project into `folder`, but for files and folders called as in `without`; return the folder."""
    for name in ("seeds", "scenarios"):
        shutil.copytree(shipped_root() / name, folder / name, ignore=shutil.ignore_patterns(*without))
    shutil.copyfile(shipped_root() / "case.yaml", folder / "case.yaml")
    return folder


def ask_the_baseline_alone(folder):
    """Write the shipped case's `case.yaml` into `folder`, with the baseline in place of its pair of scenarios."""
    case = (shipped_root() / "case.yaml").read_text(encoding="utf-8")
    assert PAIR in case
    alone = re.sub(r",\s*cards: \[.*?\]", "", case.replace(PAIR, "first: baseline, second: null"))
    (folder / "case.yaml").write_text(alone, encoding="utf-8")
