"""An earlier run, as its `run.json` tells it, and its inputs as they were, so that it can be done again."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pydantic import ValidationError

from ..core.errors import InputError
from ..core.months import month_number
from ..core.resources import using_project
from ..schema.clock import Clock
from ..schema.scenario import Scenario
from ..schema.validation import suggestion
from .inputs_kept import INPUTS, belongs_to_program, kept_inputs

_RECORD = "run.json"
_NEEDED = ("outcome", "threshold", "months", "first_month", "last_month", "counts", "fit", "units")
_NUMBERS = ("chance", "chance_error", "expected", "expected_error")


class UntoldError(InputError):
    """An earlier run cannot be done again; the message says why."""


@dataclass(frozen=True)
class EarlierRun:
    """What an earlier run was asked, assumed, read and answered under one scenario.

    Attributes
    ----------
    path : Path
        Its `run.json`.
    assumptions : mapping
        The scenario as it was resolved.
    clock : Clock
    answer : mapping
        As `headline_of` returns it.
    draws, seed : int
    inputs : mapping of path to SHA-256
    panel : str
        Which of them is the record of deaths.
    harmattan : str
        Version of the program.
    """

    path: Path
    assumptions: Mapping[str, Any]
    clock: Clock
    answer: Mapping[str, Any] = field(repr=False)
    draws: int
    seed: int
    inputs: Mapping[str, str] = field(repr=False)
    panel: str
    harmattan: str

    @property
    def scenario(self) -> Scenario:
        """The scenario as it was.

        Raises
        ------
        UntoldError
            If this program does not understand it any more.
        """
        try:
            return Scenario.model_validate(self.assumptions)
        except ValidationError as error:
            raise UntoldError(f"its scenario is not one that this program reads ({error.errors()[0]['msg']})") from None

    @contextmanager
    def project(self) -> Iterator[Path]:
        """Yield a folder with its inputs as they were, which is the project in use inside the block.

        Raises
        ------
        UntoldError
            If one of them is nowhere to be had as it was.
        """
        found = kept_inputs(self.path.parent, self.inputs)
        missing = sorted(name for name in self.inputs if name not in found and not belongs_to_program(name))
        if missing:
            named = ", ".join(missing[:3]) + (" ..." if len(missing) > 3 else "")
            state = "does not hold them" if (self.path.parent / INPUTS).exists() else "is not there"
            raise UntoldError(
                f"files are no longer at hand as they were ({named}), and {INPUTS} beside {self.path.name} {state}"
            )
        with TemporaryDirectory(prefix="harmattan-earlier-") as name:
            folder = Path(name)
            for part in ("seeds", "scenarios"):
                (folder / part).mkdir()
            for shown, content in found.items():
                (folder / shown).parent.mkdir(parents=True, exist_ok=True)
                (folder / shown).write_bytes(content)
            with using_project(folder):
                yield folder


def read_earlier(path: str | Path, scenario: str) -> EarlierRun:
    """Read what an earlier run said under a scenario.

    Parameters
    ----------
    path : path
        Its `run.json`, or the folder that holds it.
    scenario : str
        Id.

    Raises
    ------
    InputError
        If there is no such file, it is no run's, or it tells nothing of this scenario.
    """
    file = Path(path)
    file = file / _RECORD if file.is_dir() else file
    told = _read(file)
    assumed, clocks, answers = _by_scenario(told, file)
    if scenario not in answers:
        raise InputError(
            f"--since {file}: that run did not ask about scenario {scenario!r}.{suggestion(scenario, answers)} "
            f"It holds: {', '.join(answers)}."
        )
    try:
        answer = _checked(answers[scenario])
        return EarlierRun(
            file.resolve(), dict(assumed[scenario]), Clock.model_validate(clocks[scenario]), answer,
            int(told["draws"]), int(told["seed"]), _texts(told["inputs_sha256"]), str(told["panel"]),
            str(told["versions"]["harmattan"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, InputError):
        raise _damaged(file) from None


def _read(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            f"--since {file}: there is no such file. Name the run.json in the folder of an earlier brief or "
            "explanation."
        ) from None
    except (OSError, ValueError):
        raise _damaged(file) from None
    if not isinstance(told, dict) or "inputs_sha256" not in told:
        raise _damaged(file)
    return told


def _by_scenario(told: dict[str, Any], file: Path) -> tuple[dict, dict, dict]:
    """Return assumptions, clocks and answers by scenario, as briefs and explanations keep them."""
    answers = told.get("answers")
    if not isinstance(answers, dict):
        raise InputError(
            f"--since {file}: that run kept no answers: it was written by an earlier version of the program, or is "
            "no brief or explanation. Only a run that kept them can be held against a later one."
        )
    if "scenarios" in told:
        return told["scenarios"], told.get("clocks", {}), answers
    return dict.fromkeys(answers, told.get("scenario")), dict.fromkeys(answers, told.get("clock")), answers


def _checked(answer: Any) -> dict[str, Any]:
    found = {name: answer[name] for name in _NEEDED}
    for name in ("first_month", "last_month"):
        month_number(found[name])
    found["units"] = {str(u): {name: float(row[name]) for name in _NUMBERS} for u, row in answer["units"].items()}
    return found | {"months": int(answer["months"]), "threshold": float(answer["threshold"])}


def _texts(inputs: Any) -> dict[str, str]:
    if not all(isinstance(one, str) for pair in inputs.items() for one in pair):
        raise ValueError
    return dict(inputs)


def _damaged(file: Path) -> InputError:
    return InputError(
        f"--since {file}: this cannot be read as the run.json of a run. Name the one in the folder of an earlier "
        "brief or explanation, as it was written."
    )
