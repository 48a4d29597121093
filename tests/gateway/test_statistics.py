"""Figures over many committees: the total does not move when one goes away, and says whom it covers."""

import asyncio
import calendar
import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from gateway.app import Parts
from gateway.identity.callers import NOBODY
from sync.bus.answerer import Question
from sync.contract.ids import Id
from sync.contract.shapes.values import IndicatorCode
from tenant_service.graph.types import JSONObject
from tests.gateway.committee import Value
from tests.gateway.federation import HOME, MECHANISM, OF_ALL, Behaving, Federation, federation, said

QUERY = """query ($at: At, $fan: Fan, $by: [Dimension!]!, $codes: [IndicatorCode!]!, $from: Date, $to: Date) {
  statistics(at: $at, indicators: $codes, by: $by, from: $from, to: $to, fan: $fan) {
    rows { committee { id shortName } level month kind values { code value } }
    total {
      code value distinct whyNotDistinct imported leftOut { committee { id } from to kind number }
      unit coverage { total fresh stale missing } text
    }
    fanout { complete sources(not: []) { committee { id } state rows } }
  }
}"""
HELD, VENUES = IndicatorCode.ACTIVITIES_HELD, IndicatorCode.VENUES_OPEN
NOW = dt.datetime(2026, 12, 3, 4, tzinfo=dt.UTC)
EIGHT = dt.datetime(2026, 12, 3, 0, tzinfo=dt.UTC)
JOINT = Id("330101.activity." + "b" * 32)
DISTRICTS = {"under": [HOME]}


def values(own: str, held: int) -> list[Value]:
    """`held` sessions on the last day of October, one of them with others; as many venues since."""
    found = []
    for month in ("2026-10", "2026-11"):
        length = calendar.monthrange(2026, int(month[5:]))[1]
        last = [0] * (length - 1) + [held if month == "2026-10" else 0]
        if any(last):
            found.append(_value(own, HELD, month, {"HALL_SESSION": last}, [JOINT]))
        found.append(_value(own, VENUES, month, {"HALL": [held] * length}, []))
    return found


def _value(own: str, of: IndicatorCode, month: str, days: dict[str, list[int]], joint: list[Id]) -> Value:
    return Value(
        committee_id=Id(own), indicator=of, month=month, days=JSONObject(days), joint_ids=joint, computed_at=NOW
    )


@pytest.fixture(scope="module")
def city(runner: asyncio.Runner) -> Iterator[Federation]:
    """Thirteen districts with 1 … 13 sessions, the last one not served; the city knows what each last told it."""
    context = federation(13, 0, away=["330113"])
    made = runner.run(context.__aenter__())
    for n, id in enumerate(made.below, 1):
        made.rows[id].values = values(id, n)
        made.services[HOME].shared.values += values(id, n)
    yield made
    runner.run(context.__aexit__(None, None, None))


@pytest.fixture(autouse=True)
def honest(city: Federation) -> Iterator[None]:
    city.services[HOME].shared.as_of = dict.fromkeys(city.below, EIGHT)
    yield
    city.behaving = {}


@pytest.fixture(scope="module")
def parts(city: Federation, runner: asyncio.Runner) -> Parts:
    """At noon on 3 December in Hangzhou; tokens are checked by the clock of this machine."""
    made = runner.run(city.parts())
    made.gateway._now = lambda: NOW
    return made


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(city: Federation, parts: Parts, runner: asyncio.Runner) -> Ask:
    def asking(by: list[str] | None = None, codes: list[str] | None = None, **variables: Any) -> dict[str, Any]:
        caller = variables.pop("caller", city.caller())
        given = {"at": DISTRICTS, "by": by or ["COMMITTEE"], "codes": codes or ["ACTIVITIES_HELD"], **variables}
        told = runner.run(said(parts, QUERY, caller, **given))
        assert "errors" not in told, told["errors"]
        answer: dict[str, Any] = told["data"]["statistics"]
        return answer

    return asking


