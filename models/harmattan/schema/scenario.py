"""Scenarios: what is assumed. A scenario extends another and states only the differences."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from ..core.errors import InputError
from ..core.months import months_between
from ..core.names import HORIZONS
from ..core.resources import display_path, fingerprints, scenarios_folder
from .driver import Driver, OnsetMonth, read_drivers
from .merging import Merged, as_merged, overlay, settings_from_do
from .validation import Problems, suggestion, validate
from .vocabulary import Country, HorizonName, Identifier, Month, OutcomeName, Record, SourceLines, Text
from .yaml_source import YamlDocument, YamlPath, read_yaml

NewShare = Annotated[float, Field(ge=0, le=1)]
State = Literal["from-claims", "happens", "absent"]
_NOT_SCENARIOS = ("drivers",)


def _usual_horizons() -> dict[HorizonName, tuple[int, int]]:
    return {"short": HORIZONS["short"], "mid": HORIZONS["mid"], "long": HORIZONS["long"]}


class DriverSetting(Record):
    """What a scenario says of one driver; what is left out follows the default state and the driver's own values.

    `happens` and `absent` are doing: the driver is set and its parents have no say in it.
    """

    state: State | None = None
    branch: Identifier | None = None
    onset_month: OnsetMonth | None = None
    onset_window: tuple[OnsetMonth, OnsetMonth] | None = None
    """Earliest and latest first month after the exit; each future has its own."""
    ramp_months: Annotated[int, Field(ge=0, le=120)] | None = None
    half_life_months: Annotated[float, Field(gt=0)] | None = None
    strength: Annotated[float, Field(ge=0, le=10)] = 1.0
    places: dict[Country, NewShare] = Field(default_factory=dict)
    """Shares of the log effect by country, in place of the driver's."""
    outcomes: dict[OutcomeName, NewShare] = Field(default_factory=dict)
    """Shares of the log effect by outcome, in place of the driver's."""

    @model_validator(mode="after")
    def _window_in_order(self) -> "DriverSetting":
        if self.onset_window is not None and self.onset_window[0] > self.onset_window[1]:
            raise ValueError("onset_window must be [earliest, latest], in months after the exit.")
        return self


class Pace(Record):
    """How much later and slower everything that hinges on the exit comes than drivers.yaml has it."""

    delay_months: Annotated[int, Field(ge=0, le=60)] = 0
    """Months by which onsets move back."""
    ramp_factor: Annotated[float, Field(gt=0, le=5)] = 1.0
    """Times as long from the onset to the peak."""


class DriverSettings(Record):
    """The state of every driver that is not set one by one, and those that are.

    `do` sets drivers in a word (`happens`, `absent` or a branch) and is kept under `set`. `observe` names in the same
    words what is learnt of drivers, which makes their causes likelier too. `learn` says whether drivers are learnt from
    months after the exit when `as_of` lies after it. Without it such months are part of the record like any other, and
    no driver can be told from the record.
    """

    default: State = "absent"
    learn: bool = True
    do: dict[Identifier, Identifier] = Field(default_factory=dict)
    """Drivers that are set: happens, absent or a branch. Their parents have no say any more."""
    observe: dict[Identifier, Identifier] = Field(default_factory=dict)
    """Drivers of which this is learnt: happens, absent or a branch."""
    pace: Pace = Pace()
    """How much later and slower what hinges on the exit comes."""
    set: dict[Identifier, DriverSetting] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _do_is_short_for_set(cls, data: Any) -> Any:
        given = isinstance(data, dict) and isinstance(data.get("do"), dict) and data["do"]
        return settings_from_do(data)[0] if given else data


