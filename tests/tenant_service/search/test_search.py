"""A hit tells of nothing that the room's own list would not show, and everything that it would."""

import re
from collections.abc import Iterator
from dataclasses import fields
from random import Random
from typing import Any

import orjson
import pytest
from sqlalchemy import event, select

from sync.contract.asking.cursors import MAX_PAGE
from sync.contract.asking.searching import plain
from sync.contract.errors import Code, Refusal
from sync.contract.records import RECORDS
from sync.contract.visibility import Visible
from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.activities.models import ActivityRow, SeenActivityRow
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor, nobody
from tenant_service.members.models import UnitRow
from tenant_service.search.queries import SEARCHED
from tenant_service.search.rules import LONGEST_SNIPPET, snippet
from tenant_service.search.service import completing
from tenant_service.storage import search
from tenant_service.storage.unit_of_work import Units
from tenant_service.venues.models import SeenVenueRow, VenueRow
from tests.tenant_service import places
from tests.tenant_service.graph.lists import ASKERS, HOME, OWNERS, filled
from tests.tenant_service.services import SERVICES

CLERK = ASKERS[0]
EXECUTOR = Executor(schema, Limits(cost=10**9))
QUERY = """query (
  $text: String!, $kinds: [SearchKind!], $first: Int! = 200, $after: Cursor, $by: SearchOrder! = ENTERED_DESC
) {
  search(text: $text, kinds: $kinds, first: $first, after: $after, orderBy: $by) {
    nodes { id kind committeeId title snippet node { __typename id } } totalCount pageInfo { hasNextPage endCursor }
  }
}"""
LISTS = {"ACTIVITY": "activities", "VENUE": "venues", "UNIT": "units"}
WORDS = {"议事": "title", "县政协": "place", "单元": "name", "民声": "brand", "路1号": "address", "杭商荟": "series"}


def ask(units: Units, actor: Actor, query: str, owners: tuple[str, ...] | None = None, **variables: Any) -> Any:
    told = EXECUTOR.perform(Asked(query, variables), Context(actor, units, places.directory(), SERVICES, owners))
    return orjson.loads(told.body)


def hits(units: Units, actor: Actor, text: str, owners: tuple[str, ...] | None = None, **more: Any) -> list[Any]:
    told = ask(units, actor, QUERY, owners, text=text, **more)
    assert "errors" not in told, told
    rows: list[Any] = told["data"]["search"]["nodes"]
    assert told["data"]["search"]["totalCount"] >= len(rows)
    return rows


def shown_with(units: Units, actor: Actor, text: str, owners: tuple[str, ...] | None) -> set[str]:
    """Ids of all that the rooms' lists show this caller and that has the words in what everybody is told."""
    asked = {
        "activities": "id title series place", "venues": "id name brand area address", "units": "id name",
    }  # fmt: skip
    found = set()
    for name, of in asked.items():
        told = ask(units, actor, f"{{ {name}(first: {MAX_PAGE}) {{ nodes {{ {of} }} }} }}", owners)
        for row in told["data"][name]["nodes"]:
            id = row.pop("id")
            if any(plain(text) in plain(value) for value in row.values() if value):
                found.add(id)
    return found


@pytest.fixture
def full(units: Units) -> Units:
    filled(units, Random(11))
    return units


@pytest.mark.parametrize("owners", [None, (), OWNERS[:1], OWNERS])
def test_a_caller_finds_exactly_what_the_lists_would_show(full: Units, owners: tuple[str, ...] | None) -> None:
    some = 0
    for actor in ASKERS:
        for text in WORDS:
            found = [row["id"] for row in hits(full, actor, text, owners)]
            assert len(found) == len(set(found))
            assert set(found) == shown_with(full, actor, text, owners), (actor, text)
            some += len(found)
    assert some or owners == ()


def test_each_hit_leads_to_its_record_and_shows_the_words(full: Units) -> None:
    for text in WORDS:
        for row in hits(full, CLERK, text):
            assert row["node"] == {"__typename": row["kind"].capitalize(), "id": row["id"]}
            assert row["committeeId"] == HOME
            assert text in row["snippet"]
    for row in hits(full, CLERK, "议事", OWNERS):
        assert row["node"]["id"] == row["id"]
        assert row["committeeId"] in OWNERS


def test_only_the_kinds_that_were_asked_for_are_found(full: Units) -> None:
    assert {row["kind"] for row in hits(full, CLERK, "议事")} == {"ACTIVITY", "VENUE"}
    assert {row["kind"] for row in hits(full, CLERK, "议事", kinds=["VENUE", "UNIT"])} == {"VENUE"}


@pytest.mark.parametrize("by", ["ENTERED_DESC", "ENTERED_ASC"])
def test_pages_walked_to_the_end_have_every_hit_once_and_in_order(full: Units, by: str) -> None:
    whole = [row["id"] for row in hits(full, CLERK, "议事", by=by)]
    walked: list[str] = []
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        told = ask(full, CLERK, QUERY, text="议事", first=4, after=page["endCursor"], by=by)["data"]["search"]
        walked += [row["id"] for row in told["nodes"]]
        page = told["pageInfo"]
    assert walked == whole
    assert walked == sorted(walked, key=lambda id: (id[-32:], HOME, id), reverse=by.endswith("DESC"))
    assert len(walked) > 8


