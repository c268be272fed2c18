"""Memory is estimated before work, close to what is then taken, and refused where it cannot be had."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

import harmattan as hm
from harmattan.core import memory
from harmattan.core.errors import InputError
from harmattan.model.specification import SamplerSettings
from harmattan.run import memory as estimates
from harmattan.run.memory import COSTS, check_memory

SERIES = 48
MEASURED = [
    # kind, draws, months, scenarios, largest resident memory that was measured, in units of 1,048,576 bytes
    ("forecast", 50, 3, 1, 315),
    ("forecast", 4_000, 60, 1, 399),
    ("forecast", 16_000, 60, 1, 563),
    ("forecast", 20_000, 12, 1, 446),
    ("forecast", 40_000, 12, 1, 550),
    ("compare", 8_000, 60, 2, 658),
    ("compare", 8_000, 60, 3, 779),
    ("explain", 2_000, 12, 1, 493),
    ("explain", 8_000, 12, 1, 704),
    ("brief", 200, 60, 3, 724),
    ("brief", 4_000, 60, 3, 1_116),
    ("backtest", 1_000, 14, 1, 640),
    ("backtest", 2_000, 14, 1, 1_461),
    ("backtest", 2_000, 6, 1, 1_415),
]


@pytest.fixture
def little(monkeypatch):
    """A machine with little memory left."""
    monkeypatch.setattr(estimates, "available_bytes", lambda: 1_000_000_000)
    monkeypatch.setattr(estimates, "taken_bytes", lambda: 250_000_000)


@pytest.mark.parametrize(("kind", "draws", "months", "scenarios", "taken"), MEASURED)
def test_estimates_are_close_to_what_was_measured(kind, draws, months, scenarios, taken):
    assert COSTS[kind].peak(draws, months, SERIES, scenarios) / 1e6 == pytest.approx(taken * 1.048576, rel=0.07)


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process alone is told by Linux")
def test_the_estimate_is_close_to_what_is_taken_now(found_fit, short_fits):
    # Not ru_maxrss: a process started by another inherits that one's peak there.
    code = (
        "import sys; from pathlib import Path; from harmattan.cli import door\n"
        "sys.argv[1:] = ['forecast', '--months', '24', '--draws', '8000', '--json', '--quiet']\n"
        "try: door.main()\n"
        "except SystemExit as ended: assert ended.code == 0\n"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0], file=sys.stderr)"
    )
    environment = {"PYTHONPATH": str(Path(hm.__file__).parents[1]), "HARMATTAN_CACHE": str(short_fits)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    taken = int(done.stderr.split()[-1]) * 1024
    assert COSTS["forecast"].peak(8_000, 24, SERIES) == pytest.approx(taken, rel=0.25)


def test_what_cannot_fit_is_refused_with_the_estimate_and_what_to_lower(little):
    with pytest.raises(InputError) as refused:
        hm.forecast("baseline", months=60, draws=100_000)
    assert "100,000 futures of 60 months in 48 series need about 1.8 GB of memory, and 1.2 GB" in str(refused.value)
    assert "Ask for 50,000 draws or fewer, or for fewer months (--draws, --months)" in str(refused.value)
    check_memory("forecast", 50_000, 60, units=16)


@pytest.mark.parametrize(
    ("asked", "scenarios"),
    [
        (lambda: hm.compare("withdrawal", "mission_stays", draws=90_000), "2 scenarios of"),
        (lambda: hm.compare_all(draws=90_000), ""),
        (lambda: hm.explain("withdrawal", draws=90_000), ""),
        (lambda: hm.brief(draws=90_000, out="nowhere"), "5 scenarios of"),
    ],
)
def test_every_verb_asks_before_it_works(little, monkeypatch, tmp_path, asked, scenarios):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("harmattan.run.forecasting.fit_model", None)  # would fail if it were called
    with pytest.raises(InputError, match=f"^{scenarios}.*90,000 futures of .* need about .* GB of memory"):
        asked()
    assert list(tmp_path.iterdir()) == []


def test_a_backtest_asks_before_it_works(little, panel):
    from shipped import neighbour_weights

    from harmattan.run.backtesting import backtest

    with pytest.raises(InputError, match="20,000 futures of 14 months .* need about 110.* GB"):
        backtest(panel, neighbour_weights(), ["2022-10"], horizon=14, draws=20_000, settings=SamplerSettings())


def test_workers_of_this_machine_each_take_their_own(little):
    check_memory("forecast", 4_000, 60, units=16)
    with pytest.raises(InputError, match="^4 workers with 4,000 futures of 60 months .* each need about"):
        check_memory("forecast", 4_000, 60, units=16, workers=4)


# What is available


def test_a_container_has_what_its_group_leaves(tmp_path, monkeypatch):
    group = tmp_path / "box" / "inner"
    group.mkdir(parents=True)
    for folder, limit in ((group, "max"), (group.parent, "3000000000")):
        (folder / "memory.max").write_text(limit + "\n")
        (folder / "memory.current").write_text("2000000000\n")
        (folder / "memory.stat").write_text("anon 1\ninactive_file 500000000\n")
    (tmp_path / "own").write_text("0::/box/inner\n")
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", tmp_path)
    monkeypatch.setattr(memory, "_OWN_GROUPS", tmp_path / "own")
    assert memory.available_bytes() == 1_500_000_000


def test_an_older_container_has_what_its_group_leaves(tmp_path, monkeypatch):
    group = tmp_path / "memory"
    group.mkdir()
    (group / "memory.limit_in_bytes").write_text("1000000000\n")
    (group / "memory.usage_in_bytes").write_text("400000000\n")
    (group / "memory.stat").write_text("total_inactive_file 100000000\n")
    (tmp_path / "own").write_text("4:memory:/docker/abc\n3:cpu:/\n")
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", tmp_path)
    monkeypatch.setattr(memory, "_OWN_GROUPS", tmp_path / "own")
    assert memory.available_bytes() == 700_000_000


def test_a_limit_of_the_shell_counts(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (10**15, 10**15))
    free = memory.available_bytes()
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (1, 1))
    assert memory.available_bytes() == 0 < free
