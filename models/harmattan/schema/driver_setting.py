"""What a scenario says of drivers: their state, timing, size and places, and how likely they are."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from .driver import Driver, OnsetMonth
from .merging import settings_from_do
from .ratios import Ends, branch_ratio
from .validation import shown, suggestion
from .vocabulary import ActedOn, Country, Flag, Identifier, InOrder, Number, Record, Whole

NewShare = Annotated[Number, Field(ge=0, le=1)]
State = Literal["from-claims", "happens", "absent"]


_NO = ("no", "not", "none", "never", "off", "false")
_YES = ("yes", "on", "true")


def meant_by(word: object) -> str:
    """Return what to write for a word that people use where `happens` or `absent` is meant; else an empty text."""
    told = str(word).lower()
    meant = "absent" if told in _NO else "happens" if told in _YES else ""
    return f" Write {meant}, or the branch that is meant." if meant else ""


def _way(told: Any) -> Any:
    if not isinstance(told, str):
        hint = meant_by(told) or " Write happens, absent or a branch."
        raise ValueError(f"{shown(told)} is no way for a driver to go.{hint}")
    return told


Way = Annotated[Identifier, BeforeValidator(_way)]
"""happens, absent or a branch."""


def _chance(told: Any) -> Any:
    if isinstance(told, bool) or not isinstance(told, int | float) or not 0 <= told <= 1:
        raise ValueError(f"a probability must lie between 0 and 1, as in 0.3, not {shown(told)}.")
    return float(told)


def _chances(told: Any) -> Any:
    """Return a probability, or one for each branch that is named."""
    if told is None:
        return None
    if not isinstance(told, dict):
        return _chance(told)
    chances = {str(branch): _chance(chance) for branch, chance in told.items()}
    if not chances or sum(chances.values()) > 1:
        raise ValueError(
            "the probabilities of the branches must add up to 1 at most, since one of them happens at most."
        )
    return chances


_CHANCE_SCHEMA = {"type": "number", "minimum": 0, "maximum": 1}
_CHANCES_SCHEMA = {"anyOf": [_CHANCE_SCHEMA, {"type": "object", "additionalProperties": _CHANCE_SCHEMA}]}

Chances = Annotated[float | dict[str, float] | None, BeforeValidator(_chances), WithJsonSchema(_CHANCES_SCHEMA)]


class DriverSetting(Record):
    """What a scenario says of one driver; what is left out follows the default state and the driver's own values.

    `happens` and `absent` are doing: the driver is set and its parents have no say in it. `probability` and `ratio`
    take the place of what claims and evidence make of it; its parents and dated events bear on it as before.
    """

    state: State | None = None
    branch: Identifier | None = None
    """Way that it goes: with state happens, or the one that probability and ratio speak of."""
    probability: Chances = None
    """That it happens, 0 to 1, whatever the claims say; {branch: 0.2, other: 0.1} for one that can go several ways."""
    ratio: Ends = None
    """[low, high], 80 % interval of the rate ratio at the peak, whatever the claims say."""
    onset_month: OnsetMonth | None = None
    onset_window: Annotated[tuple[OnsetMonth, OnsetMonth], InOrder] | None = None
    """Earliest and latest first month after the exit; each future has its own."""
    ramp_months: Annotated[Whole, Field(ge=0, le=120)] | None = None
    half_life_months: Annotated[Number, Field(gt=0)] | Literal["lasts"] | None = None
    """Months after the peak in which it halves, or lasts; null = the driver's own."""
    strength: Annotated[Number, Field(ge=0, le=10)] = 1.0
    places: dict[Country, NewShare] = Field(default_factory=dict)
    """Shares of the log effect by country, in place of the driver's."""
    outcomes: dict[ActedOn, NewShare] = Field(default_factory=dict)
    """Shares of the log effect by outcome, in place of the driver's."""

    @model_validator(mode="before")
    @classmethod
    def _is_no_word(cls, data: Any) -> Any:
        if isinstance(data, str | bool):
            word = "absent" if meant_by(data) or isinstance(data, bool) else data[:60]
            raise ValueError(
                f"a word alone stands under do, as in do: {{DRIVER: {word}}}; here write keys with values."
            )
        return data

    @model_validator(mode="after")
    def _window_holds_the_onset(self) -> "DriverSetting":
        window, month = self.onset_window, self.onset_month
        if window is not None and month is not None and not window[0] <= month <= window[1]:
            raise ValueError(f"onset_month {month} lies outside of onset_window [{window[0]}, {window[1]}]; mend one.")
        return self


