"""The calendar as a page, as files and in GraphQL: for the office, and put right by who keeps it."""

import csv
import io
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from sync.edge.body import Asked
from sync.edge.budget import Limits
from tenant_service.graph.context import Context
from tenant_service.graph.operation import Executor
from tenant_service.graphql import schema
from tenant_service.identity.actor import Actor
from tenant_service.identity.policy import Role
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.browsing import Browser
from tests.tenant_service.places import Clock, directory
from tests.tenant_service.services import SERVICES

# A page does not know which database is below it; the room's own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
EXECUTOR = Executor(schema, Limits())


def test_a_clerk_looks_puts_a_day_right_lets_it_go_and_undoes(
    clerk_browser: Browser, anybody: Callable[..., Browser], clock: Clock
) -> None:
    page = clerk_browser.go("/workdays")
    assert page.text.count('<table class="month">') == 12
    assert '<time datetime="2026-10-01">1</time><small>休</small>' in page.text
    assert '<td class="make_up" title="调休上班 · 国庆节"><time datetime="2026-10-10">' in page.text
    assert "共 248 个工作日" in page.text
    assert "本年没有调整" in page.text
    page.send("/workdays/put-right", day="2026-10-08", works="", note="机关搬迁")
    assert page.error_of("works") == "请选择上班或休息"
    page.send("/workdays/put-right", day="2026-10-08", works="no", note="")
    assert page.error_of("note") == "必填"
    page.send("/workdays/put-right", day="2026-10-08", works="no", note="机关搬迁")
    assert (page.path, page.status) == ("/workdays", 200)
    assert '<time datetime="2026-10-08">8</time><small>调休</small>' in page.text
    assert "共 247 个工作日" in page.text
    page.send("/workdays/let-go", day="2026-10-08", note="不再搬迁")
    assert "本年没有调整" in page.text
    assert "取消调整：休息 → 按公布 · 不再搬迁" in " ".join(page.text.split())
    page.send("/workdays/undo", day="2026-10-08")
    assert "本会休息</span> 机关搬迁" in page.text
    assert 'action="/workdays/undo"' not in page.text, "what was undone is not undone again"
    page = clerk_browser.go("/workdays?year=2031")
    assert "先按周一至周五推算" in page.text
    assert clerk_browser.go("/workdays?year=3000").status == 400
    assert "工作日历" in clerk_browser.go("/").text
    assert "尚未收录" not in clerk_browser.text
    clock.on(days=214)
    later = anybody(Role.CLERK, name="吴二")
    assert "2027年的节假日安排尚未收录" in later.go("/").text
    assert "Public holidays as the State Council" in later.go("/workdays?lang=en&year=2026").text


def test_the_year_is_a_file(clerk_browser: Browser) -> None:
    answer = clerk_browser.client.get("/workdays.csv?year=2026")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["日期", "星期", "上班", "依据", "节日", "调整理由"]
    assert rows[1] == ["2026-01-01", "周四", "休息", "法定节假日", "元旦", ""]
    assert len(rows) == 366
    assert clerk_browser.client.get("/workdays.xlsx").content.startswith(b"PK")
    assert clerk_browser.client.get("/workdays.pdf").status_code == 404


def test_a_leader_looks_and_nobody_else_does(anybody: Callable[..., Browser], visitor: Browser) -> None:
    chair = anybody(Role.CHAIR, name="主席")
    page = chair.go("/workdays")
    assert (page.status, 'action="/workdays/put-right"' in page.text) == (200, False)
    form = {"day": "2026-10-08", "works": "no", "note": "机关搬迁"}
    assert chair.post("/workdays/put-right", csrf=page.csrf(), **form).status == 403
    for role in (Role.MEMBER, Role.DEPARTMENT, Role.SYSTEM_ADMIN):
        assert anybody(role, name=role.label).go("/workdays").status == 403
    assert visitor.go("/workdays").path == "/sign-in"


def test_the_calendar_is_asked_for_and_put_right_in_graphql(units: Units, clerk: Actor, member: Actor) -> None:
    args = 'key: "a", day: "2026-10-08", works: false, note: "机关搬迁"'
    put = f"mutation {{ putWorkdayRight({args}) {{ day works kind note }} }}"
    told = {"day": "2026-10-08", "works": False, "kind": "OWN_FREE", "note": "机关搬迁"}
    assert [_ask(units, clerk, put)["data"]["putWorkdayRight"] for _ in range(2)] == [told, told]
    year = _ask(units, clerk, "{ workYear(year: 2026) { isPublished workdays days { day kind holiday } } }")["data"]
    assert (year["workYear"]["isPublished"], year["workYear"]["workdays"]) == (True, 247)
    assert year["workYear"]["days"][273] == {"day": "2026-10-01", "kind": "HOLIDAY", "holiday": "国庆节"}
    go = 'mutation { letWorkdayGo(key: "b", day: "2026-10-08", note: "不再搬迁") { kind } }'
    assert _ask(units, clerk, go)["data"]["letWorkdayGo"] == {"kind": "WORKDAY"}
    undo = 'mutation { undoWorkday(key: "c", day: "2026-10-08") { kind } }'
    assert _ask(units, clerk, undo)["data"]["undoWorkday"] == {"kind": "OWN_FREE"}
    for text in (put, go, undo, "{ workYear(year: 2026) { year } }"):
        assert _ask(units, member, text)["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def _ask(units: Units, actor: Actor, text: str) -> dict[str, Any]:
    answer = EXECUTOR.perform(Asked(text, {}), Context(actor, units, directory(), SERVICES))
    found: dict[str, Any] = orjson.loads(answer.body)
    return found
