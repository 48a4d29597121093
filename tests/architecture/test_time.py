"""Every moment knows its offset, and nothing waits for luck."""

import ast

import pytest

from tests.architecture.tree import PACKAGES, calls, modules

NAIVE = {"datetime.utcnow", "datetime.utcfromtimestamp", "datetime.today", "date.today"}
NAIVE_WITHOUT_ZONE = {"datetime.now": 1, "datetime.fromtimestamp": 2}
SLEEPS = {"time.sleep", "asyncio.sleep", "anyio.sleep", "sleep"}
# The one place where tests pause between two looks.
WAITING = "tests/waiting.py"


def naive_moments(path: str) -> list[str]:
    found = []
    for call, name in calls(path):
        called = ".".join(name.split(".")[-2:])
        given = len(call.args) + len(call.keywords)
        if called in NAIVE or given < NAIVE_WITHOUT_ZONE.get(called, 0):
            found.append(f"{path}:{call.lineno} {name}()")
    return found


def sleeps(path: str) -> list[str]:
    """Calls that pause for a while; `asyncio.sleep(0)` only lets others run and is no pause."""
    return [
        f"{path}:{call.lineno} {name}"
        for call, name in calls(path)
        if name in SLEEPS and not (call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)
    ]


def test_every_moment_knows_its_offset() -> None:
    found = [each for path in modules(*PACKAGES, "tests") for each in naive_moments(path)]
    assert not found, "give the zone: datetime.now(UTC), or better take the clock as an argument"


def test_no_test_sleeps() -> None:
    found = [each for path in modules("tests") if path != WAITING for each in sleeps(path)]
    assert not found, "wait for a state with tests.waiting (until, eventually), or move an injected clock"


def test_no_committee_and_no_gateway_blocks_its_thread_with_a_sleep() -> None:
    serving = modules("sync", "gateway", "tenant_service")
    found = [each for path in serving for each in sleeps(path) if each.endswith("time.sleep")]
    assert not found, "the one domain thread serves everybody: a pause belongs to the asynchronous edge"


@pytest.mark.parametrize(
    ("line", "naive"),
    [
        ("datetime.datetime.now()", True),
        ("dt.datetime.now(dt.UTC)", False),
        ("datetime.utcnow()", True),
        ("date.today()", True),
        ("datetime.fromtimestamp(0)", True),
        ("datetime.fromtimestamp(0, tz=UTC)", False),
        ("clock.now()", False),
    ],
)
def test_the_rule_sees_a_naive_moment(line: str, naive: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.tree.syntax", lambda _path: ast.parse(line))
    assert bool(naive_moments("made_up.py")) is naive


@pytest.mark.parametrize(
    ("line", "seen"),
    [("time.sleep(1)", True), ("asyncio.sleep(0.5)", True), ("asyncio.sleep(0)", False), ("until(ready)", False)],
)
def test_the_rule_sees_a_sleep(line: str, seen: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.tree.syntax", lambda _path: ast.parse(line))
    assert bool(sleeps("made_up.py")) is seen
