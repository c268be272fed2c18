"""A case opened by its folder: the functions of `api`, each working there, whatever other case is in use."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import api
from .case.opening import Case, open_case
from .core.arguments import checked
from .core.language import country_name
from .core.resources import project_root, using_project
from .core.telling import telling
from .schema.scenario import scenario_names

if TYPE_CHECKING:
    import xarray as xr


def _within(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of `api` as a method that works on its own case."""

    @wraps(function)
    def method(self: "LoadedCase", *arguments: Any, **options: Any) -> Any:
        with using_project(self.root):
            return function(*arguments, **options)

    return method


@dataclass(frozen=True)
class LoadedCase:
    """A case that was opened by its folder, whatever other case is in use.

    Its methods are the functions of this package of the same names.

    Attributes
    ----------
    root : Path
        Folder that holds `case.yaml`, `seeds/` and `scenarios/`.

    Examples
    --------
    >>> hm.load_case("my-case").forecast(months=12)  # doctest: +SKIP
    """

    root: Path

    @property
    def case(self) -> Case:
        """What the folder says: units, record, borders, events."""
        return open_case(self.root)

    @property
    def names(self) -> dict[str, str]:
        """Code of every unit to its name."""
        with telling(self.case.words):
            return {unit: str(country_name(unit)) for unit in self.case.units}

    @property
    def record_file(self) -> Path:
        """The panel that the case carries."""
        return self.case.record_file

    def record(self, file: str | Path | None = None, *, as_of: str | None = None) -> "xr.DataArray":
        """Return deaths, dims (month, country, outcome), of the case's panel or of another one of its form."""
        with using_project(self.root):
            return self.case.record(None if file is None else Path(file), as_of=as_of)

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios."""
        with using_project(self.root):
            return scenario_names()

    actors = _within(api.actors)
    brief = _within(api.brief)
    compare = _within(api.compare)
    compare_all = _within(api.compare_all)
    counting = _within(api.counting)
    derivation = _within(api.derivation)
    exit_effect = _within(api.exit_effect)
    exit_ratios = _within(api.exit_ratios)
    events = _within(api.events)
    exits = _within(api.exits)
    explain = _within(api.explain)
    explore = _within(api.explore)
    fit = _within(api.fit)
    forecast = _within(api.forecast)
    fragility = _within(api.fragility)
    import_data = _within(api.import_data)
    ledger = _within(api.ledger)
    lexicon = _within(api.lexicon)
    load = _within(api.load)
    prior_outcomes = _within(api.prior_outcomes)
    read = _within(api.read)
    scorecard = _within(api.scorecard)
    show = _within(api.show)
    signposts = _within(api.signposts)
    since = _within(api.since)
    sweep = _within(api.sweep)
    trace = _within(api.trace)
    validate = _within(api.validate)

    def __repr__(self) -> str:
        definition = self.case.definition
        return f"{definition.title['en']} ({definition.id}: {', '.join(definition.units.list)})"


@checked
def load_case(folder: str | Path | None = None) -> LoadedCase:
    """Return a case by its folder; what is called on it works there, whatever other case is in use.

    Parameters
    ----------
    folder : path, optional
        Folder that holds `case.yaml`, `seeds/` and `scenarios/`; the case in use by default.

    Raises
    ------
    InputError
        If the folder holds no case, or `case.yaml` is wrong.
    """
    root = project_root() if folder is None else Path(folder).expanduser().resolve()
    return LoadedCase(open_case(root).root)
