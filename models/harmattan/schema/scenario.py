"""Scenarios: what is assumed. A scenario extends another and states only the differences."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from ..core.errors import InputError
from ..core.months import months_between
from ..core.names import HORIZONS
from ..core.resources import display_path, scenarios_folder
from .driver import Driver, read_drivers
from .validation import Problems, suggestion, validate
from .vocabulary import HorizonName, Identifier, Lines, Month, Record, Text
from .yaml_source import YamlDocument, read_yaml

State = Literal["from-claims", "happens", "absent"]
_NOT_SCENARIOS = ("drivers",)


def _usual_horizons() -> dict[HorizonName, tuple[int, int]]:
    return {"short": HORIZONS["short"], "mid": HORIZONS["mid"], "long": HORIZONS["long"]}


class DriverSetting(Record):
    """What a scenario says of one driver; what is left out follows the default state and the driver's own timing."""

    state: State | None = None
    branch: Identifier | None = None
    onset_month: Annotated[int, Field(ge=0, le=120)] | None = None
    ramp_months: Annotated[int, Field(ge=0, le=120)] | None = None
    half_life_months: Annotated[float, Field(gt=0)] | None = None
    strength: Annotated[float, Field(ge=0, le=10)] = 1.0


class DriverSettings(Record):
    """The state of every driver that is not set one by one, and those that are.

    `learn` says whether drivers are learnt from months after the exit when `as_of` lies after it. Without it such
    months are part of the record like any other, and no driver can be told from the record.
    """

    default: State = "absent"
    learn: bool = True
    set: dict[Identifier, DriverSetting] = Field(default_factory=dict)


class SourceLines(Record):
    """Lines of a document that the scenario takes its condition from."""

    file: Text
    lines: Lines


class Scenario(Record):
    """A scenario as resolved: everything it extends is merged in."""

    id: Identifier
    title: Text
    extends: Identifier | None = None
    condition: Text
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    source_lines: tuple[SourceLines, ...] = ()
    as_of: Month = "2023-06"
    exit: Month = "2023-06"
    months: Annotated[int, Field(ge=1, le=240)] = 60
    horizons: dict[HorizonName, tuple[int, int]] = Field(default_factory=_usual_horizons)
    drivers: DriverSettings = DriverSettings()

    @field_validator("horizons")
    @classmethod
    def _ordered(cls, horizons: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        for name, (first, last) in horizons.items():
            if not 1 <= first <= last:
                raise ValueError(f"horizon {name} must be [first, last] with 1 <= first <= last, in months after exit.")
        if not horizons:
            raise ValueError("at least one horizon is needed.")
        return horizons

    @model_validator(mode="after")
    def _long_enough(self) -> "Scenario":
        end_after_exit = months_between(self.exit, self.as_of) + self.months
        if end_after_exit < 1:
            raise ValueError("the forecast ends before the exit; raise months or move as_of.")
        return self

    def setting(self, driver_id: str) -> DriverSetting:
        """Return the setting of a driver with its state filled in."""
        setting = self.drivers.set.get(driver_id, DriverSetting())
        return setting.model_copy(update={"state": setting.state or self.drivers.default})


def scenario_names(folder: Path | None = None) -> list[str]:
    """Return the ids of the scenarios in a folder (the project's own by default)."""
    folder = folder or scenarios_folder()
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in _NOT_SCENARIOS)


def load_scenario(name_or_path: str | Path, *, drivers: dict[str, Driver] | None = None) -> Scenario:
    """Return a scenario with everything it extends merged in, the child winning.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a scenario in the project's `scenarios/`, or a YAML file. A file's `extends` is looked for beside it
        first, then in the project.
    drivers : dict of str to Driver, optional
        Drivers to check the settings against; those of the project by default.

    Raises
    ------
    InputError
        If a file is missing or wrong, extends itself in a circle, or sets a driver or branch that does not exist.
    """
    chain = _chain(name_or_path)
    merged: dict[str, Any] = {}
    scenario: Scenario | None = None
    for document in reversed(chain):
        merged = {**_deep_merge(merged, document.data), "extends": document.data.get("extends")}
        scenario = validate(Scenario, document, merged)
        if scenario.id != document.path.stem:
            problems = Problems()
            problems.add(document, ("id",), f"the id {scenario.id!r} must be the file's name, {document.path.stem!r}.")
            problems.raise_if_any()
        _check_drivers(scenario, document, read_drivers() if drivers is None else drivers)
    assert scenario is not None
    return scenario


def scenario_sources(name_or_path: str | Path) -> tuple[Path, ...]:
    """Return the files a scenario is made of, itself first and what it extends after it, for their SHA-256."""
    return tuple(document.path for document in _chain(name_or_path))


def _find(name_or_path: str | Path, beside: Path | None = None) -> Path:
    text = str(name_or_path)
    if text.endswith((".yaml", ".yml")) or "/" in text:
        path = Path(text)
        if not path.is_file():
            raise InputError(f"{text}: there is no such scenario file. Known scenarios: {', '.join(scenario_names())}.")
        return path.resolve()
    folders = [scenarios_folder()] if beside is None else [beside, scenarios_folder()]
    for folder in folders:
        path = folder / f"{text}.yaml"
        if path.is_file() and text not in _NOT_SCENARIOS:
            return path
    known = scenario_names()
    raise InputError(
        f"There is no scenario {text!r}.{suggestion(text, known)} Known scenarios: {', '.join(known)}; "
        "or give the path of a YAML file."
    )


def _chain(name_or_path: str | Path) -> list[YamlDocument]:
    path = _find(name_or_path)
    chain: list[YamlDocument] = []
    seen: list[Path] = []
    while True:
        document = read_yaml(path)
        if not isinstance(document.data, dict):
            raise InputError(
                f"{document.name}: a scenario is a mapping of keys to values; see scenarios/baseline.yaml."
            )
        chain.append(document)
        seen.append(path.resolve())
        parent = document.data.get("extends")
        if parent is None:
            return chain
        try:
            path = _find(str(parent), beside=path.parent)
        except InputError as error:
            line = document.line_of(("extends",))
            raise InputError(f"{document.name}: extends (line {line}): {error}") from None
        if path.resolve() in seen:
            circle = " -> ".join(display_path(p) for p in (*seen, path))
            raise InputError(
                f"{document.name}: extends (line {document.line_of(('extends',))}): scenarios extend one "
                f"another in a circle ({circle}). Let one of them extend nothing."
            )


def _deep_merge(parent: dict[str, Any], child: dict[str, Any]) -> dict[str, Any]:
    merged = dict(parent)
    for key, value in child.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _deep_merge(merged[key], value) if both else value
    return merged


def _check_drivers(scenario: Scenario, document: YamlDocument, drivers: dict[str, Driver]) -> None:
    problems = Problems()
    for driver_id, setting in scenario.drivers.set.items():
        path = ("drivers", "set", driver_id)
        if driver_id not in drivers:
            problems.add_unknown(document, path, "driver", driver_id, drivers)
            continue
        branches = drivers[driver_id].branch_ids
        if setting.branch is not None and setting.branch not in branches:
            problems.add_unknown(document, (*path, "branch"), f"branch of {driver_id}", setting.branch, branches)
        elif setting.branch is not None and scenario.setting(driver_id).state != "happens":
            problems.add(document, (*path, "branch"), "a branch can only be set together with `state: happens`.")
        elif scenario.setting(driver_id).state == "happens" and setting.branch is None and len(branches) > 1:
            problems.add(
                document,
                path,
                f"{driver_id} can happen in more than one way: set branch to one of {', '.join(branches)}.",
            )
    problems.raise_if_any()
