"""Files of UCDP as they are: numbers, spellings, packed and damaged ones, each read rightly or named."""

import gzip
import io
import itertools
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from shipped import load_panel
from ucdp_files import base_panel, write_candidate, write_ged

import harmattan as hm
from harmattan.core.errors import InputError
from harmattan.panel.release_number import number_in_name, release_number

JANUARY = "GEDEvent_v25_0_1.csv"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """The bytes of a candidate file of January 2025, as UCDP publishes it."""
    return write_candidate(tmp_path_factory.mktemp("ucdp"), JANUARY, ["2025-01"]).read_bytes()


@pytest.fixture(scope="module")
def table(published):
    return pd.read_csv(io.BytesIO(published), dtype="str", keep_default_na=False)


def taken(file, **options):
    return hm.import_data(file, out=file.parent / "panel.csv", **({"kind": "ged-candidate"} | options))


def refused(file, message, **options):
    with pytest.raises(InputError, match=message) as error:
        taken(file, **options)
    assert str(error.value).startswith(("Cannot read", file.name, "the panel")) and "\n" not in str(error.value)
    assert not (file.parent / "panel.csv").exists() and not (file.parent / "panel.csv.json").exists()


def written(folder, content, name=JANUARY):
    file = Path(folder) / name
    if isinstance(content, pd.DataFrame):
        content.to_csv(file, index=False)
    else:
        file.write_bytes(content)
    return file


def with_cell(table, column, value, row=100):
    changed = table.copy()
    changed.loc[row - 2, column] = value
    return changed


@pytest.mark.parametrize(
    ("name", "label", "first", "last", "final"),
    [
        ("GEDEvent_v25_0_1.csv", "25.0.1", "2025-01", "2025-01", False),
        ("GEDEvent_v25_0_12.csv", "25.0.12", "2025-12", "2025-12", False),
        ("GEDEvent_v25_0_2 (1).csv", "25.0.2", "2025-02", "2025-02", False),
        ("GEDEvent_v25_01_25_03.csv", "25.01.25.03", "2025-01", "2025-03", False),
        ("GEDEvent_v26_01_26_06.csv.gz", "26.01.26.06", "2026-01", "2026-06", False),
        ("GEDEvent_v25_01_25_12.csv", "25.01.25.12", "2025-01", "2025-12", False),
        ("GEDEvent_v25_1.csv", "25.1", "1989-01", "2024-12", True),
        ("ged251.csv", "25.1", "1989-01", "2024-12", True),
        ("ged261-csv.zip", "26.1", "1989-01", "2025-12", True),
        ("country_month_26.1.csv", "26.1", "1989-01", "2025-12", True),
    ],
)
def test_a_name_of_ucdp_tells_the_months_that_a_file_covers(name, label, first, last, final):
    number = number_in_name(Path(name))
    assert (number.label, number.first, number.last, number.final) == (label, first, last, final)


@pytest.mark.parametrize("name", ["events.csv", "export_2025_01_28.csv", "GEDEvent_v25_0_13.csv", "mali_20_25.csv"])
def test_other_names_tell_nothing(name):
    assert number_in_name(Path(name)) is None


def test_releases_are_ordered_as_they_are_published():
    order = ["25.0.1", "25.0.2", "25.0.3", "25.01.25.03", "25.0.4", "25.01.25.06", "25.01.25.12", "25.1", "26.1"]
    numbers = [release_number(text) for text in order]
    assert all(a.older_than(b) and not b.older_than(a) for a, b in itertools.pairwise(numbers))
    assert not numbers[0].older_than(release_number("v25_0_1"))


def test_a_file_is_read_as_published(published, tmp_path):
    done = taken(written(tmp_path, published))
    assert (done.added, done.warnings, done.set_aside.events) == (1, (), 0)
    january, model = load_panel(done.panel).sel(month="2025-01"), load_panel().sel(month="2024-11")
    assert (january.values == model.values).all()


def test_a_header_in_another_order_or_in_capitals_is_read_by_its_names(table, tmp_path):
    turned = table[table.columns[::-1]].rename(columns=str.upper)
    assert taken(written(tmp_path, turned)).warnings == ()