@pytest.mark.parametrize("text", ["", "  ", "县", "县 政", "，。", "a b c", "\x00"])
def test_less_than_two_characters_together_is_refused(full: Units, text: str) -> None:
    told = ask(full, CLERK, QUERY, text=text)
    assert told["errors"][0]["extensions"]["code"] == "SEARCH_TOO_SHORT"


def test_width_case_and_order_of_words_do_not_matter(full: Units) -> None:
    with full.write() as unit:
        unit.session.get_one(VenueRow, f"{HOME}.venue.{1:032x}").name = "ＡＢＣ之家"
    assert [row["id"] for row in hits(full, CLERK, "之家 abc")] == [f"{HOME}.venue.{1:032x}"]


def test_what_changes_is_found_by_its_new_words_only_and_what_is_gone_not_at_all(full: Units) -> None:
    id = f"{HOME}.activity.{2:032x}"
    copy = f"{OWNERS[0]}.activity.{2:032x}"
    with full.write() as unit:
        unit.session.get_one(ActivityRow, id).title = "垃圾分类"
        unit.session.get_one(SeenActivityRow, copy).title = "垃圾清运"
    assert [row["id"] for row in hits(full, CLERK, "垃圾")] == [id]
    assert [row["id"] for row in hits(full, CLERK, "垃圾", OWNERS)] == [copy]
    with full.write() as unit:
        unit.session.get_one(ActivityRow, id).title = "加装电梯"
        unit.session.delete(unit.session.get_one(SeenActivityRow, copy))
    assert hits(full, CLERK, "垃圾") == hits(full, CLERK, "垃圾", OWNERS) == []
    with full.read() as unit:
        assert copy not in unit.session.scalars(select(search.SearchTextRow.id)).all()


def test_an_act_that_is_undone_leaves_no_words(full: Units) -> None:
    def undone() -> None:
        with full.write() as unit:
            unit.session.get_one(ActivityRow, f"{HOME}.activity.{2:032x}").title = "垃圾分类"
            unit.session.flush()
            raise Refusal(Code.FORBIDDEN)

    with pytest.raises(Refusal):
        undone()
    assert hits(full, CLERK, "垃圾") == []


def test_what_an_earlier_release_wrote_is_put_into_the_index(full: Units) -> None:
    before = {text: hits(full, CLERK, text) for text in WORDS}
    with full.write() as unit:
        rows = unit.session.scalars(select(search.SearchTextRow.id)).all()
        search.forget_all(unit.session, rows)
    assert hits(full, CLERK, "议事") == []
    assert sum(completing(full)) == len(rows) > 100
    assert {text: hits(full, CLERK, text) for text in WORDS} == before
    assert list(completing(full)) == []


def test_only_what_every_reader_is_told_is_searched() -> None:
    for kind, reaching in SEARCHED.items():
        model, _ = reaching(nobody(HOME), None)
        circle = {each.name: each.metadata["visible"] for each in fields(RECORDS[kind.lower()])}
        assert {circle[name] for name in model.SEARCHED} == {Visible.PUBLIC}
        assert kind.lower() == model.SEARCHED_AS


@pytest.fixture
def plans(units: Units) -> Iterator[list[str]]:
    """What SQLite says about how it answers each statement with a hit in it."""
    if units.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's words for it")
    told: list[str] = []

    def look(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        if "search_pairs" in statement and statement.startswith("SELECT"):
            told.extend(row[3] for row in cursor.connection.execute("EXPLAIN QUERY PLAN " + statement, parameters))

    event.listen(units.engine, "before_cursor_execute", look)
    yield told
    event.remove(units.engine, "before_cursor_execute", look)


def test_cost_grows_with_what_is_found_and_not_with_what_is_there(full: Units, plans: list[str]) -> None:
    assert hits(full, CLERK, "民声")
    assert hits(full, ASKERS[2], "议事", first=3)
    assert any("VIRTUAL TABLE INDEX" in each for each in plans)
    tables = [model.__tablename__ for model in (ActivityRow, VenueRow, UnitRow, SeenActivityRow, SeenVenueRow)]
    walked = [each for each in plans if re.match(rf"SCAN ({'|'.join(tables)}|search_text)\b", each)]
    assert walked == []


@pytest.mark.parametrize(
    ("texts", "words", "shown"),
    [
        (["民生议事堂", "南山路"], ["议事"], "民生议事堂 · 南山路"),
        (["一" * 200], ["无此"], "一" * LONGEST_SNIPPET + "…"),
        (["甲" * 100 + "议事" + "乙" * 100], ["议事"], "…" + "甲" * 20 + "议事" + "乙" * 58 + "…"),
        (["甲" * 100 + "议事"], ["议事"], "…" + "甲" * 78 + "议事"),
        (["ＡＢＣ 公司\n总工"], ["abc"], "ＡＢＣ 公司 总工"),
        (["㈱㈱㈱议事"], ["议事"], "㈱㈱㈱议事"),
        ([""], ["议事"], ""),
    ],
)
def test_a_snippet_is_one_bounded_line_around_the_words(texts: list[str], words: list[str], shown: str) -> None:
    assert snippet(texts, words) == shown