def test_the_total_stands_when_one_is_away_and_says_so(ask: Ask, city: Federation) -> None:
    told = ask()
    assert told["total"] == [{
        "code": "ACTIVITIES_HELD", "value": 91, "distinct": 79, "whyNotDistinct": None, "imported": 0, "leftOut": [],
        "unit": "场次",
        "coverage": {"total": 13, "fresh": 12, "stale": 1, "missing": 0},
        "text": "13/13 已计入，其中 12 实时，1 截至 12月3日 08:00",
    }]  # fmt: skip
    assert [each["values"][0]["value"] for each in told["rows"]] == list(range(1, 14))
    assert [each["committee"]["id"] for each in told["rows"]] == list(city.below)
    assert told["fanout"]["complete"]


IN_2020 = "2020-01-01/2020-12-31"


@pytest.fixture
def opening(city: Federation) -> Iterator[None]:
    """期初数: the 12th and the 13th district, which is away, held 100 sessions each in the year 2020."""
    told = {
        own: [
            replace(_value(own, HELD, f"2020-{month:02}", {}, []), mechanism_days=JSONObject({}),
                    mechanism_joint_ids=JSONObject({}), imported=JSONObject({IN_2020: {"": 100}}))
            for month in range(1, 13)
        ]
        for own in ("330112", "330113")
    }  # fmt: skip
    before = {own: list(city.rows[own].values) for own in told}
    shared = list(city.services[HOME].shared.values)
    for own, values in told.items():
        city.rows[own].values += values
        city.services[HOME].shared.values += values
    yield
    for own, had in before.items():
        city.rows[own].values = had
    city.services[HOME].shared.values = shared


@pytest.mark.usefixtures("opening")
def test_what_was_imported_is_in_the_figure_and_said_live_and_from_copies_alike(ask: Ask) -> None:
    """Practice rule 6: always marked 汇总导入."""
    told = ask(["COMMITTEE"], **{"from": "2020-01-01", "to": "2026-12-03"})
    (total,) = told["total"]
    assert (total["value"], total["imported"], total["leftOut"]) == (291, 200, [])
    assert (total["distinct"], total["whyNotDistinct"]) == (None, "IMPORTED"), "nobody knows which were joint"
    assert total["text"].endswith("，其中 200 为汇总导入")
    assert [row["values"][0]["value"] for row in told["rows"][-2:]] == [112, 113]
    by_kind = ask(["KIND"], **{"from": "2020-01-01", "to": "2026-12-03"})["rows"]
    assert {row["kind"]: row["values"][0]["value"] for row in by_kind} == {"HALL_SESSION": 91, None: 200}


@pytest.mark.usefixtures("opening")
def test_what_was_imported_is_not_divided_by_day_but_named(ask: Ask) -> None:
    (total,) = ask(["COMMITTEE"], **{"from": "2020-03-01", "to": "2026-12-03"})["total"]
    assert (total["value"], total["imported"], total["distinct"]) == (91, 0, 79)
    assert total["leftOut"] == [
        {"committee": {"id": own}, "from": "2020-01-01", "to": "2020-12-31", "kind": None, "number": 100}
        for own in ("330112", "330113")
    ]
    assert "；未计入只部分落在所选日期内的汇总导入：第12区 2020-01-01至2020-12-31（100）、第13区" in total["text"]


def test_who_never_reported_is_named_and_not_counted_as_nothing(ask: Ask, city: Federation) -> None:
    del city.services[HOME].shared.as_of["330113"]
    told = ask()
    (total,) = told["total"]
    assert (total["value"], total["distinct"], total["whyNotDistinct"]) == (78, None, "PART_MISSING")
    assert total["text"] == "12/13 已计入，其中 12 实时，缺第13区"
    assert told["rows"][-1]["values"] == [{"code": "ACTIVITIES_HELD", "value": None}]
    assert not told["fanout"]["complete"]


def test_who_told_of_other_things_in_these_months_has_nothing_of_this_one(ask: Ask, city: Federation) -> None:
    """Values of nothing are not published: November's venues say that November's sessions are none."""
    told = ask(codes=["ACTIVITIES_HELD", "VENUES_OPEN"], **{"from": "2026-11-01"})
    held, venues = told["total"]
    assert held["value"] == 0
    assert held["coverage"] == {"total": 13, "fresh": 12, "stale": 1, "missing": 0}
    assert (venues["value"], venues["distinct"]) == (91, 91)