def test_a_file_that_ucdp_published_without_its_header_is_read_and_said(table, tmp_path):
    file = tmp_path / JANUARY
    table.to_csv(file, index=False, header=False)
    assert "has no header, so its 49 columns" in taken(file).warnings[0]


@pytest.mark.parametrize("spelt", [" 432", "432.0", "+432", "4.32e2", "432 ", "\u00a0432"])
def test_a_number_is_read_however_it_is_spelt(table, tmp_path, spelt):
    """Case 04: rows of Mali are never left out."""
    mali = table.assign(country_id=table["country_id"].where(table["country"] != "Mali", spelt))
    counts = load_panel(taken(written(tmp_path, mali)).panel).sel(month="2025-01", country="MLI")
    assert counts.values.tolist() == load_panel().sel(month="2024-11", country="MLI").values.tolist()


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("best", "-1", "not a whole number, 0 or more"), ("best", "many", "not a whole number"),
        ("best", "1,234", "not a whole number, 0 or more, in plain digits"), ("best", "2.5", "not a whole number"),
        ("low", "", "not a whole number"), ("high", "inf", "not a whole number"),
        ("id", "nan", "not a whole number"), ("id", "100000", "stands there twice"),
        ("id", "100000.0", "stands there twice"),
        ("country_id", "ML", "not a whole number"), ("country_id", "432.5", "not a whole number"),
        ("country_id", "4\u200b32", "not a whole number"), ("country_id", "", "not a whole number"),
        ("date_start", "15.01.2025", "not a date YYYY-MM-DD"), ("date_start", "2025-01-32", "not a date"),
        ("date_start", "2025-02-30 00:00:00.000", "not a date"), ("date_end", "", "not a date"),
        ("date_start", "2025-01-155", "not a date"), ("date_end", "2025-01-02", "lies after date_end"),
        ("type_of_violence", "4", "is not 1, 2 or 3"), ("type_of_violence", "0", "is not 1, 2 or 3"),
        ("type_of_violence", "one", "not a whole number"), ("year", "MMXXV", "not a whole number"),
    ],
)  # fmt: skip
def test_an_event_that_cannot_be_is_refused_by_id_and_row(table, tmp_path, column, value, message):
    named = "date_start" if message == "lies after date_end" else column
    refused(written(tmp_path, with_cell(table, column, value)), rf"\(row 100\), column {named}: .*{message}")


def test_further_rows_with_the_same_fault_are_counted(table, tmp_path):
    bad = with_cell(with_cell(table, "best", "-1"), "best", "-2", row=120)
    refused(written(tmp_path, bad), r"row 100\), column best: '-1' .* \(1 more rows like it\)")


@pytest.mark.parametrize(("column", "value"), [("year", "2024"), ("best", "9999")])
def test_a_contradiction_in_few_rows_is_said_and_in_many_refused(table, tmp_path, column, value):
    whole = pd.concat([table] + [table.assign(id=[f"{n}{id}" for id in table["id"]]) for n in range(1, 4)])
    once = with_cell(whole.reset_index(drop=True), column, value)
    (said,) = [text for text in taken(written(tmp_path, once)).warnings if text.startswith(column)]
    assert "in 1 row (first: event " in said and "row 100" in said
    (tmp_path / "panel.csv").unlink()
    (tmp_path / "panel.csv.json").unlink()
    refused(written(tmp_path, table.assign(**{column: value})), rf"row 2\), column {column}: .* more rows like it")


def test_a_country_whose_name_and_number_disagree_is_pointed_out(table, tmp_path):
    row = table.index[table["country"] == "Mali"][0]
    misnamed = with_cell(table, "country", "Niger", row=row + 2)
    (said,) = taken(written(tmp_path, misnamed)).warnings
    assert f"first in row {row + 2}: 432 is Mali, the row says 'Niger'" in said
    misnumbered = with_cell(table, "country_id", "999", row=row + 2)
    (tmp_path / "panel.csv").unlink()
    (tmp_path / "panel.csv.json").unlink()
    refused(
        written(tmp_path, misnumbered), rf"row {row + 2}\), column country_id: '999' is not the number of Mali, .* 432"
    )


def packed(published, how):
    if how == "gz":
        return gzip.compress(published)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(JANUARY, published)
        if how == "two":
            archive.writestr("readme.txt", "x")
        if how == "mac":
            archive.writestr("__MACOSX/._" + JANUARY, "x")
        if how == "excel":
            archive.writestr("xl/workbook.xml", "x")
    return held.getvalue()


