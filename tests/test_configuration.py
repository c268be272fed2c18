"""What an analyst writes is read as meant, or refused with file, line and what to do, and at once."""

import time

import pytest
from pydantic import BaseModel

from harmattan.core.errors import InputError
from harmattan.schema.json_schema import KINDS
from harmattan.schema.lexicon import Band, MagnitudeClass, Phrase
from harmattan.schema.records import Claim, Source
from harmattan.schema.scenario import load_scenario
from harmattan.schema.validation import validate_list
from harmattan.schema.vocabulary import LooseDate
from harmattan.schema.yaml_source import read_yaml

HEAD = "title: t\ncondition: c\n"


def write(folder, name, text):
    path = folder / f"{name}.yaml"
    path.write_text(f"id: {name}\n{HEAD}{text}", encoding="utf-8")
    return path


def refusal(read, *arguments):
    began = time.perf_counter()
    with pytest.raises(InputError) as caught:
        read(*arguments)
    assert time.perf_counter() - began < 2, "within two seconds"
    assert len(str(caught.value)) < 3000
    return str(caught.value)


# One statement takes the place of another


def setting_of(folder, parent, child, driver="urban-siege"):
    write(folder, "early", f"extends: withdrawal\ndrivers: {parent}\n")
    scenario = load_scenario(write(folder, "late", f"extends: early\ndrivers: {child}\n"))
    return scenario, scenario.setting(driver)


def test_a_childs_month_takes_the_place_of_its_parents_window(tmp_path):
    """Case 06."""
    _, siege = setting_of(
        tmp_path,
        "{set: {urban-siege: {state: happens, onset_window: [1, 4]}}}",
        "{set: {urban-siege: {onset_month: 20}}}",
    )
    assert (siege.state, siege.onset_month, siege.onset_window) == ("happens", 20, None)


@pytest.mark.parametrize(
    ("parent", "child", "kept"),
    [
        ("{onset_month: 20}", "{onset_window: [1, 4]}", {"onset_month": None, "onset_window": (1, 4)}),
        ("{state: happens}", "{probability: 0.3}", {"state": "from-claims", "probability": 0.3}),
        ("{state: absent}", "{probability: 0.3}", {"state": "from-claims", "probability": 0.3}),
        ("{probability: 0.3}", "{state: happens}", {"state": "happens", "probability": None}),
        ("{probability: 0.3, ratio: [1.1, 1.6]}", "{state: happens}", {"state": "happens", "ratio": (1.1, 1.6)}),
        ("{probability: 0.3, ratio: [1.1, 1.6]}", "{state: absent}", {"probability": None, "ratio": None}),
        ("{probability: 0.3, ratio: [1.1, 1.6]}", "{state: from-claims}", {"probability": None, "ratio": None}),
        ("{state: happens, strength: 2}", "{ratio: [1.1, 1.6]}", {"state": "happens", "strength": 2.0}),
    ],
)
def test_what_cannot_hold_beside_what_the_child_says_is_dropped(tmp_path, parent, child, kept):
    _, siege = setting_of(tmp_path, f"{{set: {{urban-siege: {parent}}}}}", f"{{set: {{urban-siege: {child}}}}}")
    assert {key: getattr(siege, key) for key in kept} == kept


def test_another_branch_does_not_take_over_probability_and_ratio_of_the_first(tmp_path):
    _, accord = setting_of(
        tmp_path,
        "{set: {peace-accord: {branch: collapses, probability: 0.6, ratio: [1.1, 1.6]}}}",
        "{do: {peace-accord: settlement}}",
        "peace-accord",
    )
    assert (accord.state, accord.branch, accord.probability, accord.ratio) == ("happens", "settlement", None, None)


@pytest.mark.parametrize(
    ("parent", "child", "state", "seen"),
    [
        (
            "{do: {urban-siege: happens}}",
            "{observe: {urban-siege: happens}}",
            "from-claims",
            {"urban-siege": "happens"},
        ),
        ("{observe: {urban-siege: happens}}", "{do: {urban-siege: absent}}", "absent", {}),
    ],
)
def test_what_is_observed_and_what_is_done_take_each_others_place(tmp_path, parent, child, state, seen):
    scenario, siege = setting_of(tmp_path, parent, child)
    assert siege.state == state and scenario.drivers.observe == seen


def test_a_month_outside_of_its_own_window_is_refused(tmp_path):
    told = "drivers: {set: {urban-siege: {onset_month: 20, onset_window: [1, 4]}}}"
    assert "lies outside of onset_window [1, 4]" in refusal(
        load_scenario, write(tmp_path, "s", f"extends: withdrawal\n{told}\n")
    )


