"""A list as a file has exactly the rows and values that the list has, and says what it covers."""

import asyncio
import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlencode

import httpx2
import pytest
from graphql import get_named_type
from python_calamine import CalamineWorkbook

from gateway.app import Parts, serving
from gateway.export.columns import columns_of
from gateway.identity.callers import Caller
from gateway.identity.sessions import cookie_name
from gateway.joint import Joint
from gateway.schema import joint_sdl
from sync.bus.answerer import Question
from sync.contract.ids import Id
from sync.contract.shapes.activities import ActivityKind
from sync.contract.shapes.values import IndicatorCode
from sync.contract.visibility import Visible
from sync.edge.budget import Limits
from tenant_service.graph.types import JSONObject
from tests.gateway.committee import Value
from tests.gateway.federation import GATEWAY, HOME, MECHANISM, Federation, said

SMALL = Limits(cost=6_000)
"""Of one page: so the hundred and sixty rows do not come at once."""
LIVE = {"fan": json.dumps({"read": "LIVE", "deadlineMs": 400})}
ROWS = """query ($after: Cursor, $where: ActivityFilter, $at: At, $by: ActivityOrder!) {
  activities(first: 7, after: $after, where: $where, at: $at, orderBy: $by) {
    nodes { id title kind startsAt headcount backfilled hostIds venue { name } }
    pageInfo { hasNextPage endCursor }
  }
}"""


@dataclass
class Files:
    """A client of one gateway's exports."""

    runner: asyncio.Runner
    parts: Parts
    client: httpx2.AsyncClient

    def get(self, path: str, token: str = "", headers: Any = None, **query: str) -> httpx2.Response:
        told = (headers or {}) | ({"authorization": f"Bearer {token}"} if token else {})
        return self.runner.run(self.client.get(f"/export/{path}?{urlencode(query)}", headers=told))

    def table(self, path: str, token: str = "", **query: str) -> tuple[list[dict[str, str]], list[str]]:
        """The rows by their codes, and the notes below."""
        answer = self.get(path, token, **query)
        assert answer.status_code == 200, answer.text
        lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        end = lines.index([])
        heads = [head.rpartition("(")[2].rstrip(")") for head in lines[0]]
        return [dict(zip(heads, line, strict=True)) for line in lines[1:end]], [line[0] for line in lines[end + 1 :]]


Open = Callable[..., Files]


@pytest.fixture(scope="module")
def opened(three: Federation, runner: asyncio.Runner) -> Open:
    def opening(limits: Limits = SMALL, **settings: Any) -> Files:
        parts = runner.run(three.parts(limits=limits, breaker_patience=1000, **settings))
        app = serving(parts, three.connections[-1])
        client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://gateway.example")
        return Files(runner, parts, client)

    return opening


@pytest.fixture(scope="module")
def web(opened: Open) -> Files:
    return opened()


@pytest.fixture(autouse=True)
def honest(three: Federation) -> Iterator[None]:
    yield
    three.behaving = {}


