"""When the documents behind a run were written, in sentences that stand beside every `as_of`."""

from collections.abc import Sequence

from ..claims.documents_by_date import DocumentDates
from ..core.language import listed, phrase
from ..plots.numbers import month_words
from ..schema.records import Source


def span_of_documents(dates: DocumentDates) -> str:
    """Return between which months the documents are dated: "documents from June 2023 to September 2023 or later"."""
    if dates.earliest is None or dates.latest is None:
        return phrase("documents.undated" if dates.or_later else "documents.none")
    key = "documents.span_later" if dates.or_later else "documents.span"
    return phrase(key, first=month_words(dates.earliest), last=month_words(dates.latest))


def dated(dates: DocumentDates) -> str:
    """Return of when the record and the documents are, in one sentence."""
    return phrase("documents.dated", month=month_words(dates.as_of), documents=span_of_documents(dates))


def document_sentences(dates: DocumentDates, *, how: bool = True) -> list[str]:
    """Return which documents were written after the last month of the record, may have been, or are left out.

    Parameters
    ----------
    dates : DocumentDates
    how : bool
        Whether to say how they are left out.
    """
    month = month_words(dates.as_of)
    said = [
        phrase(f"documents.{key}", month=month, names=_names(sources))
        for key, sources in (("after", dates.after), ("maybe_after", dates.maybe_after))
        if sources
    ]
    if said and how:
        said.append(phrase("documents.how", option=f"claims_as_of: {dates.as_of}"))
    if dates.left_out and dates.claims_as_of:
        names = _names(dates.left_out)
        said.append(phrase("documents.left_out", month=month_words(dates.claims_as_of), names=names))
    return said


def _names(sources: Sequence[Source]) -> str:
    return listed([source.id for source in sources])


def written_words(source: Source) -> str:
    """Return when one document was written, as far as is known: "written from July 2023 to September 2023"."""
    earliest, latest = (None if day is None else month_words(f"{day:%Y-%m}") for day in source.written)
    if earliest is None and latest is None:
        return phrase("documents.written_unknown")
    if earliest is None or latest is None:
        key, month = ("written_before", latest) if earliest is None else ("written_after", earliest)
        return phrase(f"documents.{key}", month=month)
    if earliest == latest:
        return phrase("documents.written_in", month=earliest)
    return phrase("documents.written_between", first=earliest, last=latest)
