"""How a scenario file takes over what it extends: deep merge, the child winning, with the place of every value kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .yaml_source import YamlDocument, YamlPath

OFF_AND_ON = ("happens", "absent")


@dataclass(frozen=True)
class Merged:
    """Data of a scenario with all that it extends, and where each value stands.

    Attributes
    ----------
    data : dict
    places : dict of path to (document, path in the document)
        For every value that is not a mapping, the file that gave it and where it stands there.
    """

    data: dict[str, Any] = field(default_factory=dict)
    places: dict[YamlPath, tuple[YamlDocument, YamlPath]] = field(default_factory=dict)

    def place_of(self, path: YamlPath) -> str:
        """Return `file:line` of a value; empty where no file gives it, so that it is the usual one."""
        if path not in self.places:
            return ""
        document, inside = self.places[path]
        return f"{document.name}:{document.line_of(inside)}"


def overlay(below: Merged, above: Merged) -> Merged:
    """Return two merged files as one; what stands in `above` wins. Lists are replaced as a whole."""
    data = _deep(below.data, above.data)
    places = {path: place for path, place in below.places.items() if _is_leaf(data, path)}
    return Merged(data, places | above.places)


def as_merged(document: YamlDocument) -> Merged:
    """Return one file's own data, with `drivers.do` told as the settings that it is short for."""
    data, origin = with_do_as_settings(document.data)
    places = {}
    for path in _leaves(data):
        at = origin.get(path, path)
        places[path] = (document, at)
    return Merged(data, places)


def with_do_as_settings(data: dict[str, Any]) -> tuple[dict[str, Any], dict[YamlPath, YamlPath]]:
    """Return scenario data with `drivers.do` written out under `drivers.set`, and where the new values come from.

    `do: {peace-accord: collapses}` is short for `set: {peace-accord: {state: happens, branch: collapses}}`.
    """
    drivers = data.get("drivers")
    if not isinstance(drivers, dict) or not isinstance(drivers.get("do"), dict):
        return data, {}
    told, origin = settings_from_do(drivers)
    return {**data, "drivers": told}, origin


def settings_from_do(drivers: dict[str, Any]) -> tuple[dict[str, Any], dict[YamlPath, YamlPath]]:
    """Return the `drivers` part of a scenario with `do` written out under `set`; what is no text stays under `do`."""
    do, settings = drivers["do"], drivers.get("set") or {}
    if not isinstance(settings, dict):
        return drivers, {}
    settings = dict(settings)
    origin: dict[YamlPath, YamlPath] = {}
    for name, way in do.items():
        own = settings.get(name) or {}
        if isinstance(way, str) and isinstance(own, dict):
            known = way in OFF_AND_ON
            settings[name] = {**own, "state": way if known else "happens", "branch": None if known else way}
            for key in ("state", "branch"):
                origin["drivers", "set", name, key] = ("drivers", "do", name)
    left = {name: way for name, way in do.items() if not isinstance(way, str)}
    rest = {key: value for key, value in drivers.items() if key != "do"}
    return {**rest, "set": settings} | ({"do": left} if left else {}), origin


def _deep(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _deep(_without_stale_branch(merged[key], value), value) if both else value
    return merged


def _without_stale_branch(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Drop the branch that went with an old state when a new state names none."""
    stale = "state" in above and "branch" not in above and "branch" in below
    return {key: value for key, value in below.items() if key != "branch"} if stale else below


def _leaves(data: Any, path: YamlPath = ()) -> list[YamlPath]:
    if isinstance(data, dict) and data:
        return [leaf for key, value in data.items() for leaf in _leaves(value, (*path, key))]
    return [path]


def _is_leaf(data: Any, path: YamlPath) -> bool:
    for part in path:
        if not isinstance(data, dict) or part not in data:
            return False
        data = data[part]
    return not (isinstance(data, dict) and data)
