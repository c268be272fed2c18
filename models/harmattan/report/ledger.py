"""Claims beside what happened, and what that says of their sources: the result of `harmattan ledger`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..claims.documents_by_date import document_dates
from ..claims.register import Register, load_register
from ..core.language import phrase
from ..core.months import months_between
from ..core.progress import Steps
from ..core.telling import tells, told_with
from ..explain.scorecard import ledger_table, proposition_scores, scores
from ..run.document_words import dated, document_sentences
from ..run.provenance import inputs_of
from .folders import plain_rows, write_folder


@dataclass(frozen=True)
class Ledger:
    """Each claim beside what the record says of it, as of one month.

    Attributes
    ----------
    as_of : str
        Last month of the record used.
    exit_month : str
        Month 0 of the claims' windows.
    claims : DataFrame
        `explain.scorecard.ledger_table`.
    scores : DataFrame
        `explain.scorecard.scores`: by source, by group, and all.
    propositions : DataFrame
        `explain.scorecard.proposition_scores`.
    register : Register
    seed : int
    steps : Steps
    inputs : mapping of path to SHA-256
        Of every file that was read, as it was then.
    """

    as_of: str
    exit_month: str
    claims: pd.DataFrame
    scores: pd.DataFrame
    propositions: pd.DataFrame
    register: Register = field(repr=False)
    seed: int
    steps: Steps = field(repr=False)
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """Number of claims by verdict."""
        found = self.claims["verdict"].value_counts()
        return {name: int(found.get(name, 0)) for name in ("true", "false", "open", "not resolvable")}

    @property
    @tells(lambda self: self.register.case.words)
    def sentences(self) -> dict[str, str]:
        """What the ledger says, and how little it rests on."""
        counts, everything = self.counts, self.scores.iloc[-1]
        said = {
            "verdicts": (
                f"As of {self.as_of}, {counts['true']} of {len(self.claims)} claims are true, {counts['false']} false "
                f"and {counts['open']} open; {counts['not resolvable']} no series or dated event can settle."
            )
        }
        decided = self.register.case.own_schedule
        dates = document_dates(self.register, self.as_of, None)
        said["documents"] = " ".join([dated(dates), *document_sentences(dates, how=False)])
        if not everything["claims"]:
            return said | {"scores": "No settled claim states a probability, so no source can be scored yet."}
        return said | {
            "scores": self._scores_sentence(everything),
            "limits": phrase("ledger.limits", schedule=phrase("ledger.schedule") if decided else ""),
        }

    def _scores_sentence(self, row: pd.Series) -> str:
        rest = (
            f"The {int(row['claims'])} settled claims that state a probability amount to {int(row['propositions'])} "
            f"propositions, settled by {int(row['settled_by'])} different rules; their Brier score is "
            f"{row['brier']:.2f} after reliability and {row['brier_stated']:.2f} as the words are read, against "
            f"{row['brier_base']:.2f} for the base rates alone"
        )
        if pd.isna(row["brier_low"]):
            return f"{rest}; one proposition gives no interval."
        return (
            f"{rest}; 95 in 100 resamples of the propositions lie between {row['brier_low']:.2f} and "
            f"{row['brier_high']:.2f}, and leaving one out moves it between {row['brier_least']:.2f} and "
            f"{row['brier_most']:.2f}."
        )

    @property
    def figures(self) -> dict[str, Callable[..., Any]]:
        """Both figures by name, drawn when called with the options of `harmattan.plots`."""
        from .. import plots

        drawn: dict[str, Callable[..., Any]] = {
            "source_scorecard": lambda **options: plots.source_scorecard(
                self.scores[self.scores["level"] != "group"], as_of=self.as_of, **options
            ),
            "claim_timeline": lambda **options: plots.claim_timeline(
                self.claims,
                as_of=self.as_of,
                exit_month=self.exit_month,
                months_known=max(months_between(self.exit_month, self.as_of), 0),
                **options,
            ),
        }
        return {name: told_with(self.register.case.words, draw) for name, draw in drawn.items()}

    def figure(self, name: str, **options: Any) -> Any:
        """Return `source_scorecard` or `claim_timeline` as matplotlib Axes."""
        return self.figures[name](**options)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        return {"claims": self.claims, "scores": self.scores, "propositions": self.propositions}

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "as_of": self.as_of,
            "exit": self.exit_month,
            "counts": self.counts,
            "sentences": self.sentences,
            **{name: plain_rows(frame) for name, frame in self.tables.items()},
        }

    def save(self, out: str | Path) -> Path:
        """Write tables as CSV, figures as PNG and SVG, `ledger.md` and `run.json` to a folder, whole or not at all."""
        from ..run.provenance import record

        words = [f"# Claims beside what happened, as of {self.as_of}", *self.sentences.values()]
        return write_folder(
            Path(out),
            "ledger",
            tables=self.tables,
            figures=self.figures,
            words=("ledger.md", "\n\n".join(words)),
            record={
                "as_of": self.as_of,
                "exit": self.exit_month,
                "documents": document_dates(self.register, self.as_of, None).as_dict(),
            }
            | record(self.inputs, self.seed, self.steps),
        )

    def __repr__(self) -> str:
        said = ", ".join(f"{count} {name}" for name, count in self.counts.items())
        return f"Ledger(as of {self.as_of}: {said})"

    def _repr_html_(self) -> str:
        from html import escape

        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences.values())
        return said + self.scores.dropna(axis=1, how="all").round(3).to_html(index=False)


def make_ledger(
    as_of: str, exit_month: str, *, seed: int = 1, panel_file: Path | None = None, steps: Steps | None = None
) -> Ledger:
    """Return the ledger as of a month; nothing later is used.

    Parameters
    ----------
    as_of : str
        `YYYY-MM` or `latest`.
    exit_month : str
    seed : int
        Of the bootstrap over propositions.
    panel_file : Path, optional
        Another panel in place of the case's own.
    steps : Steps, optional

    Raises
    ------
    InputError
        If `as_of` is no month or the record does not reach it.
    """
    register = load_register().reading(panel_file)
    as_of = register.case.month(as_of, panel_file)
    steps = steps or Steps()
    with steps.step(f"hold the claims against the record to {as_of}"):
        panel = register.case.record(panel_file, as_of=as_of)
        inputs = inputs_of(register, panel_file)
        claims = ledger_table(register, panel, exit_month)
        reference = register.lexicons.reference.mean
        table, propositions = scores(claims, reference, seed), proposition_scores(claims, reference)
    return Ledger(as_of, exit_month, claims, table, propositions, register, seed, steps, inputs)
