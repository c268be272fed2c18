"""Claims beside what happened, and what that says of their sources: the result of `harmattan ledger`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from ..case.settling import settling_files
from ..claims.documents_by_date import document_dates
from ..claims.register import Register, load_register
from ..claims.verdicts import NO_RULE, WORTH
from ..core.language import decimal, listed, per_cent, phrase
from ..core.months import months_between
from ..core.progress import Steps
from ..core.resources import fingerprints
from ..core.telling import tells, told_with
from ..explain.scorecard import ledger_table, proposition_scores, scores
from ..explain.shares import ALL, COUNTED, REST, SCHEDULE, shares
from ..plots.numbers import month_words
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
    shares : DataFrame
        `explain.shares.shares`: how much came true, by source, document, kind and horizon, counted by facts.
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
    shares: pd.DataFrame
    register: Register = field(repr=False)
    seed: int
    steps: Steps = field(repr=False)
    inputs: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """Number of claims by verdict."""
        found = self.claims["verdict"].value_counts()
        return {name: int(found.get(name, 0)) for name in (*COUNTED, NO_RULE)}

    @property
    @tells(lambda self: self.register.case.words)
    def sentences(self) -> dict[str, str]:
        """What the ledger says, and how little it rests on, in the language in use."""
        counts, everything = self.counts, self.scores.iloc[-1]
        ahead = sum(counts[name] for name in COUNTED)
        said = {
            "verdicts": phrase(
                "ledger.verdicts",
                month=month_words(self.as_of),
                ahead=ahead,
                **{name.replace(" ", "_"): count for name, count in counts.items()},
            )
        }
        said |= {"reasons": self._reasons()} if counts["void"] else {}
        said |= {"facts": self._facts()} if counts["true"] + counts["partly"] + counts["false"] else {}
        said |= {"releases": self._releases()} if (self.claims["release"] != "").any() else {}
        said |= {"open": self._leans()} if (self.claims["so_far"] != "").any() else {}
        decided = self.register.case.own_schedule
        dates = document_dates(self.register, self.as_of, None)
        said["documents"] = " ".join([dated(dates), *document_sentences(dates, how=False)])
        if not everything["claims"]:
            return said | {"scores": phrase("ledger.unscored")}
        return said | {
            "scores": self._scores_sentence(everything),
            "limits": phrase("ledger.limits", schedule=phrase("ledger.schedule") if decided else ""),
        }

    def _reasons(self) -> str:
        found = self.claims["reason"].value_counts()
        parts = [
            phrase(f"ledger.reason_{name}", count=int(found[name]))
            for name in ("vague", "no_measure", "no_window")
            if name in found
        ]
        return phrase("ledger.reasons", parts=listed(parts))

    def _releases(self) -> str:
        """Return what the verdicts stand on, and that it is not what was known first."""
        found = self.claims["release"][self.claims["release"] != ""].value_counts()
        parts = [phrase("ledger.release_part", count=int(count), release=str(name)) for name, count in found.items()]
        return phrase("ledger.releases", parts=listed(parts))

    def _leans(self) -> str:
        """Return what open claims would be if their windows ended now, and why what is settled by now flatters."""
        everything = self.shares[self.shares["level"] == "all"].set_index("id").loc[ALL]
        leans = {name: int(everything[f"leans_{name}"]) for name in WORTH}
        return phrase("ledger.open", begun=sum(leans.values()), **leans)

    def _facts(self) -> str:
        """Return how much came true, counted by facts, beside what the same rules gave in the past."""
        rows = self.shares[self.shares["level"] == "all"].set_index("id")
        rest = rows.loc[REST if self.register.case.own_schedule else ALL]
        said = []
        if rest["facts"]:
            said.append(
                phrase(
                    "ledger.facts",
                    facts=int(rest["facts"]),
                    share=per_cent(float(rest["share"])),
                    low=per_cent(float(rest["low"])),
                    high=per_cent(float(rest["high"])),
                )
            )
        if rest["with_base"]:
            said.append(phrase("ledger.base", facts=int(rest["with_base"]), base=per_cent(float(rest["base"]))))
        if rows.loc[SCHEDULE, "facts"]:
            own = rows.loc[SCHEDULE]
            said.append(phrase("ledger.own", claims=int(own["claims"]), true=int(own["true"])))
        return " ".join(said)

    def _scores_sentence(self, row: pd.Series) -> str:
        values = {name: decimal(float(row[name]), 2) for name in ("brier", "brier_stated", "brier_base")}
        counted = {name: int(row[name]) for name in ("claims", "propositions", "settled_by")}
        said = phrase("ledger.scores", **values, **counted)
        if pd.isna(row["brier_low"]):
            return f"{said} {phrase('ledger.one_proposition')}"
        ends = {name: decimal(float(row[f"brier_{name}"]), 2) for name in ("low", "high", "least", "most")}
        return f"{said} {phrase('ledger.interval', **ends)}"

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
        return {
            "claims": self.claims,
            "shares": self.shares,
            "scores": self.scores,
            "propositions": self.propositions,
        }

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

        words = [f"# {phrase('ledger.title', month=month_words(self.as_of))}", *self.sentences.values()]
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
        return (
            said
            + self.shares.round(2).to_html(index=False)
            + self.scores.dropna(axis=1, how="all").round(3).to_html(index=False)
        )


def make_ledger(
    as_of: str,
    exit_month: str,
    *,
    seed: int = 1,
    panel_file: Path | None = None,
    without_exit: xr.DataArray | None = None,
    steps: Steps | None = None,
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
    without_exit : DataArray (draw, month, country, outcome), optional
        Deaths in futures without the exit, as a yardstick that is shown beside the rules' own.
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
        inputs = inputs_of(register, panel_file) | fingerprints(settling_files(register.case))
        claims = ledger_table(register, panel, exit_month, without_exit)
        reference = register.lexicons.reference.mean
        table, propositions = scores(claims, reference, seed), proposition_scores(claims, reference)
        sorts = {name: source.kind for name, source in register.sources.items()}
        parts = shares(claims, register.case.own_schedule, sorts)
    return Ledger(as_of, exit_month, claims, table, propositions, parts, register, seed, steps, inputs)
