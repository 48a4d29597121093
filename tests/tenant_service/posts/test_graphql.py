"""Posts in GraphQL, as the office, members and anybody ask."""

from typing import Any

import orjson

from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service import places
from tests.tenant_service.posts.office import Office
from tests.tenant_service.services import SERVICES

EXECUTOR = Executor(schema, Limits())
DRAFT = """mutation {
  draftPost(key: "1", shares: [{scope: OPEN}], post: {
    kind: THREAD, title: "夜间充电", text: "如何提", origin: MEMBER
  }) {
    id state approval author
  }
}"""
LIST = "{ posts(where: {kinds: [THREAD]}) { totalCount nodes { id title state author comments } } }"


def ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    told = EXECUTOR.perform(Asked(text, {}), Context(actor, units, places.directory(), SERVICES))
    answer: dict[str, Any] = orjson.loads(told.body)
    return answer


def done(units: Units, actor: Actor, act: str, key: str) -> dict[str, Any]:
    answer = ask(
        units, actor, f"mutation {{ {act.replace('(', f'(key: {chr(34)}{key}{chr(34)}, ', 1)} {{ id state }} }}"
    )
    assert "errors" not in answer, (act, answer)
    data: dict[str, Any] = answer["data"]
    return data


def test_a_thread_goes_all_its_way(units: Units) -> None:
    office = Office.at(units)
    zhang, li = office.member("张委员"), office.member("李委员")
    made = ask(units, zhang, DRAFT)["data"]["draftPost"]
    assert ask(units, zhang, DRAFT)["data"]["draftPost"]["id"] == made["id"], "the same key acts once"
    assert (made["state"], made["approval"], made["author"]) == ("DRAFT", "DRAFTING", "张委员")
    id = made["id"]
    for key, actor, act in (
        ("2", zhang, f'submitPost(id: "{id}")'),
        ("3", office.secretary, f'signOffPost(id: "{id}", unclassified: true)'),
        ("4", zhang, f'publishPost(id: "{id}")'),
        ("5", li, f'commentOnPost(id: "{id}", text: "居民盼优惠", origin: SECTOR, sector: "经济界")'),
        ("6", li, f'readPost(id: "{id}")'),
        ("7", li, f'followPost(id: "{id}")'),
    ):
        done(units, actor, act, key)
    said = f'{{ post(id: "{id}") {{ isRead readers said {{ id state text sector }} }} }}'
    [comment] = ask(units, li, said)["data"]["post"]["said"]
    assert (comment["state"], comment["sector"]) == ("HELD", "经济界")
    assert ask(units, zhang, said)["data"]["post"] == {"isRead": False, "readers": 1, "said": []}
    done(units, office.clerk, f'showComment(commentId: "{comment["id"]}")', "8")
    [row] = ask(units, zhang, LIST)["data"]["posts"]["nodes"]
    assert row == {"id": id, "title": "夜间充电", "state": "PUBLISHED", "author": "张委员", "comments": 1}
    [row] = ask(units, nobody(places.JIASHAN), LIST)["data"]["posts"]["nodes"]
    assert row == {"id": id, "title": "夜间充电", "state": "PUBLISHED", "author": None, "comments": None}
    [hit] = ask(units, li, '{ search(text: "充电") { nodes { id kind } } }')["data"]["search"]["nodes"]
    assert hit == {"id": id, "kind": "POST"}
    done(units, office.clerk, f'withdrawPost(id: "{id}", reason: "已有同类提案")', "9")


def test_who_may_not_is_told_so_and_nothing_is_there(units: Units) -> None:
    [error] = ask(units, nobody(places.JIASHAN), DRAFT)["errors"]
    assert error["extensions"]["code"] == "NOT_SIGNED_IN"
    assert ask(units, Office.at(units).clerk, LIST)["data"]["posts"]["totalCount"] == 0
