"""What an explanation is: one question about one run, answered by tables that carry figures and sentences."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..core.language import phrase, translate
from ..core.progress import Steps
from ..core.telling import telling, tells, told_with
from ..explain.discovery import Discovery
from ..explain.question import Question
from ..run.results import Forecast
from .folders import plain_rows, write_folder

TABLES = (
    *("tornado_deaths", "tornado_chance", "sensitivity", "without_drivers", "without_claims", "without_sources"),
    *("knowing", "boxes", "box_bounds", "without_evidence", "whole_scaling", "power_scaling"),
)
SOMETIMES = ("without_evidence", "whole_scaling", "power_scaling")
"""Tables that are there only where they hold something."""


@dataclass(frozen=True)
class Explanation:
    """Which assumption carries an answer.

    Attributes
    ----------
    run : Forecast
        The run that is explained.
    question : Question
    mean, probability, probability_error : float
        Expected total (deaths), P(total > threshold) and its Monte Carlo standard error.
    cost_ratio : float
        Of the decision whose value of knowing is told: cost of preparing over loss of being caught unprepared.
    swings_deaths, swings_chance : DataFrame
        `explain.tornado`.
    sensitivity : DataFrame
        `explain.sensitivity`.
    left_out : DataFrame
        `explain.leave_out`.
    knowing : DataFrame
        `explain.knowing`.
    discovery : Discovery
    power_scaling : DataFrame
        `explain.power_scaling`; empty where drivers were not learnt from months after the exit.
    whole_scaling : DataFrame
        How far the answer leans on documents, exits elsewhere and the record; empty as above.
    steps : Steps
        Wall times.
    """

    run: Forecast
    question: Question
    mean: float
    probability: float
    probability_error: float
    cost_ratio: float
    swings_deaths: pd.DataFrame
    swings_chance: pd.DataFrame
    sensitivity: pd.DataFrame
    left_out: pd.DataFrame
    knowing: pd.DataFrame
    discovery: Discovery
    power_scaling: pd.DataFrame
    whole_scaling: pd.DataFrame
    steps: Steps = field(repr=False)

    def without(self, kind: str) -> pd.DataFrame:
        """Return what the answer would be without each `kind`, largest change first.

        Parameters
        ----------
        kind : {"driver", "claim", "source", "evidence"}
            Evidence is the class of exits elsewhere, where the case is of it.
        """
        return self.left_out[self.left_out["kind"] == kind].reset_index(drop=True)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        frames = (
            *(self.swings_deaths, self.swings_chance, self.sensitivity),
            *(self.without(kind) for kind in ("driver", "claim", "source")),
            *(self.knowing, self.discovery.boxes, self.discovery.bounds),
            *(self.without("evidence"), self.whole_scaling, self.power_scaling),
        )
        return {name: frame for name, frame in zip(TABLES, frames, strict=True) if len(frame) or name not in SOMETIMES}

    @property
    def sentences(self) -> dict[str, str]:
        """One sentence with its numbers for each way of explaining."""
        from .explanation_words import sentences

        with telling(self.run.words):
            return sentences(self)

    @property
    @tells(lambda self: self.run.words)
    def _chance(self) -> str:
        from .explanation_figures import question_words

        return question_words(self.question)[1]

    def figure(self, name: str, **options: Any) -> Any:
        """Return one of `figures` as matplotlib Axes; options as in `harmattan.plots` (`size`, `ax`)."""
        return self.figures[name](**options)

    @property
    def figures(self) -> dict[str, Callable[..., Any]]:
        """Every figure by name, drawn when it is called."""
        from .explanation_figures import figures

        words = self.run.words
        with telling(words):
            return {name: told_with(words, draw) for name, draw in figures(self).items()}

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "scenario": self.run.scenario.id,
            "as_of": self.run.clock.as_of,
            "draws": self.run.deaths.sizes["draw"],
            "seed": self.run.seed,
            "provisional_months": list(self.run.provisional_months),
            "inputs_sha256": self.run.inputs,
            "question": self.question.as_dict(),
            "mean": self.mean,
            "probability": self.probability,
            "probability_error": self.probability_error,
            "cost_ratio": self.cost_ratio,
            "worst_from": self.discovery.worst_from,
            "pressure": self.discovery.pressure,
            "sentences": self.sentences,
            "tables": {name: plain_rows(frame) for name, frame in self.tables.items()},
        }

    @tells(lambda self: self.run.words)
    def save(self, out: str | Path) -> Path:
        """Write tables as CSV, figures as PNG and SVG, `explanation.md` and `run.json` to a folder, as a whole."""
        from ..run.provenance import record_of_run

        title = phrase("explained.title", scenario=translate(self.run.scenario.title), chance=self._chance)
        words = [f"# {title}", *self.sentences.values()]
        return write_folder(
            Path(out),
            "explanation",
            tables=self.tables,
            figures=self.figures,
            words=("explanation.md", "\n\n".join(words)),
            record={"question": self.question.as_dict(), "cost_ratio": self.cost_ratio}
            | record_of_run(self.run, self.steps),
        )

    def __repr__(self) -> str:
        return f"Explanation({self.run.scenario.id}, P({self._chance}) = {self.probability:.3f})"

    def _repr_html_(self) -> str:
        from html import escape

        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences.values())
        shown = self.without("claim").head(10)[["id", "label", "probability_change", "probability_error"]]
        return f"<p>{escape(repr(self))}</p>{said}" + shown.to_html(index=False, float_format="{:+.4f}".format)