def walked(web: Files, caller: Caller, **variables: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    page: dict[str, Any] = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        told = web.runner.run(said(web.parts, ROWS, caller, after=page["endCursor"], **variables))["data"]["activities"]
        rows, page = rows + told["nodes"], told["pageInfo"]
    return rows


@pytest.mark.parametrize("where", [None, {"kind": "INSPECTION"}])
@pytest.mark.parametrize("by", ["STARTS_AT_ASC", "CHANGED_AT_DESC"])
def test_the_file_has_the_rows_and_values_that_the_list_has(
    web: Files, three: Federation, by: str, where: dict[str, Any] | None
) -> None:
    query = {"orderBy": by} | ({"where": json.dumps(where)} if where else {})
    rows, notes = web.table("activities.csv", three.token(), **query)
    honestly = walked(web, three.caller(), by=by, where=where)
    assert [row["id"] for row in rows] == [row["id"] for row in honestly]
    assert len(rows) > 40
    for row, told in zip(rows, honestly, strict=True):
        assert row["title"] == told["title"]
        assert row["kind"] == ActivityKind[told["kind"]].label
        assert row["headcount"] == ("" if told["headcount"] is None else str(told["headcount"]))
        assert row["hostIds"] == "、".join(told["hostIds"])
        assert row["venue.name"] == (told["venue"] or {}).get("name", "")
        assert row["backfilled"] == "否"
        assert row["政协"] == three.of[told["id"][:6]].name
    by_id = {str(each.id): each for of in three.rows.values() for each in of.activities}
    east = dt.timezone(dt.timedelta(hours=8))
    starts = [by_id[row["id"]].starts_at.astimezone(east) for row in rows]
    assert [row["startsAt"] for row in rows] == [f"{each:%Y-%m-%d %H:%M}" for each in starts]
    assert f"共 {len(rows)} 条" in notes
    assert "4/4 已计入，全部实时" in notes
    assert f"条件：orderBy={by}" + (f"；where={json.dumps(where, separators=(',', ':'))}" if where else "") in notes


def test_a_workbook_has_the_same_rows_and_the_notes_on_a_second_sheet(web: Files, three: Federation) -> None:
    query = {"orderBy": "CHANGED_AT_DESC", "at": json.dumps({"ids": ["330101", "330102"]})}
    rows, _ = web.table("activities.csv", three.token(), **query)
    answer = web.get("activities.xlsx", three.token(), **query)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    first, second = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    heads = [str(head).rpartition("(")[2].rstrip(")") for head in first[0]]
    at = heads.index("id"), heads.index("title"), heads.index("startsAt")
    assert [[row[n] for n in at] for row in first[1:]] == [[row["id"], row["title"], row["startsAt"]] for row in rows]
    assert len(rows) == 80
    assert ["2/2 已计入，全部实时"] in second
    assert [f"导出人：chen · {three.of[HOME].name}"] in second


def test_its_name_is_chinese_and_nobody_keeps_it(web: Files, three: Federation) -> None:
    answer = web.get("activities.csv", three.token())
    said_ = answer.headers["content-disposition"]
    assert said_.startswith('attachment; filename="activities-20')
    assert unquote(said_.partition("filename*=UTF-8''")[2]).startswith("履职活动-20")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_a_stranger_gets_public_columns_only(web: Files, three: Federation) -> None:
    open_, notes = web.table("activities.csv")
    signed, _ = web.table("activities.csv", three.token())
    assert "导出人：未登录（仅公开内容）" in notes
    assert {"organizer", "headcount"} <= set(signed[0])
    assert not {"organizer", "headcount", "report", "suggestions"} & set(open_[0])
    assert [row["id"] for row in open_] == [row["id"] for row in signed]


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("nonsense.csv", {}, 404, "NOT_EXPORTED"), ("committee.csv", {"id": "330101"}, 404, "NOT_EXPORTED"),
        ("activities.pdf", {}, 404, "NOT_EXPORTED"), ("activities.csv", {"first": "3"}, 400, "BAD_VALUE"),
        ("activities.csv", {"colour": "red"}, 400, "BAD_VALUE"), ("activities.csv", {"where": "{"}, 400, "BAD_VALUE"),
        ("activities.csv", {"where": '{"kind": "DANCE"}'}, 400, "INVALID"),
        ("activities.csv", {"orderBy": "BEAUTY_DESC"}, 400, "INVALID"),
        ("activities.csv", {"at": '{"ids": ["999999"]}'}, 404, "UNKNOWN_COMMITTEE"),
        ("activities.csv", {"fan": '{"read": "REPLICA"}'}, 401, "NOT_SIGNED_IN"),
        ("statistics.csv", {}, 400, "NEEDS_ARGUMENT"),
    ],
)  # fmt: skip
def test_a_refusal_is_a_status_with_its_words(
    web: Files, path: str, query: dict[str, str], status: int, code: str
) -> None:
    answer = web.get(path, **query)
    zh, en, told = answer.text.strip().split("\n")
    assert (answer.status_code, told) == (status, code)
    assert zh
    assert en
    assert "content-disposition" not in answer.headers


