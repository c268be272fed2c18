"""How a scenario file takes over what it extends: deep merge, the child winning, with the place of every value kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .validation import Problems
from .yaml_source import YamlDocument, YamlPath

OFF_AND_ON = ("happens", "absent")
OCCURRENCE = ("state", "branch", "probability")
"""Keys that say whether a driver happens and which way it goes, so that one statement takes the place of another."""


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
    data = _deep(_without_what_is_retold(below.data, above.data), above.data)
    places = {path: place for path, place in below.places.items() if _is_leaf(data, path)}
    return Merged(data, places | above.places)


def as_merged(document: YamlDocument) -> Merged:
    """Return one file's own data, with `drivers.do` told as the settings that it is short for."""
    told = document.data.get("drivers")
    if isinstance(told, dict) and (name := told_twice(told)) is not None:
        problems = Problems()
        place = f"do (line {document.line_of(('drivers', 'do', name))})"
        text = f"{name} stands under {place} too, and both say how it goes; keep one of the two."
        problems.add(document, ("drivers", "set", name), text)
        problems.raise_if_any()
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


def told_twice(drivers: dict[str, Any]) -> str | None:
    """Return a driver of which both `do` and `set` of one file say whether it happens, or None."""
    do, settings = drivers.get("do"), drivers.get("set")
    if not isinstance(do, dict) or not isinstance(settings, dict):
        return None
    both = [name for name in do if isinstance(settings.get(name), dict)]
    return next((name for name in both if set(OCCURRENCE) & set(settings[name])), None)


def settings_from_do(drivers: dict[str, Any]) -> tuple[dict[str, Any], dict[YamlPath, YamlPath]]:
    """Return the `drivers` part of a scenario with `do` written out under `set`; what is no text stays under `do`."""
    do, settings = drivers["do"], drivers.get("set") or {}
    if not isinstance(settings, dict):
        return drivers, {}
    if (name := told_twice(drivers)) is not None:
        raise ValueError(f"{name} stands under do and under set, which both say how it goes; keep one of the two.")
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
        merged[key] = _deep(merged[key], value) if both else value
    return merged


def _without_what_is_retold(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Leave out what stands under `drivers` in `below` and cannot hold beside what `above` says of the same driver."""
    old, new = below.get("drivers"), above.get("drivers")
    if not isinstance(old, dict) or not isinstance(new, dict):
        return below
    done, seen = _mapping(new, "set"), _mapping(new, "observe")
    settings = dict(_mapping(old, "set"))
    for name, setting in settings.items():
        if isinstance(setting, dict):
            retold = _retold(setting, done[name]) if isinstance(done.get(name), dict) else set()
            retold |= {"state", "branch"} if name in seen and "state" in setting else set()
            settings[name] = {key: value for key, value in setting.items() if key not in retold}
    observed = {
        name: way
        for name, way in _mapping(old, "observe").items()
        if not (isinstance(done.get(name), dict) and {"state", "branch"} & set(done[name]))
    }
    parts = {"set": settings, "observe": observed}
    return {**below, "drivers": {**old, **{key: part for key, part in parts.items() if isinstance(old.get(key), dict)}}}


def merged_setting(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return one driver's setting with what is newly said of it in place of what cannot hold beside it."""
    kept = {key: value for key, value in below.items() if key not in _retold(below, above)}
    return _deep(kept, above)


def _retold(below: Mapping[str, Any], above: Mapping[str, Any]) -> set[str]:
    """Return the keys of an extended scenario's setting that what the new one says of the driver replaces."""
    gone: set[str] = set()
    if set(OCCURRENCE) & set(above):
        gone |= {"probability"}
        gone |= {"branch"} if {"state", "probability"} & set(above) else set()
        gone |= {"state"} if "probability" in above else set()
        another = below.get("branch") is not None and above.get("branch") != below["branch"]
        gone |= {"ratio"} if another or above.get("state") in ("from-claims", "absent") else set()
    gone |= {"onset_window"} if "onset_month" in above else set()
    gone |= {"onset_month"} if "onset_window" in above else set()
    return gone


def _mapping(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = data.get(key)
    return part if isinstance(part, dict) else {}


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