@pytest.mark.parametrize(
    "told", ["{state: happens}", "{state: absent}", "{probability: 0.3}", "{branch: towns-besieged}"]
)
def test_do_and_set_of_one_driver_in_one_file_contradict_each_other(tmp_path, told):
    """Case 24."""
    text = f"extends: withdrawal\ndrivers: {{do: {{urban-siege: absent}}, set: {{urban-siege: {told}}}}}\n"
    message = refusal(load_scenario, write(tmp_path, "both", text))
    for part in ("both.yaml", "drivers.set.urban-siege (line 5)", "under do (line 5)", "keep one of the two"):
        assert part in message


# Windows, numbers, dates


def window_of(folder, text):
    path = folder / "claims.yaml"
    path.write_text(CLAIM + f"  resolution: {text}\n", encoding="utf-8")
    return validate_list(Claim, read_yaml(path, root="claims"))


CLAIM = """\
- id: x-001-a
  proposition: violence-rises
  source: x
  file: x.txt
  lines: [1]
  paraphrase: Violence grows.
  horizon: short
  horizon_explicit: true
  outcome: armed_violence
  direction: increase
  hedge: "could"
  magnitude: ""
  claimant: the author
  places: [MLI]
  condition: ""
  kind: forecast
  scope: consequence
  implied: false
  drivers: []
  reliability: null
  note: ""
"""


@pytest.mark.parametrize(
    "told",
    [
        "{kind: dated-event, event: minusma-left, window: [6, 1]}",
        "{kind: panel-total, outcomes: [one_sided], places: [MLI], window: [6, 1], above: 3}",
        "{kind: panel-ratio, outcomes: [one_sided], places: [MLI], window: [1, 6], reference: [0, -9], ratio_above: 2}",
    ],
)
def test_a_window_from_the_later_to_the_earlier_month_is_refused(tmp_path, told):
    """Case 07."""
    message = refusal(window_of, tmp_path, told)
    assert "(line 22)" in message and "[earliest, latest]" in message


def test_claim_lines_stand_in_order_and_once(tmp_path):
    path = tmp_path / "claims.yaml"
    for lines, right in (("[3, 1]", "[1, 3]"), ("[2, 2]", "[2]")):
        path.write_text(CLAIM.replace("lines: [1]", f"lines: {lines}") + "  resolution: null\n")
        message = refusal(lambda: validate_list(Claim, read_yaml(path, root="claims")))
        assert f"in order and once each: {right}" in message


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (Phrase, {"n": 9, "median": 0.5, "p05": 0.6, "p95": 0.9, "a": 1.0, "b": 1.0, "median_error": 0.0}),
        (Band, {"term": "Likely", "low_pct": 80, "high_pct": 55}),
        (MagnitudeClass, {"low": 1.5, "high": 1.2}),
    ],
)
def test_reversed_ranges_of_lexicons_are_refused(model, data):
    with pytest.raises(ValueError, match=r"rise|above|low < high"):
        model.model_validate(data)


@pytest.mark.parametrize(
    "told",
    [
        "months: true", 'months: "6"', "months: 6.0", "months: 6.5", "months: 1e400", "months: [6]",
        "probability: true",
        'probability: "0.5"', "horizons: {short: [true, 6]}", "drivers: {learn: 1}", 'drivers: {learn: "true"}',
        "drivers: {pace: {delay_months: true}}", "drivers: {set: {urban-siege: {strength: true}}}",
        'drivers: {set: {urban-siege: {strength: "inf"}}}', "drivers: {set: {urban-siege: {strength: 1e400}}}",
    ],
)  # fmt: skip
def test_what_is_no_number_is_not_taken_for_one(tmp_path, told):
    """Case 25: `months: true` is no forecast of one month."""
    message = refusal(load_scenario, write(tmp_path, "s", f"extends: withdrawal\n{told}\n"))
    assert "s.yaml" in message and "(line 5)" in message
    assert "give a number" in message or "give true or false" in message or "between 0 and 1" in message, message


def fields(model, seen):
    """Every field of a record and of the records inside of it."""
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        yield model, name, repr(field)
        for part in _records(field.annotation):
            yield from fields(part, seen)


def _records(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _records(part)]


def test_no_number_or_switch_of_any_file_takes_another_sort_of_value():
    seen = set()
    for content, _ in KINDS.values():
        for model in _records(content):
            for owner, name, told in fields(model, seen):
                numeric = any(
                    f"<class '{sort}'>" in told or f"annotation={sort}" in told for sort in ("int", "float", "bool")
                )
                if numeric and name not in ("probability", "ratio"):
                    assert "Strict" in told, f"{owner.__name__}.{name}"
    assert len(seen) > 20


