"""A document that is to be read: its file, its lines as the register counts them, its sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...core.errors import InputError
from ...core.files import in_words, sha256_of

LARGEST = 5_000_000
"""Bytes; a thousand pages of text. A larger file is a data file or a book, which nobody reads draft by draft."""

_ENDS = re.compile(r"""[.!?]["”»’')\]]*\s+(?=["“«‘'(\[]?[A-ZÀ-Þ0-9•])|\s•\s+""")
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\b(?:Dr|Mr|Mrs|Ms|Prof|Gen|Col|St|No|Nos|vs|cf|ca|approx|Lt|Sen|Rep|Gov|e\.g|i\.e))\.$"
)
_FINISHED = re.compile(r"""[.!?:;]["”»’')\]]*$""")
_BULLET = re.compile(r"\s*(?:[•*–—-]|\d{1,2}[.)])\s")
_WRAPPED_AT = (50, 120)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a document.

    Attributes
    ----------
    lines : tuple of int
        Lines that it stands on, from 1.
    text : str
        Its words, single spaces.
    heading : str
        Heading that it stands under; empty where there is none.
    paragraph : int
        First line of its paragraph.
    """

    lines: tuple[int, ...]
    text: str
    heading: str = ""
    paragraph: int = 0


@dataclass(frozen=True)
class Document:
    """A text file by its lines.

    Attributes
    ----------
    file : str
        Name, as the register cites it.
    sha256 : str
        Of the file's bytes.
    lines : tuple of str
        As `harmattan validate --documents` counts them, whatever the line ends are.
    """

    file: str
    sha256: str
    lines: tuple[str, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in order."""
        return tuple(_sentences(self.lines))


def open_document(path: Path) -> Document:
    """Read a text file.

    Raises
    ------
    InputError
        If it is missing, a folder, empty, too large, or no UTF-8 text.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such file. Check the path.")
    if not path.is_file():
        raise InputError(f"{path} is no file; name one document, as plain text.")
    size = path.stat().st_size
    if size > LARGEST:
        raise InputError(
            f"{path} has {in_words(size)}, and {in_words(LARGEST)} are the most that is read as one document. Give the "
            "part that matters as a file of its own."
        )
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(f"{path}, line {line}: {_not_text(raw)}") from None
    if "\0" in text:
        raise InputError(f"{path}: {_not_text(raw)}")
    if not text.strip():
        raise InputError(f"{path} is empty: there is no sentence in it. Check that the right file was saved.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Document(path.name, sha256_of(path), tuple(lines))


def _not_text(raw: bytes) -> str:
    known = {b"%PDF": "a PDF", b"PK\x03\x04": "a Word file or another archive", b"\xd0\xcf\x11\xe0": "an old Word file"}
    kind = next((name for start, name in known.items() if raw.startswith(start)), "no text in UTF-8")
    return f"this is {kind}. Save the document as plain text in UTF-8, one paragraph or sentence a line, and read that."


def _sentences(lines: tuple[str, ...]) -> Iterator[Sentence]:
    heading, listing = "", False
    for numbers in _paragraphs(lines):
        text, starts = _joined(lines, numbers)
        if _is_heading(text):
            heading, listing = text, False
        elif _BULLET.match(text):
            listing = True
        elif listing:  # a list below a heading is over, and with it what the heading says
            heading, listing = "", False
        for start, end in _spans(text):
            on = [n for at, n in starts if at < end and at + len(lines[n - 1].strip()) > start]
            yield Sentence(tuple(on), " ".join(text[start:end].split()), heading, numbers[0])


def _joined(lines: tuple[str, ...], numbers: list[int]) -> tuple[str, list[tuple[int, int]]]:
    """Return the lines of a paragraph as one text, and where in it each begins."""
    text, starts = "", []
    for number in numbers:
        text += " " if text else ""
        starts.append((len(text), number))
        text += lines[number - 1].strip()
    return text, starts


def _paragraphs(lines: tuple[str, ...]) -> Iterator[list[int]]:
    """Yield the numbers of lines that belong together: one each, but for texts that were broken at a fixed width."""
    longest = max(len(line) for line in lines)
    wrapped = _WRAPPED_AT[0] <= longest <= _WRAPPED_AT[1]
    numbers: list[int] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            if numbers:
                yield numbers
            numbers = []
            continue
        if numbers and not _goes_on(lines[numbers[-1] - 1], line, longest if wrapped else None):
            yield numbers
            numbers = []
        numbers.append(number)
    if numbers:
        yield numbers


def _goes_on(line: str, following: str, longest: int | None) -> bool:
    """Return whether a sentence that did not end on a line goes on in the next."""
    if _BULLET.match(following) or _FINISHED.search(line.strip()):
        return False
    return following.strip()[0].islower() or (longest is not None and len(line) > longest * 0.7)


def _is_heading(text: str) -> bool:
    return len(text.split()) <= 10 and not _FINISHED.search(text) and text[:1].isupper()


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _ENDS.finditer(text):
        if _ABBREVIATED.search(text[max(0, match.start() - 8) : match.start() + 1]):
            continue
        if text[start : match.end()].strip():
            yield start, match.end()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)
