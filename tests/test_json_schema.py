"""The schemas for editors accept every shipped file and refuse what `harmattan validate` refuses."""

import copy
import json
import re

import pytest
from jsonschema import Draft202012Validator

from harmattan.core.errors import InputError
from harmattan.core.resources import shipped_root
from harmattan.schema.json_schema import KINDS, as_text, json_schema, schema_file_name, write_schemas
from harmattan.schema.scenario import NOT_SCENARIOS
from harmattan.schema.yaml_source import read_yaml

ROOT = shipped_root()
FILES = {path: kind for kind, (_, where) in KINDS.items() for path in sorted(ROOT.glob(where)) if kind != "scenario"}
LIBRARY = {
    "hedges.yaml": "lexicon-hedges",
    "magnitudes.yaml": "lexicon-magnitudes",
    "drivers.yaml": "driver",
    "reading.yaml": "lexicon-reading",
}
FILES |= {path: LIBRARY[path.name] for path in sorted(ROOT.glob("seeds/library/*.yaml"))}
FILES |= {path: "scenario" for path in sorted(ROOT.glob(KINDS["scenario"][1])) if path.stem not in NOT_SCENARIOS}


def errors(kind, data):
    return [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(json_schema(kind)).iter_errors(data)
    ]


def test_every_file_that_an_analyst_edits_has_a_kind():
    edited = {ROOT / "case.yaml", *(ROOT / "seeds").rglob("*.yaml"), *(ROOT / "scenarios").rglob("*.yaml")}
    assert edited == set(FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_shipped_file_fits_its_schema(path):
    assert errors(FILES[path], read_yaml(path).data) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_are_schemas_and_stand_where_editors_look(kind):
    schema = json_schema(kind)
    Draft202012Validator.check_schema(schema)
    assert (ROOT / "seeds" / "schemas" / schema_file_name(kind)).read_text(encoding="utf-8") == as_text(schema)


def test_no_schema_is_left_over():
    assert {path.name for path in (ROOT / "seeds" / "schemas").iterdir()} == {schema_file_name(kind) for kind in KINDS}


def test_the_editor_settings_of_the_manual_name_what_is_there():
    manual = (ROOT / "seeds" / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```json\n(.*?)^```", manual, re.M | re.S)
    for schema, where in json.loads(block)["yaml.schemas"].items():
        kind = schema.removeprefix("seeds/schemas/").removesuffix(".schema.json")
        assert (ROOT / schema).is_file()
        assert KINDS[kind][1] in (where if isinstance(where, list) else [where])


CLAIMS = read_yaml(ROOT / "seeds" / "claims" / "news-bnn.yaml").data


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("horizon", "shrt"),
        ("lines", []),
        ("lines", [0]),
        ("places", ["ZZZ"]),
        ("drivers", ["Not A Name"]),
        ("hedg", ""),
    ],
)
def test_an_editor_marks_what_validation_refuses(key, value):
    wrong = copy.deepcopy(CLAIMS)
    wrong[0][key] = value
    assert errors("claim", wrong) != []


@pytest.mark.parametrize("kind", ["claim", "source", "driver"])
def test_every_key_says_what_it_means(kind):
    schema = json_schema(kind)
    record = schema["$defs"][schema["items"]["$ref"].rsplit("/", 1)[-1]]
    assert [key for key, value in record["properties"].items() if len(value.get("description", "")) < 10] == []


def test_a_scenario_needs_only_what_it_changes():
    assert errors("scenario", {"id": "mine", "extends": "withdrawal"}) == []
    assert errors("scenario", {"extends": "withdrawal"}) != []
    assert errors("scenario", {"id": "mine", "drivers": {"set": {"peace-accord": {"state": "hapens"}}}}) != []


def test_schemas_are_written_to_a_folder(tmp_path):
    paths = write_schemas(tmp_path / "new", ["claim"])
    assert [path.name for path in paths] == ["claim.schema.json"]
    assert json.loads(paths[0].read_text())["$defs"]["Claim"]["required"]


def test_an_unknown_kind_and_a_file_for_a_folder_are_refused(tmp_path):
    with pytest.raises(InputError, match="Did you mean 'claim'"):
        json_schema("clam")
    (tmp_path / "file").write_text("kept")
    with pytest.raises(InputError, match="is a file; name a folder"):
        write_schemas(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "kept"