@pytest.mark.parametrize(
    "date", ["2023-02-31", "2023-13", "after 2023-06-31 by its contents", "2023-00-10", "0000-01-01"]
)
def test_a_date_that_the_calendar_does_not_have_is_refused(tmp_path, date):
    """Case 27."""
    path = tmp_path / "sources.yaml"
    source = {"id": "a", "file": "a.txt", "sha256": "0" * 64, "title": "t", "publisher": "p", "kind": "essay"}
    source |= {"group": "a", "reliability": "B", "notes": "n"}
    lines = "\n  ".join(f'{key}: "{value}"' for key, value in source.items())
    path.write_text(f'- date: "{date}"\n  {lines}\n')
    message = refusal(lambda: validate_list(Source, read_yaml(path, root="sources")))
    assert "sources[0].date (line 1)" in message and "in the calendar" in message


@pytest.mark.parametrize("date", ["2023-02-28", "2024-02-29", "2023-07", "2023", "before 2023-06-30", "25 July 2023"])
def test_a_date_that_exists_is_kept_as_it_stands(date):
    from pydantic import TypeAdapter

    assert TypeAdapter(LooseDate).validate_python(date) == date


@pytest.mark.parametrize("month", ["2023-13", "2023-02-31", "2023-6", "0000-01", '"2023"'])
def test_a_month_that_does_not_exist_is_refused(tmp_path, month):
    for key in ("as_of", "exit"):
        message = refusal(load_scenario, write(tmp_path, "s", f"extends: withdrawal\n{key}: {month}\n"))
        assert f"{key} (line 5)" in message and "YYYY-MM" in message


# Said twice


@pytest.mark.parametrize(
    ("told", "part"),
    [
        ("extends: [withdrawal, withdrawal]", "'withdrawal' stands twice"),
        ("source_lines: [{file: a, lines: [1]}, {file: a, lines: [1]}]", "stands twice"),
        ("drivers: {set: {urban-siege: {}, urban-siege: {}}}", "'urban-siege' stands twice"),
        ("drivers: {set: {urban-siege: {}, Jihadists lay siege to towns: {}}}", "is the title of 'urban-siege'"),
    ],
)
def test_what_stands_twice_is_refused(tmp_path, told, part):
    more = "" if told.startswith("extends") else "extends: withdrawal\n"
    assert part in refusal(load_scenario, write(tmp_path, "s", f"{more}{told}\n"))


# YAML


def read(folder, text):
    path = folder / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return read_yaml(path)


def test_ones_own_key_wins_over_what_is_merged(tmp_path):
    """Case 18."""
    text = """extends: withdrawal
drivers:
  set:
    urban-siege: &same {state: happens, strength: 2.0}
    arms-flow:
      <<: *same
      strength: 0.5
"""
    scenario = load_scenario(write(tmp_path, "merged", text))
    assert [scenario.setting(name).strength for name in ("urban-siege", "arms-flow")] == [2.0, 0.5]
    assert scenario.setting("arms-flow").state == "happens"
    document = read_yaml(tmp_path / "merged.yaml")
    assert document.line_of(("drivers", "set", "arms-flow", "strength")) == 10


def test_a_merged_list_gives_its_first_the_last_word_and_a_key_of_ones_own_may_not_stand_twice(tmp_path):
    merged = read(tmp_path, "a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc: {<<: [*a, *b], z: 3}\n").data["c"]
    assert merged == {"x": 1, "y": 1, "z": 3}
    assert "line 2: the key 'x' stands twice" in refusal(read, tmp_path, "a: &a {x: 1}\nb: {<<: *a, x: 2, x: 3}\n")
    assert "'<<' stands twice" in refusal(read, tmp_path, "a: &a {x: 1}\nb: {<<: *a, <<: *a}\n")


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 20)
)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a: " + "9" * 5000 + "\n", "has 5,000 digits"),
        ("a: 1." + "9" * 5000 + "\n", "digits; write it shorter"),
        ("a: " + "[" * 100_000, "deep here"),
        ("a: " + "{" * 100_000, "deep here"),
        ("- " * 20_000 + "a", "deep here"),
        ("\n".join(" " * i + "a:" for i in range(1500)), "deep here"),
        (LAUGHS, "with aliases (*name) written out"),
        ("a: &a [*a]\n", "stands inside of itself"),
        ("a" * 5000 + ": 1\n", "this is not YAML"),
        ("a" * 500 + ": 1\n", "a key has 450 at most"),
        ("? " + "a" * 50_000 + "\n: 1\n", "a key has 450 at most"),
        ("- abc\n" * 300_000, "there are more than 100,000 values"),
        ("# " + "x" * 6_000_000, "has 6.0 MB, and no more than 5 MB"),
        ("a: !!python/object/apply:os.system [ls]\n", "tags such as"),
        ("a: !!float .inf\n", "tags such as"),
        ("a: .nan\n", "the unquoted value .nan"),
        ("a: &b 1\nc: *d\n", "this is not YAML"),
        (b"a: \xff\xfe\n", "plain UTF-8"),
        ("a: 1\n".encode("utf-16"), "plain UTF-8"),
        ("a: \x00\n", "this is not YAML"),
        ("a: b\n---\na: c\n", "this is not YAML"),
    ],
    ids=range(21),
)  # fmt: skip
def test_what_would_exhaust_the_reader_is_refused_at_once(tmp_path, text, part):
    message = refusal(read, tmp_path, text)
    assert "file.yaml" in message and part in message, message[:400]


