"""With `--lang fr` no English word is left but names, ids, file names and words quoted from documents."""

import ast
import io
import re
from pathlib import Path

import pytest
from english_left import english_left
from explain_helpers import short_run
from shown_words import Shown as Words

from harmattan.case.opening import open_case
from harmattan.claims.lexicon import reading_of
from harmattan.claims.register import load_register
from harmattan.cli import door
from harmattan.cli.commands import backtest, cache, compare, explain, forecast, ledger, scorecard, show, signposts
from harmattan.cli.tables import print_table
from harmattan.core.language import speaking
from harmattan.core.telling import telling
from harmattan.core.terminal import at_terminal, terminal_words
from harmattan.explain.question import Question
from harmattan.report.translations import all_texts, lacking_words
from harmattan.schema.credits import read_credits

PACKAGE = Path(door.__file__).parents[1]
COMMANDS = [path.stem for path in (PACKAGE / "cli" / "commands").glob("*.py")]


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self):
        return True


@pytest.fixture
def said(monkeypatch):
    """Run a command as at a wide terminal; return its exit code and all that the reader sees."""

    def run(*words, variable=None):
        out, err = Terminal(), Terminal()
        for name, value in (("COLUMNS", "240"), ("TERM", "dumb"), ("HARMATTAN_LANG", variable or "")):
            monkeypatch.setenv(name, value)
        if not variable:
            monkeypatch.delenv("HARMATTAN_LANG")
        monkeypatch.setattr("sys.argv", ["harmattan", *words])
        monkeypatch.setattr("sys.stdout", out)
        monkeypatch.setattr("sys.stderr", err)
        with pytest.raises(SystemExit) as end:
            door.main()
        return end.value.code, re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue() + err.getvalue())

    return run


def test_the_check_finds_english_and_lets_names_pass():
    assert set(english_left("La mission leaves le Mali")) == {"leaves"}
    assert set(english_left("Tchad, Chad")) == {"chad"}
    passes = 'facteur peace-accord : "could" -> Could Happen, seeds/claims/chat-bard.yaml:1010, --as-of, MINUSMA'
    assert english_left(passes) == {}
    assert set(english_left("voie collapses", ids=False)) == {"collapses"}


# Commands


@pytest.mark.parametrize(
    "command",
    [
        "show vacuum",
        "trace peace-accord",
        "trace exit",
        "trace commentary-exit-013-e",
        "trace one_sided/MLI/short",
        "trace hultman-2013-troops",
        "trace vacuum",
        "ledger --as-of 2024-12",
        "scorecard",
        "new driver --library",
        "forecast vacum",
        "forecast --as-of 2023-13",
        "forecast --out x.txt",
        "trace nowhere-at-all",
        "cache --dry-run",
        "new source",
        "validate README.md",
        "explain --help",
        "data import --help",
        "--help",
    ],
)
def test_what_a_command_says_is_french(said, command):
    ids = ("drivers", "default", "from", "claims", "happens", "str", "int", "float", "path", "kind", "name", "file")
    names = (
        {*ids, "project", *COMMANDS, *command.split()}
        if command.startswith("show") or command.endswith("help")
        else cited(command)
    )
    code, text = said(*command.split(), "--lang", "fr") if command != "--help" else said("--help", variable="fr")
    assert code in (0, 2) and len(text) > 40
    assert english_left(text, names=names) == {}


def cited(command):
    """Return words of sources and credits, which a ledger cites as their publishers have them."""
    case = open_case()
    sources = [event.source for event in case.dated.values()] + [one.citation for one in read_credits(case.root)]
    return set(re.findall(r"\w+", " ".join(sources).lower())) if command.startswith("ledger") else ()


def test_the_environment_speaks_and_the_option_has_the_last_word(said):
    assert "énoncé commentary-exit-013-e" in said("trace", "commentary-exit-013-e", variable="fr")[1]
    assert "claim commentary-exit-013-e" in said("trace", "commentary-exit-013-e", "--lang", "en", variable="fr")[1]
    code, text = said("cache", variable="de")
    assert (code, "There is no language 'de': choose one of en, fr." in text) == (2, True)


def test_english_is_what_it_was_without_the_option(said):
    assert said("trace", "commentary-exit-013-e")[1].startswith("claim commentary-exit-013-e\n  says      ")


# Tables: their headings stand in the code


