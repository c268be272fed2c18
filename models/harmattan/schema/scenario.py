"""Scenarios: what is assumed. A scenario extends another and states only the differences."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, PrivateAttr

from ..core.errors import InputError
from ..core.months import months_between
from ..core.resources import display_path, fingerprints, project_root, scenarios_folder
from .case import clock_of, read_case
from .clock import Asking, Clock
from .driver import Driver, read_drivers
from .driver_setting import DriverSetting, DriverSettings, meant_by, unfit
from .evidence import EvidenceUsed
from .hints import nearest
from .merging import Merged, as_merged, overlay
from .naming import id_of, ids_as_keys
from .validation import Problems, listed, shown, validate
from .vocabulary import Distinct, Identifier, Number, SourceLines, Text
from .yaml_source import YamlDocument, YamlPath, read_yaml

NOT_SCENARIOS = ("drivers", "actors")
"""Files beside them that hold something else."""


class Scenario(Asking):
    """A scenario as resolved: everything it extends is merged in.

    It holds assumptions. What its file asks beside them (`as_of`, `claims_as_of`, `exit`, `months`, `horizons`) is its
    own asking, in place of the case's; a run goes by the `Clock` that is made from it, never by these fields.
    """

    id: Identifier
    title: Text
    extends: Annotated[tuple[Identifier, ...], Distinct] | Identifier | None = None
    condition: Text
    probability: Annotated[Number, Field(ge=0, le=1)] | None = None
    probability_reason: Text | None = None
    """Why the probability is what it is, or is not assigned."""
    source_lines: Annotated[tuple[SourceLines, ...], Distinct] = ()
    drivers: DriverSettings = DriverSettings()
    evidence: EvidenceUsed = EvidenceUsed()
    _inputs: dict[str, str] = PrivateAttr(default_factory=dict)

    @property
    def inputs(self) -> Mapping[str, str]:
        """SHA-256 of the files that it was read from, by path, as they were then."""
        return self._inputs

    @property
    def assumptions(self) -> dict[str, Any]:
        """What is assumed, in plain types, without what is asked."""
        return self.model_dump(mode="json", exclude=set(Asking.model_fields))

    @property
    def acts(self) -> bool:
        """Whether any driver may act in it. Where none does, the exit makes no difference and may lie anywhere."""
        return self.drivers.default != "absent" or any(
            self.setting(name).state != "absent" for name in self.drivers.set
        )

    def setting(self, driver_id: str) -> DriverSetting:
        """Return the setting of a driver with its state filled in; a stated probability leaves it open what happens."""
        setting = self.drivers.set.get(driver_id, DriverSetting())
        usual = self.drivers.default if setting.probability is None else "from-claims"
        return setting.model_copy(update={"state": setting.state or usual})


@dataclass(frozen=True)
class Asked:
    """A scenario, and the clock by which it is run.

    Attributes
    ----------
    scenario : Scenario
    clock : Clock

    Raises
    ------
    ValueError
        If drivers act but the run ends before the exit, after which they do.
    """

    scenario: Scenario
    clock: Clock

    def __post_init__(self) -> None:
        end_after_exit = months_between(self.clock.exit, self.clock.as_of) + self.clock.months
        if self.scenario.acts and end_after_exit < 1:
            raise ValueError("the forecast ends before the exit; raise months or move as_of.")


def scenario_names(folder: Path | None = None) -> list[str]:
    """Return the ids of the scenarios in a folder (the project's own by default)."""
    folder = folder or scenarios_folder()
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in NOT_SCENARIOS)


def load_scenario(name_or_path: str | Path, *, drivers: Mapping[str, Driver] | None = None) -> Scenario:
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


def resolve_scenario(
    name_or_path: str | Path, *, drivers: Mapping[str, Driver] | None = None
) -> tuple[Scenario, Merged]:
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
        _understand_titles(document, known)
        _check_asking(document)
        merged = overlay(_inherited(merged), as_merged(document))
        scenario = validate(Scenario, document, merged.data)
        if scenario.id != document.path.stem:
            problems = Problems()
            problems.add(document, ("id",), f"the id {scenario.id!r} must be the file's name, {document.path.stem!r}.")
            problems.raise_if_any()
        _check_drivers(scenario, document, known)
        _check_clock(scenario, document)
    assert scenario is not None
    scenario._inputs = fingerprints(documents)
    return scenario, overlay(clock_of(project_root()), merged)


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
    folders = [scenarios_folder()] if beside is None else [beside, scenarios_folder()]
    if text.endswith((".yaml", ".yml")) or "/" in text:
        if not _is_file(Path(text)):
            raise InputError(
                f"{text[:200]}: there is no such scenario file.{_near_scenarios(Path(text).stem, folders)}"
            )
        return Path(text).resolve()
    found = _named(text, folders) or _named(scenario_titled(text, folders), folders)
    if found is not None:
        return found
    raise InputError(
        f"There is no scenario {shown(text)}.{_near_scenarios(text, folders)} Or give the path of a YAML file."
    )


