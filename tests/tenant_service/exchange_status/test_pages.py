"""Who works here sees at a glance whether everything has come and everything has arrived, and acts where it has not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from tenant_service.exchange.alarms import Alarms
from tenant_service.exchange.models import AlarmRow, DeadLetterRow
from tenant_service.identity.models import AuditRow
from tenant_service.identity.policy import Role
from tenant_service.storage.columns import Row
from tenant_service.storage.unit_of_work import Units
from tests.tenant_service.browsing import Browser
from tests.tenant_service.exchange_status import troubles
from tests.tenant_service.places import Clock

# A page does not know which database is below it; the rooms' own tests ask both.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def tile(page: Browser, label: str) -> str:
    """What a tile says: its figure and its unit."""
    found = re.search(rf'data-key="{label}".*?<p class="figure"><b>(.*?)</b> <span>(.*?)</span>', page.text, re.DOTALL)
    assert found, label
    return f"{found[1]} {found[2]}".strip()


def count(units: Units, table: type[Row]) -> int:
    with units.read() as unit:
        return len(unit.session.scalars(select(table)).all())


def acts(units: Units) -> list[tuple[str, str]]:
    with units.read() as unit:
        rows = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq))
        return [(row.act, row.subject) for row in rows if row.act.startswith("exchange.")]


@pytest.fixture
def in_trouble(units: Units, tmp_path: Path, clock: Clock) -> None:
    troubles.troubles(units, tmp_path, clock)


def test_nothing_shared_yet_is_said_and_not_left_blank(clerk_browser: Browser) -> None:
    page = clerk_browser.go("/exchange")
    assert page.status == 200
    for text in ("尚未接收其他政协的共享", "本会尚未共享任何内容", "没有死信", "没有告警", "数据库未曾从备份恢复"):
        assert text in page.text
    assert tile(page, "全部收齐截至") == "—"
    assert "尚未收齐" in page.text
    assert tile(page, "已送达") == "0/0"


def test_home_calls_nothing_complete_while_one_log_was_never_known_to_its_end(
    in_trouble: None, clerk_browser: Browser
) -> None:
    page = clerk_browser.go("/")
    assert "正在接收 4 家政协的共享" in page.text
    assert "全部收齐至" not in page.text


def test_tiles_say_first_what_is_missing_and_who_has_not_confirmed(in_trouble: None, clerk_browser: Browser) -> None:
    page = clerk_browser.go("/exchange")
    assert tile(page, "来源") == "4 家"
    assert tile(page, "接收异常") == "1 个渠道"
    assert tile(page, "死信") == "2 条"
    assert tile(page, "已送达") == "1/2"
    assert tile(page, "未确认") == "1 家"
    assert tile(page, "未知悉的告警") == "2 条"


def test_channels_are_called_by_whom_they_reach(in_trouble: None, clerk_browser: Browser) -> None:
    page = clerk_browser.go("/exchange")
    assert "联动机制成员：三地政协联动" in page.text
    assert "指定政协：嘉善" in page.text
    assert troubles.MECHANISM not in re.sub(r'value="[^"]*"', "", page.text)
    assert "吴江（从未确认）" in page.text
    assert "1/2" in page.text
    assert "已停止接收，保留副本" in page.text
    assert "wrong" not in page.text


def test_a_dead_letter_is_replayed_and_the_page_says_what_came_of_it(
    in_trouble: None, clerk_browser: Browser, units: Units
) -> None:
    page = clerk_browser.go("/exchange")
    assert "RuntimeError: 这间不收" in page.text
    page = page.send("/exchange/replay")
    assert page.path == "/exchange"
    assert "已显示 2 条，仍然失败 0 条" in page.text
    assert "没有死信" in page.text
    assert count(units, DeadLetterRow) == 0
    assert [act for act, _ in acts(units)] == ["exchange.replay"]
    assert "已显示" not in page.go("/exchange").text


def test_one_dead_letter_is_replayed_alone(in_trouble: None, clerk_browser: Browser, units: Units) -> None:
    page = clerk_browser.go("/exchange")
    forms = re.findall(r'<form method="post" action="/exchange/replay".*?</form>', page.text, re.DOTALL)
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', forms[1]))
    page = page.post("/exchange/replay", **hidden)
    assert "已显示 1 条" in page.text
    assert "现有死信 1 条" in page.text
    assert count(units, DeadLetterRow) == 1
    again = page.post("/exchange/replay", **hidden)
    assert "已显示 1 条" in again.text, "the same button pressed twice is one act"
    assert len(acts(units)) == 1


def test_somebody_else_is_not_told_what_came_of_ones_replay(
    in_trouble: None, clerk_browser: Browser, anybody: Callable[..., Browser]
) -> None:
    page = clerk_browser.go("/exchange")
    key = re.findall(r'name="key" value="([^"]*)"', page.text)[0]
    page.send("/exchange/replay")
    assert "已显示 2 条" in page.go(f"/exchange?replayed={key}").text
    assert "已显示" not in anybody(Role.SECRETARY, name="赵六").go(f"/exchange?replayed={key}").text


def test_an_alarm_is_acknowledged_by_name_and_open_again_when_it_is_raised_again(
    in_trouble: None, clerk_browser: Browser, units: Units
) -> None:
    page = clerk_browser.go("/exchange")
    known = page.send("/exchange/acknowledge")
    assert "王一 于" in known.text
    assert tile(known, "未知悉的告警") == "1 条"
    [(act, _)] = acts(units)
    assert act.startswith("exchange.acknowledge.")
    with units.read() as unit:
        row = unit.session.scalars(select(AlarmRow).where(AlarmRow.known_at.is_not(None))).one()
        log, code = row.log, row.code
    Alarms(units)(log, code, "again")
    assert tile(page.go("/exchange"), "未知悉的告警") == "2 条"


def test_an_alarm_that_was_raised_again_meanwhile_is_not_acknowledged_unseen(
    in_trouble: None, clerk_browser: Browser, units: Units
) -> None:
    page = clerk_browser.go("/exchange")
    form = re.search(r'<form method="post" action="/exchange/acknowledge".*?</form>', page.text, re.DOTALL)
    assert form
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form[0]))
    Alarms(units)(hidden["log"], hidden["code"], "again")
    refused = page.post("/exchange/acknowledge", **hidden)
    assert refused.status == 409
    assert "请刷新后重试" in refused.text
    assert acts(units) == []


@pytest.mark.parametrize("seq", ["-1", "x", "１", "9" * 12])
def test_what_no_page_of_ours_wrote_is_refused(
    in_trouble: None, clerk_browser: Browser, units: Units, seq: str
) -> None:
    page = clerk_browser.go("/exchange")
    told = page.post("/exchange/replay", csrf=page.csrf(), log="x/c", epoch="000001-aaaa", seq=seq)
    assert told.status == 400
    assert count(units, DeadLetterRow) == 2


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.MEMBER, Role.CHAIR])
def test_whom_it_does_not_concern_sees_and_does_nothing_here(
    in_trouble: None, anybody: Callable[..., Browser], units: Units, role: Role
) -> None:
    page = anybody(role)
    assert page.go("/exchange").status == 403
    assert page.go("/exchange/received.csv").status == 403
    page.go("/")
    assert "待处理的死信" not in page.text
    assert page.post("/exchange/replay", csrf=page.csrf()).status == 403
    assert count(units, DeadLetterRow) == 2


def test_it_is_on_the_list_of_what_there_is_to_do(in_trouble: None, clerk_browser: Browser) -> None:
    page = clerk_browser.go("/")
    assert (page.tile("待处理的死信"), page.tile("未知悉的告警")) == (2, 2)


@pytest.mark.parametrize("table", ["received", "told", "readers", "dead-letters", "alarms", "lives"])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_table_is_a_file(in_trouble: None, clerk_browser: Browser, table: str, suffix: str) -> None:
    client: TestClient = clerk_browser.client
    told = client.get(f"/exchange/{table}.{suffix}")
    assert told.status_code == 200
    assert f"exchange-{table}.{suffix}" in told.headers["content-disposition"]
    if (table, suffix) == ("readers", "csv"):
        lines = told.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "政协,共享渠道,本会已发,已确认至,相差,确认时间"
        assert "吴江,联动机制成员：三地政协联动,13,0,13,—" in lines


def test_a_table_that_there_is_not_is_not_found(clerk_browser: Browser) -> None:
    assert clerk_browser.go("/exchange/keys.csv").status == 404


def test_it_reads_in_english(in_trouble: None, clerk_browser: Browser) -> None:
    page = clerk_browser.go("/exchange?lang=en")
    assert tile(page, "Confirmed") == "1/2"
    for text in (
        "Something at the hub is not ours",
        "no longer followed, copies kept",
        "never confirmed",
        "Replay all",
    ):
        assert text in page.text