def test_home_may_say_of_what_each_was_ever_told(ask: Ask, city: Federation) -> None:
    async def telling(question: Question, honest: bytes) -> bytes | None:
        answer = json.loads(honest)
        if question.verb == "replica":
            answer["extensions"]["replica"]["330113"]["reported"] = ["ACTIVITIES_HELD"]
        return json.dumps(answer).encode()

    city.behaving = {HOME: telling}
    told = ask(codes=["ACTIVITIES_HELD", "VENUES_OPEN"], **{"from": "2026-12-01"})
    assert [each["coverage"]["missing"] for each in told["total"]] == [0, 1]


def test_live_figures_alone_can_be_asked_for(ask: Ask) -> None:
    (total,) = ask(fan={"read": "LIVE"})["total"]
    assert (total["value"], total["text"]) == (78, "12/13 已计入，其中 12 实时，缺第13区")
    (total,) = ask(caller=NOBODY)["total"]
    assert total["coverage"] == {"total": 13, "fresh": 12, "stale": 0, "missing": 1}


def test_published_figures_alone_can_be_asked_for(ask: Ask) -> None:
    (total,) = ask(fan={"read": "REPLICA"})["total"]
    assert (total["value"], total["distinct"]) == (91, 79)
    assert total["coverage"] == {"total": 13, "fresh": 0, "stale": 13, "missing": 0}


def test_a_copy_of_no_day_has_no_part(ask: Ask, city: Federation, monkeypatch: pytest.MonkeyPatch) -> None:
    at = {id: {"state": "STALE"} | ({} if id == "330105" else {"asOf": EIGHT.isoformat()}) for id in city.below}
    monkeypatch.setattr(city.services[HOME], "_copy", at.get)
    assert ask(fan={"read": "REPLICA"})["total"][0]["value"] == 91 - 5


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        (["LEVEL"], [("COUNTY", None, None, 91)]),
        (["MONTH"], [(None, "2026-10", None, 91), (None, "2026-11", None, 0)]),
        (["KIND"], [(None, None, "HALL_SESSION", 91)]),
        (["MONTH", "KIND", "LEVEL"], [("COUNTY", "2026-10", "HALL_SESSION", 91)]),
    ],
)
def test_it_is_broken_down_as_asked(ask: Ask, by: list[str], lines: list[tuple[str | None, ...]]) -> None:
    told = ask(by, **{"from": "2026-10-15", "to": "2026-11-30"})
    assert [(each["level"], each["month"], each["kind"], each["values"][0]["value"]) for each in told["rows"]] == lines


def test_indicators_and_dimensions_named_twice_count_once(ask: Ask) -> None:
    told = ask(["KIND", "KIND"], ["VENUES_OPEN", "ACTIVITIES_HELD", "VENUES_OPEN"])
    assert [each["code"] for each in told["total"]] == ["VENUES_OPEN", "ACTIVITIES_HELD"]
    assert [each["kind"] for each in told["rows"]] == ["HALL", "HALL_SESSION"]


def spoiled(name: str, value: Any) -> Behaving:
    async def behave(question: Question, honest: bytes) -> bytes | None:
        answer = json.loads(honest)
        answer["data"]["r0"][0][name] = value
        return json.dumps(answer).encode()

    return behave


