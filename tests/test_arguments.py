"""Python arguments of the wrong type or range are refused before anything is read or done, and named."""

import inspect

import numpy as np
import pytest

import harmattan as hm
from harmattan import api
from harmattan.core.arguments import _CHECKS, checked
from harmattan.core.errors import InputError

SCENARIO = [None, 3, True, ["withdrawal"], {}, b"withdrawal", ""]
MONTH = [2023, 2023.5, True, "2023", "2023-13", "June 2023", b"2023-06", ["2023-06"]]
WHOLE = [True, False, "12", 1.5, 12.0, -1, None, [12], float("nan"), 10**30]
PATH = [3, True, ["a"], b"a", "", "a\0b"]
WRONG = {
    "scenario": SCENARIO,
    "against": SCENARIO,
    "path": SCENARIO,
    "as_of": MONTH,
    "claims_as_of": MONTH,
    "months": [value for value in WHOLE if value is not None] + [0, 241],
    "draws": [*WHOLE, 0],
    "seed": [True, "1", 1.5, -1, None],
    "panel": PATH,
    "out": PATH,
    "documents": PATH,
    "file": [*PATH, None],
    "country": [3, None, True, ["MLI"], "MALI", "COD"],
    "outcome": [3, None, True, ["one_sided"], "deaths"],
    "threshold": ["many", True, -1, float("nan"), float("inf"), None, [1]],
    "cost_ratio": ["a", True, -1, float("nan")],
    "sources": ["note", 3, {"a": 1}, [3]],
    "formats": ["png", 3, [3]],
    "counts": [3, "plausibly"],
    "lang": [3, "xx"],
    "likelihood": [3, "words"],
    "cache": ["yes", 1],
    "refit": ["yes", 1],
    "settings": ["fast", 3, {}],
    "steps": ["a", 3],
    "id": [3, None, True, ["a"]],
    "driver": [3, None, True, "nothing-of-the-kind"],
}
FUNCTIONS = ("brief", "compare_all", "derivation", "explain", "fit", "forecast", "ledger", "load", "show", "trace")
FUNCTIONS += ("validate", "fragility", "actors", "prior_outcomes")
NEEDED = {"ledger": {"as_of": "2024-12"}, "import_data": {"file": "x.csv", "kind": "ged"}, "trace": {"id": "news-bnn"}}
CASES = [
    (name, argument, value)
    for name in FUNCTIONS
    for argument, parameter in inspect.signature(getattr(api, name)).parameters.items()
    for value in WRONG.get(argument, ())
    if value is not None or parameter.default is not None  # what may be left out may be None
]


@pytest.mark.parametrize(("name", "argument", "value"), CASES, ids=lambda value: str(value)[:20])
def test_a_wrong_argument_is_refused_by_name(name, argument, value):
    given = {**NEEDED.get(name, {}), argument: value}
    with pytest.raises(InputError) as refusal:
        getattr(hm, name)(**given)
    told = str(refusal.value)
    known = argument in told or repr(value) in told or str(value) in told
    assert known and "\n" not in told and len(told) < 600, told


@pytest.mark.parametrize("name", ["brief", "compare", "compare_all", "validate"])
@pytest.mark.parametrize("value", [3, None, True, ["withdrawal"]])
def test_scenarios_in_a_row_are_checked_one_by_one(name, value):
    with pytest.raises(InputError, match="The argument scenarios takes a scenario"):
        getattr(hm, name)("withdrawal", value)


def test_every_argument_of_every_public_function_has_a_check():
    for name in set(hm.__all__) - {"plots", "inference_checks", "scorecard", "lexicon"}:
        function = getattr(hm, name)
        assert set(inspect.signature(function).parameters) <= set(_CHECKS), name
        assert hasattr(function, "__wrapped__"), name


def test_numpy_numbers_and_paths_are_arguments_like_any_other(tmp_path):
    @checked
    def asked(months, draws=1, threshold=0.0, out=None, as_of=None):
        return months, draws, threshold, out, as_of

    assert asked(np.int64(6), draws=np.uint8(3), threshold=np.float32(0.5), out=tmp_path) == (6, 3, 0.5, tmp_path, None)
    with pytest.raises(InputError, match="The argument months takes a whole number between 1 and 240"):
        asked(np.bool_(True))


def test_what_was_left_out_takes_a_list_not_a_text(monkeypatch):
    from harmattan.run.what_if import what_if

    with pytest.raises(InputError, match=r"The argument without_claims takes a list of texts.* not .note-001-a"):
        what_if(None, {}, without_claims="note-001-a")