class Scenario(Record):
    """A scenario as resolved: everything it extends is merged in."""

    id: Identifier
    title: Text
    extends: Identifier | tuple[Identifier, ...] | None = None
    condition: Text
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    probability_reason: Text | None = None
    """Why the probability is what it is, or is not assigned."""
    source_lines: tuple[SourceLines, ...] = ()
    as_of: Month = "2023-06"
    claims_as_of: Month | None = None
    """Leaves out documents that were not certainly written by this month; null = all are used."""
    exit: Month = "2023-06"
    months: Annotated[int, Field(ge=1, le=240)] = 60
    horizons: dict[HorizonName, tuple[int, int]] = Field(default_factory=_usual_horizons)
    drivers: DriverSettings = DriverSettings()
    _inputs: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def inputs(self) -> Mapping[str, str]:
        """SHA-256 of the files that it was read from, by path, as they were then."""
        return self._inputs

    @field_validator("horizons")
    @classmethod
    def _ordered(cls, horizons: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
        for name, (first, last) in horizons.items():
            if not 1 <= first <= last:
                raise ValueError(f"horizon {name} must be [first, last] with 1 <= first <= last, in months after exit.")
        if not horizons:
            raise ValueError("at least one horizon is needed.")
        return horizons

    @property
    def acts(self) -> bool:
        """Whether any driver may act in it. Where none does, the exit makes no difference and may lie anywhere."""
        own = any(setting.state not in (None, "absent") for setting in self.drivers.set.values())
        return self.drivers.default != "absent" or own

    @model_validator(mode="after")
    def _long_enough(self) -> "Scenario":
        end_after_exit = months_between(self.exit, self.as_of) + self.months
        if self.acts and end_after_exit < 1:
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
    return resolve_scenario(name_or_path, drivers=drivers)[0]


def resolve_scenario(name_or_path: str | Path, *, drivers: dict[str, Driver] | None = None) -> tuple[Scenario, Merged]:
    """Return a scenario as `load_scenario` does, and with it the file and line of every value.

    Parameters
    ----------
    name_or_path, drivers
        As in `load_scenario`.
    """
    known = read_drivers() if drivers is None else drivers
    merged, scenario = Merged(), None
    documents = _in_order(_find(name_or_path), (), {})
    for document in documents.values():
        merged = overlay(_inherited(merged), as_merged(document))
        scenario = validate(Scenario, document, merged.data)
        if scenario.id != document.path.stem:
            problems = Problems()
            problems.add(document, ("id",), f"the id {scenario.id!r} must be the file's name, {document.path.stem!r}.")
            problems.raise_if_any()
        _check_drivers(scenario, document, known)
    assert scenario is not None
    scenario._inputs = fingerprints(documents)
    return scenario, merged


def scenario_sources(name_or_path: str | Path) -> tuple[Path, ...]:
    """Return the files a scenario is made of, itself first and what it extends after it, for their SHA-256."""
    found: list[Path] = []
    waiting = [_find(name_or_path)]
    while waiting:
        path = waiting.pop(0)
        if path not in found:
            found.append(path)
            waiting += [parent for parent, _ in _parents(_read(path))]
    return tuple(found)


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
    known = sorted({*scenario_names(), *(scenario_names(beside) if beside else ())})
    raise InputError(
        f"There is no scenario {text!r}.{suggestion(text, known)} Known scenarios: {', '.join(known)}; "
        "or give the path of a YAML file."
    )


def _read(path: Path) -> YamlDocument:
    document = read_yaml(path)
    if not isinstance(document.data, dict):
        raise InputError(f"{document.name}: a scenario is a mapping of keys to values; see scenarios/baseline.yaml.")
    return document


def _parents(document: YamlDocument) -> list[tuple[Path, YamlPath]]:
    """Return the files that a scenario extends, left to right, each with the place where it says so."""
    named = document.data.get("extends")
    listed = named if isinstance(named, list) else [] if named is None else [named]
    parents = []
    for index, name in enumerate(listed):
        place: YamlPath = ("extends", index) if isinstance(named, list) else ("extends",)
        try:
            parents.append((_find(str(name), beside=document.path.parent), place))
        except InputError as error:
            where = f"{document.label(place)} (line {document.line_of(place)})"
            raise InputError(f"{document.name}: {where}: {error}") from None
    return parents


def _in_order(path: Path, below: tuple[Path, ...], found: dict[Path, YamlDocument]) -> dict[Path, YamlDocument]:
    """Return every file that a scenario is made of, once: what is extended before what extends it, left to right."""
    document, here = _read(path), (*below, path.resolve())
    for parent, place in _parents(document):
        if parent.resolve() in here:
            circle = " -> ".join(display_path(p) for p in (*here, parent))
            where = f"{document.label(place)} (line {document.line_of(place)})"
            raise InputError(
                f"{document.name}: {where}: scenarios extend one another in a circle ({circle}). Let one of them "
                "extend nothing."
            )
        if parent.resolve() not in found:
            _in_order(parent, here, found)
    found[path.resolve()] = document
    return found


def _inherited(merged: Merged) -> Merged:
    """Leave out what belongs to the extended scenario alone: how likely it is, and what it extends."""
    own = ("extends", "probability", "probability_reason")
    return Merged(
        {key: value for key, value in merged.data.items() if key not in own},
        {path: place for path, place in merged.places.items() if path[0] not in own},
    )


def _check_drivers(scenario: Scenario, document: YamlDocument, drivers: dict[str, Driver]) -> None:
    problems = Problems()
    for driver_id in scenario.drivers.set:
        path = _place_of_setting(document, driver_id)
        if driver_id not in drivers:
            problems.add_unknown(document, path, "driver", driver_id, drivers)
        else:
            _check_setting(scenario, document, path, drivers[driver_id], problems)
    for driver_id, way in scenario.drivers.observe.items():
        path = ("drivers", "observe", driver_id)
        if driver_id not in drivers:
            problems.add_unknown(document, path, "driver", driver_id, drivers)
        elif way not in ("happens", "absent", *drivers[driver_id].branch_ids):
            known = ("happens", "absent", *drivers[driver_id].branch_ids)
            problems.add_unknown(document, path, f"branch of {driver_id}", way, known)
        elif scenario.setting(driver_id).state != "from-claims":
            problems.add(
                document,
                path,
                f"{driver_id} is {scenario.setting(driver_id).state} here, so nothing can be observed of it: a driver "
                "is either done (drivers.do, or a default other than from-claims) or observed. Keep one of the two.",
            )
    problems.raise_if_any()


def _place_of_setting(document: YamlDocument, driver_id: str) -> YamlPath:
    told = document.data.get("drivers")
    do = told.get("do") if isinstance(told, dict) else None
    word = "do" if isinstance(do, dict) and driver_id in do else "set"
    return ("drivers", word, driver_id)


def _check_setting(
    scenario: Scenario, document: YamlDocument, path: YamlPath, driver: Driver, problems: Problems
) -> None:
    setting, branches = scenario.setting(driver.id), driver.branch_ids
    if setting.branch is not None and setting.branch not in branches:
        at, known = ((*path, "branch"), branches) if path[1] == "set" else (path, ("happens", "absent", *branches))
        problems.add_unknown(document, at, f"branch of {driver.id}", setting.branch, known)
    elif setting.branch is not None and setting.state != "happens":
        problems.add(document, (*path, "branch"), "a branch can only be set together with `state: happens`.")
    elif setting.state == "happens" and setting.branch is None and len(branches) > 1:
        problems.add(
            document,
            path,
            f"{driver.id} can happen in more than one way: set branch to one of {', '.join(branches)}.",
        )
