"""Schemes, results and objections in GraphQL: the office and whoever signs act, a member reads and objects."""

from typing import Any

import orjson
import pytest

from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.identity.policy import Role
from tenant_service.performance.rules import Deed
from tests.tenant_service import places
from tests.tenant_service.performance.assessing import YEAR, Assessing, actor
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
SCHEME = f"""{{name: "履职积分", year: {YEAR}, excellent: 20, competent: 10, basic: 5, base: 2.5, sample: 3,
    deeds: [{{deed: SERVICE, each: 5, cap: 12}}, {{deed: TALK, each: 1, least: 1, short: 0.5}}],
    extras: [{{role: "SPEAKER", extra: 1}}], warnBelow: 3}}"""


def ask(at: Assessing, who: Actor, text: str, **told: Any) -> dict[str, Any]:
    answer = EXECUTOR.perform(Asked(text, told), Context(who, at.office.units, places.directory(), SERVICES))
    found: dict[str, Any] = orjson.loads(answer.body)
    return found


def done(at: Assessing, who: Actor, act: str, name: str) -> Any:
    """What the act answers; done a second time under the same key it answers the same and changes nothing."""
    first = ask(at, who, f"mutation {{ {act} }}")
    assert "errors" not in first, first["errors"]
    assert ask(at, who, f"mutation {{ {act} }}") == first
    return first["data"][name]


def code_of(answer: dict[str, Any]) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