def test_who_asks_is_told_as_at_graphql(web: Files) -> None:
    assert web.get("activities.csv", "forged").status_code == 401
    cookie = {"cookie": f"{cookie_name(GATEWAY, secure=True)}={'0' * 43}"}
    assert web.get("activities.csv", headers=cookie | {"sec-fetch-site": "cross-site"}).status_code == 403
    assert web.get("activities.csv", headers=cookie | {"sec-fetch-site": "same-origin"}).status_code == 200


def test_what_is_over_the_most_rows_is_left_out_and_said(opened: Open, three: Federation) -> None:
    web = opened(most_exported=30)
    rows, notes = web.table("activities.csv", three.token(), orderBy="CHANGED_AT_DESC")
    honestly = walked(web, three.caller(), by="CHANGED_AT_DESC")
    assert [row["id"] for row in rows] == [row["id"] for row in honestly[:30]]
    assert f"已导出 30 条，共 {len(honestly)} 条" in notes
    assert "已达一次导出的上限 30 条，其余未导出，请缩小范围" in notes
    assert not any(note.startswith("共 ") for note in notes)


def test_a_committee_that_goes_away_meanwhile_is_named_with_the_page(web: Files, three: Federation) -> None:
    asked = 0

    async def leaving(_: Question, answer: bytes) -> bytes | None:
        nonlocal asked
        asked += 1
        return answer if asked <= 2 else None

    three.behaving = {"330102": leaving}
    rows, notes = web.table("activities.csv", three.token(), orderBy="CHANGED_AT_DESC", **LIVE)
    assert asked > 2
    assert "3/4 已计入，其中 3 实时" in notes
    assert f"{three.of['330102'].name}：实时；自第 3 页起未计入（应答超时）" in notes
    assert {row["id"][:6] for row in rows} == set(three.of)
    assert len(rows) < 160


def test_what_is_not_exported_is_refused_with_what_is(web: Files) -> None:
    assert "没有格式“pdf”，可用 csv、xlsx" in web.get("activities.pdf").text
    nonsense = web.get("nix.csv").text
    assert "没有列表“nix”，可用 activities、" in nonsense
    assert "statistics" in nonsense
    assert web.get("statistics.csv").text.startswith("缺少 indicators\nindicators is missing\n")


def test_copies_that_stand_in_are_said_with_their_time(web: Files, three: Federation) -> None:
    async def hang(_: Question, __: bytes) -> bytes | None:
        return None

    three.behaving = {"330103": hang}
    fan = json.dumps({"deadlineMs": 1000})
    rows, notes = web.table("activities.csv", three.token(), fan=fan)
    assert len(rows) == 160
    assert "4/4 已计入，其中 3 实时" in notes
    assert f"{three.of['330103'].name}：共享内容，截至 2026-11-01 08:00" in notes


def test_a_walk_that_is_stopped_says_that_it_is_not_all(opened: Open, three: Federation) -> None:
    web = opened(most_cost=1_000, cost_per_minute=12_000)
    rows, notes = web.table("activities.csv", three.token())
    assert 0 < len(rows) < 160
    [stopped] = [note for note in notes if "中断" in note]
    assert stopped.endswith("以上不是全部")


def test_no_cell_runs_as_a_formula(web: Files, three: Federation) -> None:
    changed = three.rows["330101"].activities[0]
    title, changed.title = changed.title, '=HYPERLINK("x")'
    try:
        rows, _ = web.table("activities.csv", three.token(), at='{"ids": ["330101"]}')
    finally:
        changed.title = title
    assert [row["title"] for row in rows if row["id"] == changed.id] == ['\'=HYPERLINK("x")']