def spoilt(archive):
    return archive[:200] + b"x" * 50 + archive[250:]


@pytest.mark.parametrize(
    ("how", "suffix"), [("gz", ".gz"), ("one", ".zip"), ("mac", ".zip"), ("one", ""), ("gz", ".zip")]
)
def test_a_packed_file_is_read_whatever_its_name(published, tmp_path, how, suffix):
    assert taken(written(tmp_path, packed(published, how), JANUARY + suffix)).added == 1


def test_the_yearly_archive_is_taken_as_published(tmp_path):
    ged = write_ged(tmp_path)
    file = tmp_path / "ged261-csv.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(ged, ged.name)
    assert taken(file, kind="ged").added == 12


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (lambda p: packed(p, "gz")[: len(p) // 40], JANUARY + ".gz", "incomplete or damaged"),
        (lambda p: packed(p, "one")[:-200], JANUARY + ".zip", "incomplete or damaged"),
        (lambda p: spoilt(packed(p, "one")), JANUARY + ".zip", "incomplete or damaged"),
        (lambda p: packed(p, "two"), JANUARY + ".zip", r"2 files \(GEDEvent_v25_0_1.csv, readme.txt\)"),
        (lambda p: packed(p, "excel"), JANUARY, "is an Excel workbook"),
        (lambda p: b"PK\x05\x06" + bytes(18), JANUARY + ".zip", r"holds 0 files \(nothing\)"),
        (lambda p: b"<html>404</html>", JANUARY + ".zip", "web page"),
        (lambda p: b"\r\n<!DOCTYPE html><title>Log in</title>", JANUARY, "web page"),
        (lambda p: gzip.compress(b"<html></html>"), JANUARY + ".gz", "web page"),
        (lambda p: p, JANUARY + ".zip", "named like an archive and is none"),
        (lambda p: b'{"Result": []}', JANUARY, "is JSON"),
        (lambda p: b"", JANUARY, "is empty"), (lambda p: b"\n\n", JANUARY, "is empty"),
        (lambda p: p.decode("utf-8-sig").encode("utf-16"), JANUARY, "UTF-16"),
        (lambda p: p.decode("utf-8-sig").encode("utf-16-le"), JANUARY, "UTF-16"),
        (lambda p: p.decode("utf-8-sig").encode("latin-1"), JANUARY, "not a CSV file in UTF-8: line 3 .*Latin-1"),
        (lambda p: p.decode("utf-8-sig").replace(",", ";").encode(), JANUARY, "separated by ';'"),
        (lambda p: p.decode("utf-8-sig").replace(",", "\t").encode(), JANUARY, "separated by tabs"),
        (lambda p: p.rsplit(b",", 5)[0], JANUARY, "cut short"),
        (lambda p: p[: p.rindex(b"Reuters")], JANUARY, "cut short"),
    ],
)  # fmt: skip
def test_a_damaged_or_wrong_file_is_named(published, tmp_path, content, name, message):
    """Case 11 and its kind: one sentence, nothing written."""
    refused(written(tmp_path, content(published), name), message)


def test_a_comma_that_lost_its_quotation_marks_is_named_by_its_row(table, tmp_path):
    file = written(tmp_path, table)
    lines = file.read_text().replace('\n""Reuters', " Reuters").splitlines()
    assert len(lines) == len(table) + 1
    lines[99] = lines[99].replace(",", ",,", 1)
    file.write_text("\n".join(lines))
    refused(file, "row 100: 50 cells where the header has 49. A value with a comma")


def test_a_column_that_stands_there_twice_is_refused(table, tmp_path):
    file = written(tmp_path, table.rename(columns={"deaths_a": "Best"}))
    refused(file, "the column best stands there twice")


def test_a_file_of_another_kind_is_named(published, tmp_path):
    base_panel().to_csv(tmp_path / "country_month_26.1.csv", index=False)
    refused(tmp_path / "country_month_26.1.csv", "--kind country-month", kind="ged")
    refused(written(tmp_path, published), "--kind ged", kind="country-month")
    refused(tmp_path, "is a folder", release="25.0.1")