def test_a_year_from_the_scheme_to_the_end(assessing: Assessing) -> None:
    clerk, secretary = assessing.office.clerk, assessing.office.secretary
    [one] = assessing.seat("郑四")
    scheme = done(assessing, clerk, f'draftScheme(key: "1", scheme: {SCHEME}) {{ id version state base warnBelow }}',
                  "draftScheme")  # fmt: skip
    assert (scheme["version"], scheme["state"], scheme["base"], scheme["warnBelow"]) == (1, "DRAFT", 2.5, 3.0)
    id = scheme["id"]
    again = SCHEME.replace("base: 2.5", "base: 2")
    done(assessing, clerk, f'redraftScheme(key: "2", id: "{id}", scheme: {again}) {{ id base }}', "redraftScheme")
    spare = done(
        assessing, clerk, f'adoptScheme(key: "3", template: "five_ones", year: {YEAR}) {{ id }}', "adoptScheme"
    )
    done(assessing, clerk, f'discardScheme(key: "4", id: "{spare["id"]}")', "discardScheme")
    done(assessing, secretary, f'enactScheme(key: "5", id: "{id}", unclassified: true) {{ id state }}', "enactScheme")
    [shown] = ask(assessing, actor(one), """{ schemes { id state deeds { deed each cap least short }
        extras { role extra } isOnce cap sample showsPlace originId } }""")["data"]["schemes"]  # fmt: skip
    assert shown["deeds"][1] == {"deed": "TALK", "each": 1.0, "cap": None, "least": 1, "short": 0.5}
    [line] = assessing.did(one, Deed.SERVICE)
    mine = f"{{ pointsSoFar(year: {YEAR}) {{ points isWarned lines {{ lineId points }} short {{ deed points }} }} }}"
    assert ask(assessing, actor(one), mine)["data"]["pointsSoFar"] == {
        "points": 7.0, "isWarned": False, "lines": [{"lineId": line, "points": 5.0}],
        "short": [{"deed": "TALK", "points": 0.0}],
    }  # fmt: skip
    assert done(assessing, clerk, f'warnMembers(key: "17", year: {YEAR})', "warnMembers") == 0
    result = done(assessing, clerk, f'computeResult(key: "6", year: {YEAR}) {{ id state }}', "computeResult")["id"]
    until = 'until: "2026-04-10", unclassified: true'
    done(assessing, secretary, f'publishResult(key: "7", id: "{result}", {until}) {{ id state }}', "publishResult")
    told = f'objectToResult(key: "8", resultId: "{result}", text: "漏记") {{ id lineId }}'
    objected = done(assessing, actor(one), told, "objectToResult")["id"]
    taken = f'takeBackObjection(key: "9", id: "{objected}") {{ state }}'
    assert done(assessing, actor(one), taken, "takeBackObjection") == {"state": "TAKEN_BACK"}
    told = f'objectToResult(key: "10", resultId: "{result}", text: "有误", lineId: "{line}") {{ id }}'
    objected = done(assessing, actor(one), told, "objectToResult")["id"]
    declined = f'declineObjection(key: "11", id: "{objected}", answer: "无误") {{ state answer }}'
    assert done(assessing, clerk, declined, "declineObjection") == {"state": "DECLINED", "answer": "无误"}
    told = f'objectToResult(key: "12", resultId: "{result}", text: "漏记宣讲") {{ id }}'
    objected = done(assessing, actor(one), told, "objectToResult")["id"]
    assessing.did(one, Deed.TALK)
    upheld = f'upholdObjection(key: "13", id: "{objected}", answer: "已补记") {{ was became }}'
    assert done(assessing, clerk, upheld, "upholdObjection") == {"was": 6.5, "became": 8.0}
    assessing.office.clock.on(days=30)
    done(assessing, secretary, f'finalizeResult(key: "14", id: "{result}") {{ state finalAt }}', "finalizeResult")
    [year] = ask(assessing, actor(one), "{ yearlyResults { state members { points firstPoints } } }")["data"][
        "yearlyResults"
    ]
    assert year == {"state": "FINAL", "members": [{"points": 8.0, "firstPoints": 6.5}]}
    closed = f'closeScheme(key: "15", id: "{id}", reason: "年度结束") {{ state }}'
    assert done(assessing, secretary, closed, "closeScheme") == {"state": "CLOSED"}
    renewed = f'renewScheme(key: "16", id: "{id}", year: {YEAR + 1}) {{ year originId }}'
    assert done(assessing, clerk, renewed, "renewScheme") == {"year": YEAR + 1, "originId": id}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_others_are_shown_nothing_and_may_do_nothing(assessing: Assessing) -> None:
    one, other = assessing.seat("郑四", "王五")
    assessing.scheme()
    result = assessing.computed()
    everything = f"""{{ schemes {{ id }} yearlyResults {{ id }} resultObjections {{ id }}
        pointsSoFar(year: {YEAR}) {{ points }} }}"""
    for stranger in (nobody(places.JIASHAN), places.stranger(places.JIASHAN, places.JIAXING, Role.CLERK)):
        answer = ask(assessing, stranger, everything.replace(f"pointsSoFar(year: {YEAR}) {{ points }}", ""))["data"]
        assert answer == {"schemes": [], "yearlyResults": [], "resultObjections": []}
    assert ask(assessing, actor(one), everything)["data"]["yearlyResults"] == [], "it is not published"
    asked = f'{{ pointsSoFar(year: {YEAR}, personId: "{other}") {{ points }} }}'
    assert code_of(ask(assessing, actor(one), asked)) == "FORBIDDEN"
    assert code_of(ask(assessing, actor(one), f'{{ unitScores(resultId: "{result}") {{ name }} }}')) == "NOT_FOUND"
    for act in (
        f'draftScheme(key: "1", scheme: {SCHEME}) {{ id }}', f'computeResult(key: "1", year: {YEAR}) {{ id }}',
        f'publishResult(key: "1", id: "{result}", until: "2026-04-10", unclassified: true) {{ id }}',
        f'finalizeResult(key: "1", id: "{result}") {{ id }}',
    ):  # fmt: skip
        assert code_of(ask(assessing, actor(one), f"mutation {{ {act} }}")) == "FORBIDDEN", act


@pytest.mark.parametrize("points", ["1e308", "-1e308", "10000001"])
def test_no_scheme_gives_more_than_may_be(assessing: Assessing, points: str) -> None:
    words = SCHEME.replace("base: 2.5", f"base: {points}")
    answer = ask(assessing, assessing.office.clerk, f'mutation {{ draftScheme(key: "9", scheme: {words}) {{ id }} }}')
    assert code_of(answer) == "BAD_VALUE"
