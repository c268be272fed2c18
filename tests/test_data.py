"""The frozen data: what is there is what was published, and every file is accounted for."""

import csv
import re

import pytest

from harmattan.core.files import sha256_of
from harmattan.core.resources import seeds_folder

DATA = seeds_folder() / "data"
LISTED = dict(reversed(line.split("  ", 1)) for line in (DATA / "SHA256SUMS").read_text().splitlines())
TABLES = sorted(path for path in DATA.rglob("*.csv"))


def test_every_file_has_a_checksum_and_every_checksum_a_file():
    present = {path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file()}
    assert present - {"SHA256SUMS"} == set(LISTED)


@pytest.mark.parametrize("name", sorted(LISTED))
def test_files_are_as_frozen(name):
    assert sha256_of(DATA / name) == LISTED[name]


def test_the_readme_speaks_of_every_file():
    text = (DATA / "README.md").read_text(encoding="utf-8")
    assert [name for name in LISTED if name != "README.md" and name.rsplit("/", 1)[-1] not in text] == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_tables_are_rectangular(path):
    with path.open(encoding="utf-8", newline="") as handle:
        widths = {len(row) for row in csv.reader(handle)}
    assert len(widths) == 1


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_nothing_was_observed_after_2024(path):
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            for column in ("month", "year", "date"):
                year = re.match(r"\d{4}", row.get(column) or "")
                assert year is None or int(year[0]) <= 2024, f"{path.name}: {row[column]}"