TABLES = {
    "forecast": (*forecast.COLUMNS, *forecast.FLOW_COLUMNS, *forecast.DISPLACED_COLUMNS, *forecast.BREAK_COLUMNS),
    "compare": (*compare.COLUMNS, *compare.OVERVIEW),
    "people": tuple(column for columns in compare._COLUMNS.values() for column in columns),
    "ledger": (*ledger.SETTLED, *ledger.SHARES, *ledger.SCORES),
    "explain": explain.COLUMNS,
    "signposts": (*signposts.DRIVERS, *signposts.APART, *signposts.CARDS),
    "backtest": (*backtest.SKILL, *backtest.COVERAGE),
    "cache": cache.COLUMNS,
    "arrows": show.COLUMNS,
    "prior": show.PRIOR,
    "scorecard": (*scorecard.WINDOWS, *scorecard.SKILL, *scorecard.COVERAGE, *scorecard.SAID),
}


@pytest.mark.parametrize("name", TABLES)
def test_headings_of_tables_are_translated(name):
    same = {"id", "k-hat", "horizon", "score"}
    with speaking("fr"):
        kept = {column.heading for column in TABLES[name] if terminal_words(column.heading) == column.heading}
    assert kept <= same


@pytest.mark.parametrize("code", ["en", "fr"])
def test_no_heading_is_cut_and_no_word_broken_at_80_columns(monkeypatch, code):
    import pandas as pd

    stream = Terminal()
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdout", stream)
    texts = {"claim": ["commentary-exit-013-e"], "says": ["Un nouveau soulèvement séparatiste est redouté."]}
    for columns in (compare.COLUMNS, ledger.SETTLED, ledger.SCORES, explain.COLUMNS):
        frame = pd.DataFrame({column.name: texts.get(column.name, [1234.5]) for column in columns})
        with speaking(code):
            print_table(frame, "T", columns)
    lines = stream.getvalue().splitlines()
    assert "…" not in stream.getvalue() and max(map(len, lines)) <= 80
    words = {word for line in lines for word in re.sub(r"\x1b\[[0-9;]*m|─", " ", line).split(" ")}
    assert {"commentary-exit-013-e", "soulèvement", "séparatiste"} <= words
    assert "1\u202f234" in words if code == "fr" else "1,234" in words


def test_numbers_at_a_terminal_have_the_languages_marks_and_a_plain_minus():
    assert at_terminal(-1234.5, 1) == "-1,234.5" and at_terminal(0.25, signed=True) == "+0.25"
    with speaking("fr"):
        assert at_terminal(-1234.5, 1) == "-1\u202f234,5" and at_terminal(2.0) == "2"


# What the code says in English


def templates(node):
    """Return a string of the code with `{}` for what is filled in; None of anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def raised(folder):
    """Yield where an error stands in a room, and what it says."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("InputError", "say") and node.args:
                text = templates(node.args[0])
                if text and re.search("[a-z]{3}", text.replace("{}", "")):
                    yield path.relative_to(PACKAGE).as_posix(), text


@pytest.mark.parametrize(
    "folder", ["cli", "explain", "run/asking.py", "core/files.py", "core/months.py", "core/language.py"]
)
def test_errors_of_commands_are_translated(folder):
    room = folder if not folder.endswith(".py") else str(Path(folder).parent)
    found = [text.format(*["x7"] * 9) for file, text in raised(room) if file.startswith(folder)]
    with speaking("fr"):
        assert found and [text for text in found if terminal_words(text) == text] == []