@pytest.mark.parametrize(
    "lie",
    [
        spoiled("committeeId", "330101"), spoiled("month", "2026-13"), spoiled("indicator", "GUESSED"),
        spoiled("days", {"STUDY": [-1]}),
        spoiled("days", {"STUDY": [1] * 32}),
        spoiled("computedAt", "yesterday"), spoiled("jointIds", 3), spoiled("days", {"STUDY": [10**30]}),
        spoiled("computedAt", "9999-12-31T23:59:59Z"), spoiled("computedAt", "0001-01-01T00:00:00+14:00"),
        spoiled("imported", {"2026-10": {"": 1}}), spoiled("imported", {"2026-10-01/2026-11-30": 3}),
        spoiled("imported", {IN_2020: {"": 5}}), spoiled("imported", {"2026-10-01/2026-10-31": {"": -1}}),
    ],
)  # fmt: skip
def test_a_liar_loses_its_own_part_and_nothing_else(ask: Ask, city: Federation, lie: Behaving) -> None:
    city.behaving = {"330112": lie}
    told = ask()
    states = {each["committee"]["id"]: each["state"] for each in told["fanout"]["sources"]}
    assert states["330112"] == "FAILED"
    assert told["total"][0]["value"] == 91 - 12
    assert told["total"][0]["coverage"] == {"total": 13, "fresh": 11, "stale": 1, "missing": 1}


BY_MECHANISM = """query ($at: At, $fan: Fan, $by: [Dimension!]!) {
  statistics(at: $at, indicators: [ACTIVITIES_HELD], by: $by, from: "2026-10-01", to: "2026-11-30", fan: $fan) {
    rows { committee { id } mechanism { id name } values { value distinct whyNotDistinct coverage { missing } text } }
    total { value }
  }
}"""


@pytest.fixture
def apart(city: Federation, parts: Parts, runner: asyncio.Runner) -> Iterator[Ask]:
    """Districts 1 to 12 held their joint session under the delta's mechanism; the 13th is of a release before that."""
    plain = {id: city.rows[id].values for id in city.below}
    shared = city.services[HOME].shared.values

    def told_apart(value: Value) -> Value:
        if value.committee_id == "330113":
            return value
        days: Any = {kind: [min(1, each) for each in numbers] for kind, numbers in value.days.items()}
        is_held = value.indicator is HELD
        return replace(
            value, mechanism_days=JSONObject({OF_ALL: days} if is_held else {}),
            mechanism_joint_ids=JSONObject({OF_ALL: value.joint_ids} if is_held else {}),
        )  # fmt: skip

    for id in city.below:
        city.rows[id].values = list(map(told_apart, plain[id]))
    city.services[HOME].shared.values = list(map(told_apart, shared))

    def asking(by: list[str], **variables: Any) -> dict[str, Any]:
        given = {"at": DISTRICTS, "by": by, **variables}
        told = runner.run(said(parts, BY_MECHANISM, city.caller(), **given))
        assert "errors" not in told, told["errors"]
        answer: dict[str, Any] = told["data"]["statistics"]
        return answer

    yield asking
    for id, values in plain.items():
        city.rows[id].values = values
    city.services[HOME].shared.values = shared


@pytest.mark.parametrize("read", ["AUTO", "REPLICA"])
def test_it_is_told_apart_by_mechanism_live_and_from_copies_alike(apart: Ask, read: str) -> None:
    told = apart(["MECHANISM"], fan={"read": read}, at=DISTRICTS | {"except": ["330113"]})
    under, rest = told["rows"]
    assert (under["mechanism"]["name"], rest["mechanism"]) == ("全市联动", None)
    assert [(each["value"], each["distinct"]) for each in under["values"] + rest["values"]] == [(12, 1), (66, 66)]
    assert told["total"][0]["value"] == 78


@pytest.mark.parametrize("read", ["AUTO", "REPLICA"])
def test_who_does_not_tell_it_apart_is_named_and_in_the_total(apart: Ask, read: str) -> None:
    told = apart(["MECHANISM"], fan={"read": read})
    for row in told["rows"]:
        [value] = row["values"]
        assert (value["distinct"], value["whyNotDistinct"]) == (None, "NOT_BY_MECHANISM")
        assert value["coverage"]["missing"] == 1
        assert value["text"].endswith("未按机制分列：第13区")
    assert [row["values"][0]["value"] for row in told["rows"]] == [12, 66]
    assert told["total"] == [{"value": 91}]


def test_of_each_committee_it_is_told_apart_and_one_that_does_not_tell_has_no_figure(apart: Ask) -> None:
    rows = apart(["COMMITTEE", "MECHANISM"])["rows"]
    assert [row["values"][0]["value"] for row in rows if row["mechanism"]] == [1] * 12
    last = rows[-1]
    assert (last["committee"]["id"], last["mechanism"]) == ("330113", None)
    assert last["values"][0]["value"] is None