def _named(name: str | None, folders: list[Path]) -> Path | None:
    if name is None or name in NOT_SCENARIOS:
        return None
    return next((path for path in (folder / f"{name}.yaml" for folder in folders) if _is_file(path)), None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file can have
        return False


def _near_scenarios(name: str, folders: list[Path]) -> str:
    """Return which scenarios were probably meant, or some of those that there are."""
    known = sorted({name for folder in folders for name in scenario_names(folder)})
    near = [repr(one) for one in nearest(name, known, 3)]
    if near:
        return f" Did you mean {' or '.join([', '.join(near[:-1])] * (len(near) > 1) + near[-1:])}?"
    return f" Known scenarios ({len(known)}, in {display_path(folders[-1])}): {listed(known, 6)}."


def scenario_titled(title: str, folders: list[Path] | None = None) -> str | None:
    """Return the id of the scenario with a title in some folders (the project's own by default), None without one."""
    folders = folders or [scenarios_folder()]
    titles: dict[str, str] = {}
    for path in (folder / f"{name}.yaml" for folder in folders for name in scenario_names(folder)):
        with suppress(InputError):  # a file that cannot be read has no title, and is not the one that is asked for
            data = read_yaml(path).data
            if isinstance(data, dict) and isinstance(data.get("title"), str):
                titles.setdefault(path.stem, data["title"])
    found = id_of(title, titles)
    return found if found in titles else None


def _understand_titles(document: YamlDocument, drivers: Mapping[str, Driver]) -> None:
    """Let drivers be named by their titles."""
    problems, titles = Problems(), {key: driver.title for key, driver in drivers.items()}
    for part in ("set", "do", "observe"):
        ids_as_keys(document, ("drivers", part), titles, problems)
    problems.raise_if_any()


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
            path = _find(str(name), beside=document.path.parent)
        except InputError as error:
            where = f"{document.label(place)} (line {document.line_of(place)})"
            raise InputError(f"{document.name}: {where}: {error}") from None
        parents.append((path, place))
    if isinstance(named, str | list):  # titles were understood; ids are what is kept
        stems = [path.stem for path, _ in parents]
        document.data["extends"] = stems if isinstance(named, list) else stems[0]
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


def _check_asking(document: YamlDocument) -> None:
    """Refuse a key of what is asked that is left empty: who leaves it out asks as the case does."""
    problems = Problems()
    for name in ("as_of", "exit", "months", "horizons"):
        if name in document.data and document.data[name] is None:
            problems.add(
                document, (name,), "nothing stands here; write a value, or leave the key out: the case has one."
            )
    problems.raise_if_any()


def _check_clock(scenario: Scenario, document: YamlDocument) -> None:
    """Check that a scenario can be run by the case's clock, with what it asks of its own."""
    problems = Problems()
    try:
        Asked(scenario, read_case(project_root()).time.asked(scenario))
    except ValueError as error:
        problems.add(document, (), str(error))
    problems.raise_if_any()


def _check_drivers(scenario: Scenario, document: YamlDocument, drivers: Mapping[str, Driver]) -> None:
    problems = Problems()
    for driver_id, setting in scenario.drivers.set.items():
        path = _place_of_setting(document, driver_id)
        units = read_case(project_root()).words("units") if setting.places else []
        for unit in setting.places:
            if unit not in units:
                where = (*path, "places", unit)
                problems.add_unknown(document, where, "unit of the case (case.yaml)", unit, units)
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
            problems.add_unknown(document, path, f"branch of {driver_id}", way, known, meant_by(way))
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
    if "half_life_months" in (document.value_at(path) or {}) and document.value_at((*path, "half_life_months")) is None:
        text = "null would leave the driver's own half-life: write lasts if the effect lasts, or take the key out."
        problems.add(document, (*path, "half_life_months"), text)
    told = unfit(scenario.setting(driver.id), driver)
    if told is None:
        return
    key, text = told
    at = (*path, key) if key is not None and path[1] == "set" else path
    if key == "branch" and path[1] == "do":
        way, known = scenario.setting(driver.id).branch, ("happens", "absent", *driver.branch_ids)
        problems.add_unknown(document, at, f"branch of {driver.id}", way, known, meant_by(way))
    else:
        problems.add(document, at, text)