def test_every_option_has_its_help_in_french():
    texts = {
        keyword.value.value
        for path in sorted((PACKAGE / "cli").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "help" and isinstance(keyword.value, ast.Constant)
    }
    with speaking("fr"):
        assert len(texts) > 80 and [text for text in texts if terminal_words(text) == text] == []


def test_steps_are_told_in_french():
    steps = {
        node.args[0].value
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "step" and node.args
        if isinstance(node.args[0], ast.Constant)
    }
    with speaking("fr"):
        assert len(steps) > 8 and [step for step in steps if terminal_words(step) == step] == []
        assert terminal_words("simulate withdrawal, from 2023-07") == "simuler withdrawal, à partir de 2023-07"


def test_an_error_keeps_what_the_reader_typed():
    with speaking("fr"):
        text = terminal_words("There is no scenario 'vacum'. Did you mean 'vacuum'? Or give the path of a YAML file.")
    assert "« " not in text and "'vacum'" in text and "Vouliez-vous dire 'vacuum'" in text


# The case


def test_every_text_of_the_case_is_translated(said):
    assert lacking_words(load_register(), "fr") == []
    assert "tous les textes du cas sont traduits" in said("validate", "--lang", "fr")[1]


def test_what_traces_show_of_conflicts_facts_and_reasons_is_counted():
    register = load_register()
    counted = set(all_texts(register))
    assert {fact.unit for fact in register.facts.values()} | {"over 6,000", "several"} <= counted
    assert not {"2013", "900"} & counted, "a number or a date needs no translation"
    assert {claim.reliability.why for claim in register.claims.values() if claim.reliability} <= counted
    readings = {reading_of(claim, register.lexicons) for claim in register.claims.values()} - {None}
    assert {reading.reason for reading in readings} <= counted
    assert {said.why for event in register.case.dated.values() for said in event.says} <= counted
    for conflict in register.conflicts.values():
        assert {conflict.what, conflict.reading, conflict.why} <= counted
        assert {statement.says for statement in conflict.statements} <= counted


def test_french_of_the_case_keeps_numbers_and_files_of_the_english():
    """Texts with placeholders are left out: a translation may word what they bring otherwise."""
    texts = {english: french for english, french in open_case().words.texts["fr"].items() if "{" not in english}
    assert len(texts) > 900
    changed = {english for english, french in texts.items() if kept(english, ",", ".") != kept(french, " ", ",")}
    assert changed == set()


def kept(text, group, decimal):
    """Return numbers and names of tables in a text, which no translation may change."""
    numbers = re.findall(rf"\d{{1,3}}(?:{group}\d{{3}})+(?!\d)|\d+(?:[.{decimal}]\d+)?", text)
    plain = sorted(number.replace(group, "").replace(decimal, ".") for number in numbers)
    return plain, sorted(re.findall(r"[\w./-]+\.(?:csv|yaml)", text))


def test_a_trace_of_a_fact_is_french_with_its_unit(said):
    assert "11700 soldats\n" in said("trace", "fact-press-divorce-021-a", "--lang", "fr")[1]
    assert "plus de 6 000 décès\n" in said("trace", "fact-commentary-exit-009-c", "--lang", "fr")[1]


@pytest.mark.parametrize("conflict", ["conflict-june-31", "conflict-violence-38-per-cent", "conflict-au-enforcement"])
def test_a_trace_of_a_conflict_is_french(said, conflict):
    code, text = said("trace", conflict, "--lang", "fr")
    one = load_register().conflicts[conflict]
    english = {one.what, one.reading, one.why, *(statement.says for statement in one.statements)}
    assert code == 0 and english_left(text) == {} and not [words for words in english if words in text]


# An explanation


@pytest.mark.slow
def test_an_explanation_is_french_in_words_figures_and_title(small_posterior):
    from harmattan.core.progress import Steps
    from harmattan.report.explaining import explain_run

    run = short_run(small_posterior, load_register(), draws=200)
    found = explain_run(run, Question("MLI", "one_sided", threshold=500.0), steps=Steps())
    with speaking("fr"), telling(run.words):
        assert english_left("\n".join(found.sentences.values())) == {}
        words = " ".join(text.get_text() for text in found.figure("tornado_deaths").figure.findobj(_is_text))
        assert english_left(words, ids=False) == {}


def _is_text(artist):
    from matplotlib.text import Text

    return isinstance(artist, Text) and artist.get_visible()


def test_the_page_of_drafts_is_french(tmp_path, monkeypatch):
    from made import copy_made_case

    from harmattan.core.resources import PROJECT_VARIABLE
    from harmattan.report.reading_entry import read

    copy_made_case(tmp_path / "case")
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path / "case"))
    document = tmp_path / "note.txt"
    document.write_text("Armed groups could attack more towns.\nCivilians are likely to flee.\n", encoding="utf-8")
    page = read(document, source="note", lang="fr", page=tmp_path / "page.html").page.read_text(encoding="utf-8")
    words = Words(re.sub(r"<script.*?</script>", "", page, flags=re.S)).words
    assert english_left(" ".join(words), names=("villages", "attacked")) == {}