def test_figures_are_exported_with_what_they_cover(web: Files, three: Federation) -> None:
    days = JSONObject({"HALL_SESSION": [2, 0, 5]})
    three.rows["330101"].values = [
        Value(
            committee_id=Id("330101"), indicator=IndicatorCode.ACTIVITIES_HELD, month="2026-03", days=days,
            joint_ids=[], computed_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
        )
    ]  # fmt: skip
    days_told = {"from": "2026-01-01", "to": "2026-03-31"}
    query = {"indicators": '["ACTIVITIES_HELD"]', "by": '["COMMITTEE", "KIND"]'} | days_told
    answer = web.get("statistics.csv", three.token(), **query)
    assert answer.status_code == 200, answer.text
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    body = lines[1 : lines.index([])]
    document = """query ($from: Date, $to: Date) {
      statistics(indicators: [ACTIVITIES_HELD], by: [COMMITTEE, KIND], from: $from, to: $to) {
      rows { committee { name } kind values { value text } } total { value text } } }"""
    told = web.runner.run(said(web.parts, document, three.caller(), **days_told))["data"]["statistics"]
    assert lines[0][:2] == ["政协 (committee)", "类别 (kind)"], "what nobody asked to be told apart has no column"
    assert [row[:3] + row[5:] for row in body[:-1]] == [
        [row["committee"]["name"], ActivityKind[row["kind"]].label, str(cell["value"]), cell["text"]]
        for row in told["rows"] for cell in row["values"]
    ]  # fmt: skip
    assert [row[2] for row in body if row[0] in ("合计", three.of["330101"].name)] == ["7", "7"]
    notes = [line[0] for line in lines[lines.index([]) + 1 :]]
    assert "4/4 已计入，全部实时" in notes
    assert "统计期间：2026-01-01 至 2026-03-31（含首尾两日）" in notes


def test_a_file_of_figures_by_mechanism_names_it_and_what_is_done_under_none(web: Files, three: Federation) -> None:
    days = {"HALL_SESSION": [2, 0, 5]}
    three.rows["330101"].values = [
        Value(
            committee_id=Id("330101"), indicator=IndicatorCode.ACTIVITIES_HELD, month="2026-03", days=JSONObject(days),
            joint_ids=[], computed_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC),
            mechanism_days=JSONObject({MECHANISM: {"HALL_SESSION": [2, 0, 1]}}), mechanism_joint_ids=JSONObject({}),
        )
    ]  # fmt: skip
    query = {"indicators": '["ACTIVITIES_HELD"]', "by": '"MECHANISM"', "from": "2026-01-01", "to": "2026-03-31"}
    answer = web.get("statistics.csv", three.token(), **query)
    assert answer.status_code == 200, answer.text
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0][0] == "联动机制 (mechanism)"
    assert [line[:2] for line in lines[1:4]] == [["联动", "3"], ["不属于联动机制", "4"], ["合计", "7"]]


def test_figures_without_days_say_which_days_they_are_about(web: Files, three: Federation) -> None:
    told = web.get("statistics.csv", three.token(), indicators='["ACTIVITIES_HELD"]', to="2026-10-28").text
    assert "统计期间：2026-01-01 至 2026-10-28（含首尾两日）" in told


def test_every_column_of_every_list_has_a_chinese_name_and_every_list_a_file() -> None:
    joint = Joint(joint_sdl())
    for name in joint.lists:
        connection: Any = get_named_type(joint.schema.query_type.fields[name].type)  # type: ignore[union-attr]
        row: Any = get_named_type(connection.fields["nodes"].type)
        columns = columns_of(row, Visible.TENANT)
        assert [each.label for each in columns if not "\u4e00" <= each.label[0] <= "\u9fff"] == []
        assert len({each.label for each in columns}) == len(columns)
        assert len(columns) > 3
