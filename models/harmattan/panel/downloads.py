"""A downloaded table as rows of text: unpacked where it is packed, and named where it is damaged or something else."""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..core.errors import InputError

LONGEST_CELL = 10_000_000
"""Characters; UCDP lists an event's sources in one cell."""
_SNIFFED = 4096
_PIECE = 1 << 20
_Stream = IO[bytes] | gzip.GzipFile
_AGAIN = "Download it again from UCDP"
_LOOKS = {
    b"\xff\xfe": "text in UTF-16, as spreadsheets save it", b"\xfe\xff": "text in UTF-16, as spreadsheets save it",
    b"%PDF": "a PDF", b"\xd0\xcf\x11\xe0": "an old Excel workbook", b"PAR1": "a Parquet file",
    b"7z\xbc\xaf": "a 7z archive", b"Rar!": "a RAR archive", b"BZh": "a bzip2 archive", b"\xfd7zXZ": "an xz archive",
}  # fmt: skip
"""What a file is that begins with these bytes, none of them a CSV file."""


def read_rows(file: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield every row of a CSV file, or of one that is packed in a .gz or .zip, with the line on which it ends.

    Parameters
    ----------
    file : Path
    name : str
        What messages call it.

    Raises
    ------
    InputError
        If the file is missing, incomplete, packed in another way, or not comma-separated text in UTF-8.
    """
    csv.field_size_limit(LONGEST_CELL)
    line = 0
    with _unpacked(file, name) as stream:
        try:
            reader = csv.reader(io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""))
            for row in reader:
                line = reader.line_num
                if row:
                    yield line, row
        except UnicodeDecodeError:
            raise InputError(
                f"{name} is not a CSV file in UTF-8: line {_undecodable_line(file, name)} was probably saved again in "
                f"another encoding (Latin-1, Windows-1252). {_AGAIN}, or save it as CSV in UTF-8."
            ) from None
        except csv.Error as error:
            raise InputError(
                f"{name}, after line {line}: not comma-separated text ({error}). Perhaps a quotation mark is not "
                f"closed because the file is cut short. {_AGAIN}."
            ) from None


def _undecodable_line(file: Path, name: str) -> int:
    """Return the first line that is not UTF-8; the reader works in pieces and does not know it."""
    number = 0
    with _unpacked(file, name) as stream:
        for number, line in enumerate(stream, start=1):  # noqa: B007
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                break
    return number


@contextmanager
def _unpacked(file: Path, name: str) -> Iterator[IO[bytes]]:
    """Open a file as bytes of text, whatever it is packed in; judge it by what it holds, not by its name."""
    try:
        with file.open("rb") as raw:
            start = raw.read(_SNIFFED)
            raw.seek(0)
            if start.startswith(b"PK"):
                with _only_member(raw, name) as member:
                    yield _checked(member, name)
            elif start.startswith(b"\x1f\x8b"):
                with gzip.open(raw) as unpacked:
                    yield _checked(unpacked, name)
            else:
                _refuse_other(start, name, file.suffix.lower())
                yield raw
    except IsADirectoryError:
        raise InputError(f"{name} is a folder. Name the file in it.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        raise InputError(
            f"{name} is incomplete or damaged: it cannot be unpacked to its end ({error}). {_AGAIN}; the copy is "
            "probably cut short."
        ) from None
    except RuntimeError as error:
        raise InputError(f"{name} cannot be unpacked ({error}). Unpack it yourself and give the CSV in it.") from None
    except OSError as error:
        raise InputError(f"Cannot read {name}: {error.strerror or error}. Check the path.") from None


def _only_member(raw: IO[bytes], name: str) -> IO[bytes]:
    archive = zipfile.ZipFile(raw)
    members = [item for item in archive.namelist() if not item.endswith("/") and not item.startswith("__MACOSX/")]
    if "xl/workbook.xml" in members:
        raise InputError(f"{name} is an Excel workbook. Save it as CSV in UTF-8, or take UCDP's CSV file.")
    if len(members) != 1:
        held = ", ".join(members[:3]) + (" and more" if len(members) > 3 else "") or "nothing"
        raise InputError(
            f"{name} is an archive that holds {len(members)} files ({held}), where UCDP packs one CSV. Unpack it and "
            "give the CSV that is meant."
        )
    return archive.open(members[0])


def _checked(stream: _Stream, name: str) -> IO[bytes]:
    """Return the unpacked text, after a look at how it begins and whether it can be unpacked to its end."""
    start = stream.read(_SNIFFED)
    while stream.read(_PIECE):
        pass
    _refuse_other(start, name)
    stream.seek(0)
    return io.BufferedReader(stream, _PIECE)  # type: ignore[type-var]


def _refuse_other(start: bytes, name: str, suffix: str = "") -> None:
    """Refuse what begins like no CSV file, and say what it is instead."""
    if not start.strip():
        raise InputError(f"{name} is empty: it holds no observations. {_AGAIN}.")
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] == b"<":
        raise InputError(
            f"{name} is a web page or XML and no CSV file, so the download brought an error or log-in page. {_AGAIN}."
        )
    if text.startswith((b"{", b"[")):
        raise InputError(f"{name} is JSON, not a CSV file. Take the CSV of the same release from UCDP.")
    looks = next((what for mark, what in _LOOKS.items() if start.startswith(mark)), None)
    if looks is None and b"\0" in start:
        looks = "binary data or text in UTF-16"
    if looks is not None:
        raise InputError(f"{name} is {looks}, not a CSV file in UTF-8. {_AGAIN}, or save it as CSV in UTF-8.")
    if suffix in (".zip", ".gz"):
        raise InputError(f"{name} is named like an archive and is none: it holds plain text. {_AGAIN}, or rename it.")
