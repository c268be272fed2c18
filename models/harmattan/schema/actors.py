"""Who can change what: actors of a case and their levers, each a setting of drivers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from .case_words import Wording
from .driver import Driver
from .driver_setting import DriverSetting, Way, unfit
from .merging import merged_setting
from .validation import Problems, validate_list
from .vocabulary import Distinct, Identifier, Record, SourceLines, Text
from .yaml_source import YamlDocument, read_yaml

ACTORS_FILE = "scenarios/actors.yaml"
"""Where they stand in a case's folder; a case without the file tells of none."""


class Lever(Record):
    """What an actor can do, as what it does to drivers."""

    id: Identifier
    name: Wording
    """What is done, in a few words, as after a colon."""
    do: Annotated[dict[Identifier, Way], Field(min_length=1)]
    """Drivers that it sets: happens, absent or a branch."""
    set: dict[Identifier, DriverSetting] = Field(default_factory=dict)
    """Strength, timing or places of these drivers, where they are not the driver's own."""
    stated: Annotated[tuple[SourceLines, ...], Distinct] = ()
    """Lines of the documents that say the actor can do it, or should."""
    inferred: Text | None = None
    """Why it can, where no document says so."""

    @model_validator(mode="after")
    def _whole(self) -> "Lever":
        if bool(self.stated) == (self.inferred is not None):
            raise ValueError(
                "say either by `stated` which lines of the documents say that it can be done, or by `inferred` why."
            )
        strange = [name for name in self.set if name not in self.do]
        if strange:
            raise ValueError(f"set changes {', '.join(strange)}, which do does not name; name it there too.")
        if any(told.state or told.probability is not None or told.ratio is not None for told in self.set.values()):
            raise ValueError("set says strength, timing and places; how a driver goes is said by do alone.")
        return self

    def settings(self) -> dict[str, dict[str, Any]]:
        """Return what it sets of each driver, as scenarios say it."""
        found = {}
        for name, way in self.do.items():
            state = {"state": way} if way in ("happens", "absent") else {"state": "happens", "branch": way}
            told = self.set.get(name, DriverSetting()).model_dump(exclude_defaults=True)
            found[name] = merged_setting(told, state)
        return found


def together(levers: Sequence[Lever]) -> Lever:
    """Return several levers as one; of what two of them set of a driver, the later one's counts."""
    return Lever(
        id="all",
        name={"en": "all at once"},
        do={name: way for lever in levers for name, way in lever.do.items()},
        set={name: told for lever in levers for name, told in lever.set.items()},
        inferred="Each of them can be pulled.",
    )


class Actor(Record):
    """Somebody who can change what drivers do."""

    id: Identifier
    name: Wording
    levers: Annotated[tuple[Lever, ...], Field(min_length=1), Distinct]


def read_actors(folder: Path, drivers: Mapping[str, Driver]) -> dict[str, Actor]:
    """Return the actors of a case's folder by id, in file order; none where it has no such file.

    Raises
    ------
    InputError
        If the file is wrong, an id stands twice, or a lever sets a driver or a branch that does not exist.
    """
    if not (folder / ACTORS_FILE).exists():
        return {}
    document = read_yaml(folder / ACTORS_FILE, root="actors")
    problems, found = Problems(), {}
    levers: set[str] = set()
    for number, actor in enumerate(validate_list(Actor, document)):
        if actor.id in found:
            problems.add(document, (number, "id"), f"the id {actor.id!r} stands already above; give this another.")
        found[actor.id] = actor
        for at, lever in enumerate(actor.levers):
            if lever.id in levers:
                told = f"the id {lever.id!r} stands already above; give this another."
                problems.add(document, (number, "levers", at, "id"), told)
            levers.add(lever.id)
            _check_lever(lever, (number, "levers", at), drivers, document, problems)
        for what, text in {"name": actor.name, **{lever.id: lever.name for lever in actor.levers}}.items():
            if "en" not in text:
                problems.add(document, (number,), f"the name of {what} has no English (en); add it.")
    problems.raise_if_any()
    return found


def _check_lever(
    lever: Lever, at: tuple[str | int, ...], drivers: Mapping[str, Driver], document: YamlDocument, problems: Problems
) -> None:
    for name, told in lever.settings().items():
        if name not in drivers:
            problems.add_unknown(document, (*at, "do", name), "driver", name, drivers)
            continue
        wrong = unfit(DriverSetting.model_validate(told), drivers[name])
        if wrong is not None:
            problems.add(document, (*at, "do", name), wrong[1])
