"""What a sub-model says of itself, so that whoever shows, saves or scores it need not know it."""

from dataclasses import dataclass
from typing import Literal

Step = Literal["month", "year"]
Kind = Literal["count", "stock", "event"]
Need = Literal["deaths", "flows", "displaced", "dyads_by_month", "coups", "aid_workers", "accord"]


@dataclass(frozen=True)
class SubModel:
    """What a sub-model is, and what it needs.

    Attributes
    ----------
    id : str
    unit : str
        What is counted.
    step : {"month", "year"}
    kind : {"count", "stock", "event"}
        What is counted anew in each step, what is there at its end, or what happens or does not.
    needs : tuple of str
        Any of `Need`: `deaths` are simulated; every other need is a table that `case.yaml` names under `record`, or its
        `accord`.
    """

    id: str
    unit: str
    step: Step
    kind: Kind
    needs: tuple[Need, ...]