@pytest.mark.parametrize(
    "lie",
    [
        spoiled("mechanismDays", {OF_ALL: {"HALL_SESSION": [0] * 30 + [99]}}),
        spoiled("mechanismDays", {OF_ALL: {"X": [1]}}),
        spoiled("mechanismDays", {f"m{n}": {} for n in range(101)}), spoiled("mechanismDays", [1]),
        spoiled("mechanismJointIds", {"m": 3}),
    ],
)  # fmt: skip
def test_who_lies_about_mechanisms_loses_its_own_part(apart: Ask, city: Federation, lie: Behaving) -> None:
    city.behaving = {"330112": lie}
    told = apart(["MECHANISM"], at=DISTRICTS | {"except": ["330113"]}, fan={"read": "LIVE"})
    assert told["total"] == [{"value": 78 - 12}]


def test_what_is_done_under_a_mechanism_is_told_by_its_members_alone(apart: Ask, city: Federation) -> None:
    city.behaving = {"330112": spoiled("mechanismDays", {MECHANISM: {"HALL_SESSION": [0] * 30 + [5]}})}
    told = apart(["MECHANISM"], at=DISTRICTS | {"except": ["330113"]}, fan={"read": "LIVE"})
    assert [each["mechanism"] and each["mechanism"]["id"] for each in told["rows"]] == [OF_ALL, None]
    assert told["rows"][0]["values"][0]["text"].endswith("未按机制分列：第12区")
    assert told["total"] == [{"value": 78}]


def poisoned(**changed: Any) -> Callable[[Value], Value]:
    return lambda value: replace(value, **changed) if value.committee_id == "330105" else value


@pytest.mark.parametrize(
    "poison",
    [
        poisoned(days=JSONObject({"STUDY": [-1]})), poisoned(days=JSONObject({"STUDY": [1] * 40})),
        poisoned(days=JSONObject({"STUDY": [2**62] * 31})),
        poisoned(month="2026-10x"), poisoned(joint_ids=[Id(f"330101.activity.{n:032x}") for n in range(200)]),
        poisoned(days=JSONObject({f"K{n}": [1] for n in range(51)})),
        poisoned(computed_at=dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("read", ["REPLICA", "LIVE"])
def test_one_poisoned_value_costs_its_owner_alone(
    ask: Ask, city: Federation, poison: Callable[[Value], Value], read: str
) -> None:
    shared = city.services[HOME].shared
    copies, own = shared.values, city.rows["330105"].values
    shared.values, city.rows["330105"].values = list(map(poison, copies)), list(map(poison, own))
    try:
        told = ask(fan={"read": read}, at=DISTRICTS | {"except": ["330113"]})
    finally:
        shared.values, city.rows["330105"].values = copies, own
    states = {each["committee"]["id"]: each["state"] for each in told["fanout"]["sources"]}
    assert {id for id, state in states.items() if state == "FAILED"} == {"330105"}
    assert told["total"][0]["value"] == 78 - 5


def test_a_month_that_is_told_twice_is_no_figure(ask: Ask, city: Federation) -> None:
    own = city.rows["330105"].values
    city.rows["330105"].values = [*own, own[0]]
    try:
        told = ask(fan={"read": "LIVE"}, at=DISTRICTS | {"except": ["330113"]})
    finally:
        city.rows["330105"].values = own
    assert told["total"][0]["value"] == 78 - 5


def test_a_large_table_of_copies_is_asked_for_in_pieces(ask: Ask, city: Federation) -> None:
    asked = city.services[HOME].asked
    codes = [str(code) for code in IndicatorCode][:8]
    told = ask(codes=codes, fan={"read": "REPLICA"}, **{"from": "2024-12-01", "to": "2026-11-30"})
    assert city.services[HOME].asked - asked == 7  # 8 indicators × 24 months: two committees at once
    assert next(each["value"] for each in told["total"] if each["code"] == "ACTIVITIES_HELD") == 91