@pytest.mark.parametrize("key", ["id", "title", "condition", "extends", "as_of", "months"])
def test_values_of_thousands_of_letters_are_refused_or_kept_but_never_printed_whole(tmp_path, key):
    lines = {"id": "s", "title": "t", "condition": "c", "extends": "withdrawal"} | {key: "a" * 20_000}
    path = tmp_path / "s.yaml"
    path.write_text("".join(f"{name}: {value}\n" for name, value in lines.items()))
    if key in ("title", "condition"):
        assert len(getattr(load_scenario(path), key)) == 20_000
    else:
        assert f"{key} (line" in refusal(load_scenario, path)


def test_a_scenario_with_a_name_of_thousands_of_letters_does_not_exist():
    assert "There is no scenario 'aaa" in refusal(load_scenario, "a" * 5000)
    assert "there is no such scenario file" in refusal(load_scenario, "a" * 5000 + ".yaml")
    assert "there is no such scenario file" in refusal(load_scenario, "a\x00b.yaml")


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [
        ("months:\u00a06\n", None, None),  # the key itself is then `months:\u00a06`, no key at all
        ("months: \u00a06\n", 1, "U+00A0 NO-BREAK SPACE"),
        ("as_of: 2023\u201106\n", 1, "U+2011 NON-BREAKING HYPHEN"),
        ("as_of: 2023\u221206\n", 1, "U+2212 MINUS SIGN"),
        ("a: 1\nas_of: 2023-06\u200b\n", 2, "U+200B ZERO WIDTH SPACE"),
        ("mon\u00adths: 6\n", 1, "U+00AD SOFT HYPHEN"),
        ("\u00a0\u00a0months: 6\n", 1, "U+00A0 NO-BREAK SPACE"),
        ("months: \uff16\n", 1, "U+FF16 FULLWIDTH DIGIT SIX"),
        ("extends: withdr\u0430wal\n", 1, "U+0430 CYRILLIC SMALL LETTER A"),
        ("places: [MLI, B\u2060FA]\n", 1, "U+2060 WORD JOINER"),
        ("a: 1\nb: \ufeff2\n", 2, "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("title: a\u202eb c\n", 1, "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("a: 1\ntitle: b\u2028c: 2\n", 2, "U+2028 LINE SEPARATOR"),
        ("Jihadists lay siege\u00a0to towns: 1\n", 1, "U+00A0 NO-BREAK SPACE"),
    ],
)
def test_a_character_that_does_not_show_is_named_with_its_line(tmp_path, text, line, name):
    """Case 29."""
    message = refusal(read, tmp_path, text) if name else refusal(load_scenario, write(tmp_path, "s", text))
    assert name is None or (f"line {line}" in message and name in message), message


def test_free_text_may_hold_what_its_language_needs(tmp_path):
    text = "\ufefftitle: 90\u00a0% des civils – « peut-être »\nother: Привет\nword: où\n"
    assert read(tmp_path, text).data == {
        "title": "90\u00a0% des civils – « peut-être »",
        "other": "Привет",
        "word": "où",
    }


# Keys and words


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        ("do: {urban-siege: absent}", ["do (line 5)", "belongs under drivers: write drivers: {do: ...}"]),
        ("drivers: {do: {urban-siege: no}}", ["line 5", "write absent if a driver is meant"]),
        ("drivers: {do: {urban-siege: false}}", ["false is no way for a driver to go. Write absent"]),
        ('drivers: {do: {urban-siege: "no"}}', ["there is no branch of urban-siege 'no'", "Write absent"]),
        ("drivers: {do: {urban-siege: true}}", ["Write happens"]),
        ("drivers: {set: {urban-siege: absent}}", ["stands under do, as in do: {DRIVER: absent}"]),
    ],
)
def test_what_is_nearly_right_is_told_what_to_write(tmp_path, told, parts):
    message = refusal(load_scenario, write(tmp_path, "s", f"extends: withdrawal\n{told}\n"))
    assert all(part in message for part in parts), message
