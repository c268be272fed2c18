"""The made-up case: whole, with documents, and of no real place. What holds for any case is tested on it.

`made_case/` is also what a small full case looks like: five units, one an island and one that begins late, a record of
sixteen years, two documents with their claims, four drivers, three scenarios, texts in both languages.
"""

import shutil
from pathlib import Path

from harmattan.case.opening import open_case
from harmattan.core.resources import using_project
from harmattan.loaded import load_case

CASE = Path(__file__).parent / "made_case"
DOCUMENTS = CASE / "documents"
AS_OF = "2020-06"
LAST = "2024-12"
HOME = {"country": "QMA", "outcome": "one_sided"}
UNITS = open_case(CASE).units
THRESHOLDS = open_case(CASE).thresholds
NAMES = load_case(CASE).names


def made_record(as_of=None):
    with using_project(CASE):
        return open_case().record(as_of=as_of)


def made_borders():
    return open_case(CASE).geography.neighbour_weights()


def copy_made_case(folder, without=()):
    """Copy the made-up case to `folder`, but for files and folders called as in `without`; return the folder."""
    return shutil.copytree(CASE, folder, ignore=shutil.ignore_patterns(*without))


def copy_with_codes(folder, codes):
    """Copy the made-up case to `folder` with other codes for its units in every file; return the folder."""
    copy_made_case(folder)
    for path in (path for path in folder.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        for unit, code in codes.items():
            text = text.replace(unit, code)
        path.write_text(text, encoding="utf-8")
    return folder