class Pace(Record):
    """How much later and slower everything that hinges on the exit comes than drivers.yaml has it."""

    delay_months: Annotated[Whole, Field(ge=0, le=60)] = 0
    """Months by which onsets move back."""
    ramp_factor: Annotated[Number, Field(gt=0, le=5)] = 1.0
    """Times as long from the onset to the peak."""


class DriverSettings(Record):
    """The state of every driver that is not set one by one, and those that are.

    `do` sets drivers in a word (`happens`, `absent` or a branch) and is kept under `set`. `observe` names in the same
    words what is learnt of drivers, which makes their causes likelier too. `learn` says whether drivers are learnt from
    months after the exit when `as_of` lies after it. Without it such months are part of the record like any other, and
    no driver can be told from the record.
    """

    default: State = "absent"
    learn: Flag = True
    do: dict[Identifier, Way] = Field(default_factory=dict)
    """Drivers that are set: happens, absent or a branch. Their parents have no say any more."""
    observe: dict[Identifier, Way] = Field(default_factory=dict)
    """Drivers of which this is learnt: happens, absent or a branch."""
    pace: Pace = Pace()
    """How much later and slower what hinges on the exit comes."""
    set: dict[Identifier, DriverSetting] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _do_is_short_for_set(cls, data: Any) -> Any:
        given = isinstance(data, dict) and isinstance(data.get("do"), dict) and data["do"]
        return settings_from_do(data)[0] if given else data


def unfit(setting: DriverSetting, driver: Driver) -> tuple[str | None, str] | None:
    """Return what of a setting does not fit its driver: the key (None: the whole) and what to mend. None if all fits.

    Parameters
    ----------
    setting : DriverSetting
        With its state filled in.
    driver : Driver
    """
    return _unfit_branch(setting, driver) or _unfit_chances(setting, driver) or _unfit_ratio(setting, driver)


def _unfit_branch(setting: DriverSetting, driver: Driver) -> tuple[str | None, str] | None:
    branch, ways = setting.branch, driver.branch_ids
    stated = setting.probability is not None or setting.ratio is not None
    if branch is not None and branch not in ways:
        hint = suggestion(branch, ways) or f" Known: {', '.join(ways)}."
        return "branch", f"{driver.id} has no branch {shown(branch)}.{hint}"
    if branch is not None and setting.state != "happens" and not stated:
        return "branch", "a branch can only be set together with `state: happens`, a probability or a ratio."
    if setting.state == "happens" and branch is None and len(ways) > 1:
        return None, f"{driver.id} can happen in more than one way: set branch to one of {', '.join(ways)}."
    return None


def _unfit_chances(setting: DriverSetting, driver: Driver) -> tuple[str | None, str] | None:
    chances, ways = setting.probability, driver.branch_ids
    if chances is None:
        return None
    if setting.state != "from-claims":
        return "probability", f"{driver.id} is {setting.state} here, which leaves no room for a probability; keep one."
    if isinstance(chances, dict):
        for branch in chances:
            if branch not in ways:
                hint = suggestion(branch, ways) or f" Known: {', '.join(ways)}."
                return "probability", f"{driver.id} has no branch {shown(branch)}.{hint}"
        if setting.branch is not None:
            return "branch", "the probability names branches itself; take branch out."
    elif setting.branch is None and len(ways) > 1:
        each = ", ".join(f"{way}: {chances / len(ways):.2g}" for way in ways)
        return "probability", (
            f"{driver.id} can happen in more than one way: say which with branch: {ways[0]} (or "
            f"{', '.join(ways[1:])}), or give each its own, as in probability: {{{each}}}."
        )
    return None


def _unfit_ratio(setting: DriverSetting, driver: Driver) -> tuple[str | None, str] | None:
    if setting.ratio is None:
        return None
    if setting.state == "absent":
        return (
            "ratio",
            f"{driver.id} is absent here, so its ratio changes nothing; give it a probability or a state too.",
        )
    for branch in driver.branches:
        if setting.branch in (None, branch.id) and branch_ratio(setting.ratio, branch.sign) is None:
            told = "raises deaths, so its ratio ends above 1, as in [1.0, 1.5]"
            if branch.sign < 0:
                told = "lowers deaths, so its ratio ends at 1 or below, as in [0.7, 1.0]"
            which = "" if len(driver.branches) == 1 else " Name the branch that is meant with branch."
            return "ratio", f"branch {branch.id} of {driver.id} {told}.{which}"
    return None
